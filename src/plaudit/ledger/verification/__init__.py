"""Proves the books: named checks, each a sentence and the SQL whose every row breaks it."""
