"""What decides about recognitions, without a database."""
