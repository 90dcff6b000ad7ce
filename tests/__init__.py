"""House rules, and journeys across packages; unit tests stand beside the code they test."""
