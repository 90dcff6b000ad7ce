"""Backups: every row of a database in one file that says what is in it, and back into an empty database."""
