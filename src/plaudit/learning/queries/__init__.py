"""Answers about learning."""
