"""Claims about learning."""
