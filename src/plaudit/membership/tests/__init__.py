"""Tests of what it is to be a member."""
