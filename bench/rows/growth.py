"""Batch ingestion with twenty million events in the books, against the same with one million."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from psycopg.conninfo import make_conninfo

from bench.measuring import side_by_side
from bench.rows import Row, Scale
from plaudit.foundation import postgres
from plaudit.foundation.postgres import databases

DATABASE = "plaudit_bench_grown_{name}"

TARGET = 0.8

_WARMING = 10
"""Runs that are not counted."""


def measure(scale: Scale) -> Iterator[Row]:
    """One row. Each of the two has a database of its own, and they take turns."""
    members = min(scale.members, scale.grown_from)
    sizes = {"small": scale.grown_from, "large": scale.grown_to}
    with ExitStack() as stack:
        books = {name: stack.enter_context(_books(name, members, size)) for name, size in sizes.items()}
        # The first change of a page after a checkpoint writes the whole page to the log. Large books have more
        # pages to touch, so both are warmed until most have been: what is counted is how it goes on.
        for one in books.values():
            for seed in range(_WARMING):
                one.take_in(seed, scale.events)
        found = side_by_side(
            scale.runs,
            {
                name: (lambda run, one=one: one.take_in(run + _WARMING, scale.events))
                for name, one in books.items()
            },
        )
    yield Row(
        f"batch ingestion with {scale.grown_to:,} events in the books, {members:,} members",
        f"the same with {scale.grown_from:,}",
        found["large"] / found["small"],
        TARGET,
        f"{found['large']:,.0f} : {found['small']:,.0f} events/s; history made in "
        f"{books['large'].seconds_to_make} s",
    )


class _Books:
    """A process with a database of its own."""

    def __init__(self, told: IO[str], says: IO[str]) -> None:
        self._told, self._says = told, says
        self.seconds_to_make = int(says.readline().split()[1])

    def take_in(self, seed: int, events: int) -> float:
        """How many events a second it took in."""
        self._told.write(f"{seed} {events}\n")
        self._told.flush()
        return float(self._says.readline())


@contextmanager
def _books(name: str, members: int, events: int) -> Iterator[_Books]:
    database = DATABASE.format(name=name)
    server = make_conninfo(postgres.dsns().owner, dbname="postgres")
    databases.drop(server, database)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.grown", str(members), str(events)],
        env={**os.environ, "PLAUDIT_DATABASE_NAME": database},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin is not None and process.stdout is not None
        yield _Books(process.stdin, process.stdout)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)
        databases.drop(server, database)
