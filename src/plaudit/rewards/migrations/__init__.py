"""How rewards's tables came to be."""
