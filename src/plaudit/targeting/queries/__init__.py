"""What is asked about tiers, segments and offers."""
