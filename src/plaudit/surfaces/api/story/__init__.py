"""The documented examples, as calls and answers."""
