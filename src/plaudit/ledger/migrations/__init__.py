"""How ledger's tables came to be."""
