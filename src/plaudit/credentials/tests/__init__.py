"""Claims about credentials."""
