"""Noticing: who is thanked for what, from an allowance; and moments that somebody should notice."""
