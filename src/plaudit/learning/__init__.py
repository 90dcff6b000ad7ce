"""Learning: what is offered to learn, who came, what it counts for, and the certificates that show it."""
