"""Tests of the programme file."""
