"""What activity changes, one transaction each."""
