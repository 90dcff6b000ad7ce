"""Questions and claims: what somebody doubts or misses, answered by a day; and what two people decide."""
