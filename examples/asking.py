"""Asks the books by hand, apart from the program's own answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection

Got = dict[str, Any]
Expected = Callable[[Mapping[str, Any]], Got]
Find = Callable[[Any], Got]


def one_row(query: str, *values: Any) -> tuple[Any, ...]:
    """The only row of an answer."""
    (row,) = rows(query, *values)
    return row


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Every row."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [tuple(row) for row in cursor.fetchall()]
