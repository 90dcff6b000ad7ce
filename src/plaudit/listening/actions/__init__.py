"""What listening writes."""
