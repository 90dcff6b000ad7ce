"""What it is to be a member: two that prove to be one person, and one who leaves for good."""
