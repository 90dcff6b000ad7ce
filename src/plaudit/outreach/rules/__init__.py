"""Decides what is told, where it may be sent, and when it is tried again. Knows no database and no clock."""
