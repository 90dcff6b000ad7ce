"""Tests of outreach, over real sockets to this machine."""
