"""Claims about reading files of activity."""
