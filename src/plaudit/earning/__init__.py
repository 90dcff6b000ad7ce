"""How points come: rules turn activity into transfers, and say why."""
