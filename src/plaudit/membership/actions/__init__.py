"""What membership changes, one transaction each, people and points together."""
