"""How activity's tables came to be."""
