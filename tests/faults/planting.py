"""Plants one fault at one statement or commit, as the database really gives it.

An error of the server is raised by the server, in the open transaction, so that everything after it sees
what it would really see. A lost connection is one whose socket is shut.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections


class Fault(Enum):
    """What goes wrong, by the error's SQLSTATE where the server raises it."""

    SERIALIZATION_FAILURE = "40001"
    DISK_FULL = "53100"
    CANCELLED = "57014"
    CONNECTION_LOST = "lost"
    REPLY_LOST = "reply"  # the commit succeeds and nobody hears of it: only at commits


BEFORE = (Fault.SERIALIZATION_FAILURE, Fault.DISK_FULL, Fault.CANCELLED, Fault.CONNECTION_LOST)

_FAIL = "do $$ begin raise exception 'planted' using errcode = '{}'; end $$"


class Passage:
    """What passes to the database: counted, and one of it failing where a fault is planted.

    Statements, copies and commits are numbered from 1 in the order they pass, `passed` in all. `commits` are
    the numbers of the commits, `committed` how many were carried out, `committed_then` how many of them when
    the fault was met (`fired`).
    """

    def __init__(
        self, fault: Fault | None = None, at: int = 0, on_commit: Callable[[], object] | None = None
    ) -> None:
        self._fault, self._at, self._on_commit = fault, at, on_commit
        self.passed = 0
        self.committed = 0
        self.committed_then = 0
        self.commits: list[int] = []
        self.fired = False
        self.place = f"{at}"
        self.lost: list[int] = []
        """The server's processes whose connection was lost; each is there until it misses it."""

    def _due(self, what: str) -> bool:
        self.passed += 1
        if self.passed != self._at:
            return False
        self.committed_then = self.committed
        self.fired, self.place = True, f"{self._at} ({' '.join(what.split())[:80]})"
        return True

    def statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Django's wrapper round a statement. Outside a transaction it is a commit as well."""
        by_itself = not connection.in_atomic_block
        if by_itself:
            self.commits.append(self.passed + 1)
        due = self._due(str(sql))
        if due and self._fault is not Fault.REPLY_LOST:
            if self._fault is Fault.CONNECTION_LOST:
                self._lose_connection()
                return execute(sql, params, many, context)
            assert self._fault is not None
            return execute(_FAIL.format(self._fault.value), None, False, context)
        answer = execute(sql, params, many, context)
        if by_itself:
            self._carried_out(lost=due)
        return answer

    def copy(self, copy: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A copy, which Django's wrapper does not see."""
        if self._due("copy"):
            self._fail()
        return copy(*args, **kwargs)

    def commit(self, commit: Callable[[], None]) -> None:
        """A commit: fails before it is carried out, or its reply is lost after it was."""
        self.commits.append(self.passed + 1)
        due = self._due("commit")
        if due and self._fault is not Fault.REPLY_LOST:
            self._fail()
        commit()
        self._carried_out(lost=due)

    def _carried_out(self, *, lost: bool) -> None:
        self.committed += 1
        if self._on_commit is not None:
            self._on_commit()
        if lost:
            self.committed_then = self.committed
            self._fail()

    def _fail(self) -> None:
        with connection.wrap_database_errors:
            if self._fault in (Fault.CONNECTION_LOST, Fault.REPLY_LOST):
                self._lose_connection()
                connection.connection.execute("select 1")
            else:
                assert self._fault is not None
                connection.connection.execute(_FAIL.format(self._fault.value))

    def _lose_connection(self) -> None:
        """Shut the socket under the connection in use."""
        self.lost.append(connection.connection.info.backend_pid)
        handle = socket.socket(fileno=os.dup(connection.connection.pgconn.socket))
        handle.shutdown(socket.SHUT_RDWR)
        handle.close()


@contextmanager
def watched(passage: Passage) -> Iterator[Passage]:
    """Everything that passes to the database inside passes by `passage`."""
    connection.ensure_connection()
    here: Any = connections[DEFAULT_DB_ALIAS]  # the object behind the proxy, with Django's own methods
    create_cursor, commit = here.create_cursor, here._commit

    def created(name: str | None = None) -> Any:
        cursor = create_cursor(name)
        copy = cursor.copy
        cursor.copy = lambda *args, **kwargs: passage.copy(copy, *args, **kwargs)
        return cursor

    here.create_cursor, here._commit = created, lambda: passage.commit(commit)
    try:
        with connection.execute_wrapper(passage.statement):
            yield passage
    finally:
        del here.create_cursor, here._commit
