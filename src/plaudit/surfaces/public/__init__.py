"""What anybody may see of a programme, without signing in."""
