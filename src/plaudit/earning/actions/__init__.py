"""What earning changes: activity taken in, rules published, corrections carried out."""
