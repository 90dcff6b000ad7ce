"""Listening: what staff expect rewards to be, what customers wrote, focus groups, ideas, and what came of them."""
