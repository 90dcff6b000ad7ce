"""All rows that a flow may touch: read from outside its transactions, compared, and put back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from plaudit.foundation.tenancy import HISTORY_TABLES
from tests.faults.sameness import Row, plain, tokens_in

Rows = frozenset[Row]

# Rows of no organisation that flows make; only those written since the world was opened are looked at.
SHARED = (
    "people_code_app",
    "people_organisation",
    "people_passkey",
    "people_recovery_code",
    "people_session",
    "people_user",
    "procrastinate_events",
    "procrastinate_jobs",
)

_TENANT_TABLES = """
    select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and a.attname = 'organisation_id' and not a.attisdropped order by 1
"""

_SINCE = "xmin::text::bigint >= current_setting('plaudit.world_began')::bigint"


class World:
    """The rows of one organisation, of those made after it was kept, and of what belongs to nobody."""

    def __init__(self, owner: psycopg.Connection[Any]) -> None:
        self._owner = owner
        self._tables = [name for (name,) in owner.execute(_TENANT_TABLES)]
        # Said to the connection, so that every world asks in the same words, which are planned once.
        owner.execute("select set_config('plaudit.world_began', pg_current_xact_id()::text, false)")
        self._watched = (*self._tables, *SHARED)
        self._organisation_id = 0
        self._newest = 0
        self._known: frozenset[str] = frozenset()
        self._filled: set[str] = set()
        self.ignoring: frozenset[str] = frozenset()
        self.base: Rows = frozenset()

    def keep(self, organisation_id: int) -> None:
        """Keep things as they stand: what every run begins with."""
        self._organisation_id = organisation_id
        self._newest = self._number("select max(id) from people_organisation")
        self.base = self.read()
        self._filled = {table for table, _ in self.base}
        with self._owner.transaction():
            self._enter(organisation_id)
            for table in self._filled:
                rows = f"select * from {table} where {self._mine(table)}"
                self._owner.execute(f"create temp table kept_{table} as {rows}")
        self._known = tokens_in(self.base)

    def read(self) -> Rows:
        """Every row there is."""
        rows: list[Row] = []
        for organisation_id in (self._organisation_id, *self._made()):
            with self._owner.transaction():
                self._enter(organisation_id)
                rows += self._owner.execute(self._all(), prepare=True)
        return frozenset(rows)

    @contextmanager
    def watching_only(self, rows: Rows) -> Iterator[None]:
        """Look only at the tables in which `rows` differ from the beginning; at the end at all of them again.

        Whatever was written elsewhere meanwhile was not put back, and would be found then.
        """
        whole, everything = self.base, self._watched
        self._watched = tuple(sorted({table for table, _ in rows ^ whole}))
        self.base = frozenset(row for row in whole if row[0] in self._watched)
        try:
            yield
        finally:
            self.base, self._watched = whole, everything
        elsewhere = sorted(self.read() ^ whole)
        assert elsewhere == [], "written where the undisturbed flow writes nothing"

    def change(self, rows: Rows) -> list[str]:
        """How these rows differ from the beginning, whatever ids and moments were minted on the way."""
        gone = plain(self.base - rows, self._known, self.ignoring)
        new = plain(rows - self.base, self._known, self.ignoring)
        return [*(f"gone: {row}" for row in gone), *(f"new: {row}" for row in new)]

    def see_out(self, processes: list[int]) -> None:
        """Wait until these processes of the server have ended, which they do by themselves."""
        until = time.monotonic() + 30
        here = "select 1 from pg_stat_activity where pid = any(%s)"
        while processes and self._owner.execute(here, [processes]).fetchone():
            assert time.monotonic() < until, "the server does not miss a connection that was lost"

    def put_back(self, rows: Rows) -> None:
        """Let things be as they were kept, where `rows` is how they stand."""
        changed = sorted({table for table, _ in rows ^ self.base}, reverse=True)
        if not changed:
            return
        with self._owner.transaction():
            for organisation_id in self._made():
                self._enter(organisation_id)
                for table in set(changed) - set(SHARED):
                    self._owner.execute(f"delete from {table} where {self._mine(table)}")
            self._enter(self._organisation_id)
            for table in changed:
                self._owner.execute(f"delete from {table} where {self._mine(table)}")
            for table in changed:
                # Jobs write their own events as they come back.
                self._owner.execute(f"delete from {table} where {self._mine(table)}")
                if table in self._filled:
                    self._owner.execute(
                        f"insert into {table} overriding system value select * from kept_{table}"
                    )

    def _made(self) -> list[int]:
        made = self._owner.execute("select id from people_organisation where id > %s", [self._newest])
        return [number for (number,) in made]

    def _mine(self, table: str) -> str:
        if table in SHARED and table != "procrastinate_events":
            return _SINCE
        if table == "procrastinate_events":
            return f"job_id in (select id from procrastinate_jobs where {_SINCE})"
        return "organisation_id = current_setting('plaudit.organisation')::int"

    def _all(self) -> str:
        return " union all ".join(
            f"select '{table}', to_jsonb(t)::text from {table} t where {self._mine(table)}"
            for table in self._watched
        )

    def _enter(self, organisation_id: int) -> None:
        self._owner.execute("select set_config('plaudit.organisation', %s, true)", [str(organisation_id)])

    def _number(self, query: str) -> int:
        row = self._owner.execute(query).fetchone()
        return int(row[0]) if row and row[0] is not None else 0


@contextmanager
def open_history(conninfo: str) -> Iterator[psycopg.Connection[Any]]:
    """The database of `conninfo` as its owner, who may take back what was written into history meanwhile."""
    with psycopg.connect(conninfo, autocommit=True) as owner:
        owner.execute("set synchronous_commit = off")  # of what is put back nothing need survive
        for table in HISTORY_TABLES:
            owner.execute(f"alter table {table} disable trigger only_added_to")
        try:
            yield owner
        finally:
            for table in HISTORY_TABLES:
                owner.execute(f"alter table {table} enable trigger only_added_to")


@contextmanager
def opened_world(owner: psycopg.Connection[Any]) -> Iterator[World]:
    """A world over a database whose history is open; what it kept is gone afterwards."""
    try:
        yield World(owner)
    finally:
        owner.execute("discard temp")
