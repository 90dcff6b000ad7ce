"""How points go: the catalogue and its redemptions."""
