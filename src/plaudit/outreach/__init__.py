"""Hears all the news and tells people and machines: the feed and signed webhooks."""
