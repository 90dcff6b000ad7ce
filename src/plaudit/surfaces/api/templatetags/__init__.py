"""What the reference page needs of templates."""
