"""What listening answers."""
