"""The ledger's own claims, made against a real database."""
