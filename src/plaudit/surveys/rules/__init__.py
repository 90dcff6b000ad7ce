"""What decides about surveys: which question is next, what figures say, whom they would show."""
