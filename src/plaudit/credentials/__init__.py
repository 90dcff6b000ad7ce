"""Credentials: what a member takes with them of what they achieved here, signed so that anybody can check it."""
