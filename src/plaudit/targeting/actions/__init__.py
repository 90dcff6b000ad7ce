"""What changes tiers, segments and offers, one transaction each."""
