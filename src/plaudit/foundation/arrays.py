"""Columns as PostgreSQL array literals, written with a handful of string operations a column.

The driver's own arrays are built item by item in Python; for batches of thousands that costs more than
the database's work. The text form is the server's documented array input syntax.

A column of nothing but nulls is sent empty: unnested beside others it is filled up with nulls by the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

_BETWEEN = "\x00"  # never part of a PostgreSQL text
_NULLS = "{}"


def numbers(values: Iterable[int | None]) -> str:
    """Integers, None for null."""
    column = list(values)
    if _nothing_in(column):
        return _NULLS
    return "{" + str(column)[1:-1].replace("None", "NULL") + "}"


def uuids(values: Iterable[UUID | None]) -> str:
    """UUIDs, None for null."""
    return "{" + ",".join(["NULL" if value is None else f"{value.int:032x}" for value in values]) + "}"


def times(values: Iterable[datetime | None]) -> str:
    """Aware moments, None for null."""
    column = list(values)
    if _nothing_in(column):
        return _NULLS
    return "{" + ",".join(["NULL" if value is None else value.isoformat() for value in column]) + "}"


def texts(values: Sequence[str | None]) -> str:
    """Texts (or JSON texts), None for null. A text with a NUL in it is refused before it gets here."""
    if _nothing_in(values):
        return _NULLS
    if None in values:
        return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"
    joined = (
        _BETWEEN.join(cast("Sequence[str]", values))
        .replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace(_BETWEEN, '","')
    )
    return '{"' + joined + '"}'


def _nothing_in(column: Sequence[object]) -> bool:
    return not column or (column[0] is None and column.count(None) == len(column))


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
