"""How planning's tables came to be."""
