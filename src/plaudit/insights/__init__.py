"""Asks everyone and writes nothing: how the programme is doing."""
