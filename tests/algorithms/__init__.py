"""Executes the worked tables of docs/algorithms."""
