"""Mounts and translates: API, portal, console and command line. Decides nothing."""
