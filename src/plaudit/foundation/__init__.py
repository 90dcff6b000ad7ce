"""Knows nothing of rewards: the clock, tenancy, identifiers, refusals, the database and the audit trail."""
