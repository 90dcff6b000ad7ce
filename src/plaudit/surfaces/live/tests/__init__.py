"""Tests of open pages that stay current."""
