"""Claims about how points go."""
