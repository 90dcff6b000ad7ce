"""Claims about words: that all of them are translated, and that pages hold longer ones and other directions."""
