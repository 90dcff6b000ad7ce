"""What answers about surveys."""
