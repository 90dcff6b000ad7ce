"""The plaudit command."""
