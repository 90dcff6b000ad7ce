"""What happened: the book of activity events, only ever added to."""
