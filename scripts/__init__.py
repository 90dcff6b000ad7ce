"""What `make` runs beside the product: the environment, the lock, the look for missing migrations."""
