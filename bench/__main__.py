"""`make bench`: prints a table of ratios, each measured side by side in this run, and the same as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from psycopg.conninfo import make_conninfo
from rich.console import Console
from rich.table import Table

from bench.rows import QUICK, Row, Scale
from plaudit.foundation import postgres
from plaudit.foundation.postgres import databases
from plaudit.surfaces.cli import own_server

ROWS = (
    "ingestion",
    "growth",
    "importing",
    "arriving",
    "redeeming",
    "reading",
    "progressing",
    "simulating",
    "verifying",
)
"""The modules of `bench.rows`, in the order they are measured."""

DATABASE = "plaudit_bench"


def main() -> int:
    """Measure, print, and say with the exit code whether a target was missed."""
    given = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    os.environ["PLAUDIT_DATABASE_NAME"] = DATABASE
    began = time.monotonic()
    says = Console(stderr=True)
    rows = []
    own_server.hold()
    try:
        with _fresh_database():
            for row in _measure(given.rows or ROWS, QUICK if given.quick else Scale(), says, began):
                rows.append(row)
                says.print(
                    f"  {row.work} : {row.against} = {_ratio(row)} ({'reached' if row.reached else 'MISSED'})"
                )
    finally:
        own_server.let_go()
    says.print(_table(rows))
    missed = sum(not row.reached for row in rows)
    says.print(
        f"{missed} of {len(rows)} targets missed." if missed else f"All {len(rows)} targets reached.",
        f"{time.monotonic() - began:,.0f} s in all.",
    )
    _write(rows, given.json)
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help="only these families of rows")
    parser.add_argument("--quick", action="store_true", help="a small scale: for looking, not for publishing")
    parser.add_argument("--json", metavar="FILE", help="write the rows there instead of to standard output")
    return parser.parse_args()


@contextmanager
def _fresh_database() -> Iterator[None]:
    """An empty database with Django looking at it; dropped at the end, for it is large."""
    _drop()
    postgres.ready()
    import django.db  # noqa: PLC0415  # after the database is named

    django.setup()
    from plaudit.foundation.schema import migrate  # noqa: PLC0415  # needs Django set up

    migrate()
    try:
        yield
    finally:
        for connection in django.db.connections.all(initialized_only=True):
            connection.close()
            getattr(connection, "close_pool", lambda: None)()
        _drop()


def _drop() -> None:
    databases.drop(make_conninfo(postgres.dsns().owner, dbname="postgres"), DATABASE)


def _measure(families: tuple[str, ...], scale: Scale, says: Console, began: float) -> Iterator[Row]:
    for place, family in enumerate(families, 1):
        says.print(f"{place} of {len(families)}: {family} ({time.monotonic() - began:,.0f} s so far)")
        yield from import_module(f"bench.rows.{family}").measure(scale)


def _ratio(row: Row) -> str:
    return f"{row.ratio:.3g} (target {'at most' if row.at_most else 'at least'} {row.target:g})"


def _table(rows: list[Row]) -> Table:
    table = Table(
        title=f"Measured side by side on {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    for name in ("work", "against", "ratio", "", "figures"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(row.work, row.against, _ratio(row), "reached" if row.reached else "MISSED", row.figures)
        if row.bound and not row.reached:
            table.add_row("", "", "", "bound", row.bound)
    return table


def _write(rows: list[Row], path: str | None) -> None:
    text = json.dumps([{**asdict(row), "reached": row.reached} for row in rows], indent=1) + "\n"
    if path is None:
        sys.stdout.write(text)
        return
    Path(path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
