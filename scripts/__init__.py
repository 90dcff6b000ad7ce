"""What `make` runs before Plaudit itself is installed; standard library only."""
