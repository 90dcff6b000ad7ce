"""Decisions of tiers, segments and offers: values in, values out."""
