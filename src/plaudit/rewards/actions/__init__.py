"""What rewards change: the catalogue, code pools, and redemptions from order to end."""
