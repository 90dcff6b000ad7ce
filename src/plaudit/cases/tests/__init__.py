"""Tests of questions, claims and requests for approval."""
