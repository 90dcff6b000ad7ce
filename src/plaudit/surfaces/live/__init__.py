"""Open pages that stay current: streams of what changed, and the same for pages that ask."""
