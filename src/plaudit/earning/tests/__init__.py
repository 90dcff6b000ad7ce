"""Claims about how points come."""
