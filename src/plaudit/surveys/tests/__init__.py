"""Claims about surveys."""
