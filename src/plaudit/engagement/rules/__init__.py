"""Decides who reached what: values in, a value out."""
