"""Whole stories, told to a real browser."""
