"""Columns as PostgreSQL array literals, written with a handful of string operations a column.

The driver's own arrays are built item by item in Python; for batches of thousands that costs more than
the database's work. The text form is the server's documented array input syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

_BETWEEN = "\x00"  # never part of a PostgreSQL text


def numbers(values: Iterable[int | None]) -> str:
    """Integers, None for null."""
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"


def uuids(values: Iterable[UUID | None]) -> str:
    """UUIDs, None for null."""
    return "{" + ",".join(["NULL" if value is None else f"{value.int:032x}" for value in values]) + "}"


def times(values: Iterable[datetime | None]) -> str:
    """Aware moments, None for null."""
    return "{" + ",".join(["NULL" if value is None else f'"{value.isoformat()}"' for value in values]) + "}"


def texts(values: Sequence[str | None]) -> str:
    """Texts (or JSON texts), None for null. A text with a NUL in it is refused before it gets here."""
    if not values:
        return "{}"
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        if not known:
            return nulls(len(values))
        return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"
    joined = _BETWEEN.join(known).replace("\\", "\\\\").replace('"', '\\"').replace(_BETWEEN, '","')
    return '{"' + joined + '"}'


def nulls(count: int) -> str:
    """A column of nothing but nulls."""
    return "{" + ",".join(["NULL"] * count) + "}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
