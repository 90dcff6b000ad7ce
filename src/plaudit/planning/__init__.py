"""Programmes as files: plan, apply, compare, replay over history."""
