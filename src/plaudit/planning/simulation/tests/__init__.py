"""Claims about replays."""
