"""Every write, with every one of its statements failing once: all or nothing, then exactly once."""
