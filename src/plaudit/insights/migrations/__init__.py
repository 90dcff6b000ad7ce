"""How insights's tables came to be."""
