"""How remarks are read for searching: people in a hurry write "late.Never again", which PostgreSQL takes for an address."""

from __future__ import annotations

SIGN = "\x04"
"""Stands where a text was parted, with the space after it; no remark has it."""


def apart(text: str) -> str:
    """The SQL of a text whose words are parted after a full stop or slash between letters, so that each is found."""
    return f"regexp_replace({text}, '([[:alpha:]][./])(?=[[:alpha:]])', '\\1{SIGN} ', 'g')"


def together(text: str) -> str:
    """The SQL of a parted text as it was written."""
    return f"replace({text}, '{SIGN} ', '')"
