"""Tests of what the routers share."""
