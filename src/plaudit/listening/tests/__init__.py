"""Claims about listening."""
