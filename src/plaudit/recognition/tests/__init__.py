"""Claims about recognition."""
