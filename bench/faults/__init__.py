"""The fault campaign: kills the database, the API and the worker under load, and counts what was lost.

What was answered is written down by the clients, in files of their own; the books are held against those.
"""
