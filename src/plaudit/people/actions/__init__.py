"""What people changes, one transaction each."""
