"""Answers from outreach: the feed, and what became of webhooks."""
