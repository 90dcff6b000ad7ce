"""Whom a programme turns to: tiers, segments, and offers made to some and not to others."""
