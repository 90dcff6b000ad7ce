"""Claims about the book of activity."""
