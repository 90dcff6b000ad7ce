"""How foundation's tables came to be."""
