"""What it was worth: the book of transfers, only ever added to."""
