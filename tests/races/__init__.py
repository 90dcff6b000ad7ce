"""Limited things that more than one package has a hand in, fought over by callers released at one moment."""
