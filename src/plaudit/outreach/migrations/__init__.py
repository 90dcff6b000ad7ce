"""How outreach's tables came to be."""
