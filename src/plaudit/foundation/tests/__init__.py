"""Tests of what knows nothing of rewards."""
