"""Answers: how far somebody is, and because of what."""
