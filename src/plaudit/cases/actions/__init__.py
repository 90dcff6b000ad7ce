"""What members, the desk and those who approve do to cases and requests, one transaction each."""
