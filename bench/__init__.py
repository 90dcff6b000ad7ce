"""Measures against this machine's own ceiling, side by side in one run."""
