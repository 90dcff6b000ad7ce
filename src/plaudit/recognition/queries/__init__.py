"""What there is to know of recognitions."""
