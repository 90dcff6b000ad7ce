"""What changes recognitions: giving, undoing, showing."""
