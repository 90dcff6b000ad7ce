"""A cursor for statements that run all the time: the server plans each once a connection, not at every call.

For one event the server spends more time on planning a dozen statements than on running them. The ORM's own
statements differ with their values, and are better planned anew each time.

In such statements the organisation comes as a subquery, `organisation_id = (select %s::int)`. For one that is
younger than a table's statistics the planner would expect no rows at all of a constant, and read the whole
table rather than a few rows by their key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

_awaited: ContextVar[list[tuple[CursorWrapper, int, str]] | None] = ContextVar("awaited", default=None)


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    """Binds its values on the server and prepares every statement the first time."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> _Prepared:
        how["prepare"] = True
        return super().execute(query, params, **how)


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor on Django's connection, errors and wrappers as always.

    The values' types are worked out by the server: a value that may be None is cast where it stands.
    """
    connection.ensure_connection()
    raw: Any = _Prepared(connection.connection)
    with connection.make_cursor(raw) as cursor:
        yield cursor


@contextmanager
def sent_together() -> Iterator[None]:
    """Statements inside are sent at once, without waiting for the answer to each before the next.

    They are carried out in their order. What one of them answers is there when this ends, or as soon as it
    is fetched, and so is its error: nothing after it was carried out then. For statements of `prepared` only:
    the ORM looks at each answer at once.
    """
    if _awaited.get() is not None:
        yield
        return
    connection.ensure_connection()
    awaited: list[tuple[CursorWrapper, int, str]] = []
    token = _awaited.set(awaited)
    try:
        with connection.wrap_database_errors, connection.connection.pipeline():
            yield
    finally:
        _awaited.reset(token)
    for cursor, rows, sentence in awaited:
        assert cursor.rowcount == rows, sentence


def rows_are(cursor: CursorWrapper, rows: int, sentence: str) -> None:
    """Assert that the last statement of this cursor changed so many rows, as soon as it is answered."""
    awaited = _awaited.get()
    if awaited is None:
        assert cursor.rowcount == rows, sentence
    else:
        awaited.append((cursor, rows, sentence))
