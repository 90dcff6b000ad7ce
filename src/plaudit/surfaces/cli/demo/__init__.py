"""A believable company to look at: who works there, who buys there, and twelve months of what they did."""
