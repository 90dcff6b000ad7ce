"""What changes in learning, one transaction each."""
