"""Tests of tiers, segments and offers."""
