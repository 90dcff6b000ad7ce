"""How people's tables came to be."""
