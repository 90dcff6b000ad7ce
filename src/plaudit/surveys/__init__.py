"""Surveys: what people are asked, their answers, and what those come to."""
