"""A member's balance and last twenty lines over HTTP: in big books, against the same in small ones."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from statistics import median

from psycopg.conninfo import make_conninfo

from bench.books import LINES, LONG
from bench.measuring import side_by_side
from bench.rows import Row, Scale
from plaudit.foundation import postgres
from plaudit.foundation.postgres import databases
from plaudit.surfaces.cli import serving

DATABASE = "plaudit_bench_reading_{size}"

TARGET = 1.3

ASKED_A_RUN = 200
"""Members asked for in each run, each for the balance and for the last lines; others in every run."""


def measure(scale: Scale) -> Iterator[Row]:
    """One row: the median of both requests, one after the other on one connection that is kept.

    Each of the two has a database and a web server of its own, and they take turns, so that neither the
    depth of indexes nor what is in memory is shared. Every member asked for has more lines than are shown.
    """
    sizes = {"big": scale.transfers // LINES, "small": scale.small_members}
    with ExitStack() as stack:
        doors = {name: stack.enter_context(_door(name, members)) for name, members in sizes.items()}
        for door in doors.values():
            door.ask(ASKED_A_RUN)  # warms up, and is not counted
        found = side_by_side(
            scale.runs, {name: (lambda _, d=door: d.ask(ASKED_A_RUN)) for name, door in doors.items()}
        )
    big, small = doors["big"], doors["small"]
    yield Row(
        f"balance and last 20 lines over HTTP, {sizes['big']:,} members, {big.transfers:,} transfers",
        f"the same, {sizes['small']:,} members, {small.transfers:,} transfers",
        found["big"] / found["small"],
        TARGET,
        f"{found['big'] * 1000:.2f} : {found['small'] * 1000:.2f} ms a member, median of {ASKED_A_RUN} a run"
        f" with {LONG} lines each; history made in {big.seconds_to_make:,.0f} s",
        at_most=True,
    )


@dataclass
class _Door:
    """A way to ask for one database's books: a connection that is kept, keys and members in turns."""

    connection: http.client.HTTPConnection
    keys: Iterator[str]
    members: Iterator[str]
    transfers: int
    seconds_to_make: float

    def ask(self, members: int) -> float:
        """The median of so many members' balance and last twenty lines, in seconds, on one new connection."""
        self.connection.close()  # the server ends those that are idle while the other one is asked
        self._ask_for(next(self.members))
        return median(self._ask_for(next(self.members)) for _ in range(members))

    def _ask_for(self, member: str) -> float:
        key, began = next(self.keys), time.perf_counter()
        balances = self._get(f"/api/v1/members/{member}/balances", key)["balances"]
        lines = self._get(f"/api/v1/members/{member}/statement?unit=points&limit=20", key)["items"]
        took = time.perf_counter() - began
        assert [one["available"] for one in balances] == [1500], "the balance is the one that was made"
        assert len(lines) == 20, "the member has more lines than are shown"
        return took

    def _get(self, path: str, key: str) -> dict[str, list[dict[str, object]]]:
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        response = self.connection.getresponse()
        body = response.read()
        assert response.status == 200, body
        found: dict[str, list[dict[str, object]]] = json.loads(body)
        return found


@contextmanager
def _door(name: str, members: int) -> Iterator[_Door]:
    """Books of their own database behind a web server of their own; both are gone in the end."""
    database, before = DATABASE.format(size=name), os.environ.get("PLAUDIT_DATABASE_NAME", "")
    _drop(database)
    os.environ["PLAUDIT_DATABASE_NAME"] = database
    try:
        made = subprocess.run(
            [sys.executable, "-m", "bench.books", str(members)], check=True, stdout=subprocess.PIPE, text=True
        )
        port = _free_port()
        served = serving.start("127.0.0.1", port, worker=False)
    finally:
        os.environ["PLAUDIT_DATABASE_NAME"] = before
    try:
        answers = serving.wait_until_it_answers("127.0.0.1", port, alive=lambda: served.web.poll() is None)
        assert answers, "the web server did not start"
        told = json.loads(made.stdout)
        yield _Door(
            http.client.HTTPConnection("127.0.0.1", port),
            cycle(told["keys"]),
            cycle(told["members"]),
            told["books"]["transfers"],
            told["books"]["seconds"],
        )
    finally:
        served.stop()
        _drop(database)


def _drop(database: str) -> None:
    databases.drop(make_conninfo(postgres.dsns().owner, dbname="postgres"), database)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port
