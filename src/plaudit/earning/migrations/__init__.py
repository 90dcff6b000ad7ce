"""How earning's tables came to be."""
