"""Where a backup is restored to: an empty database, or a new one that takes the name of the old once it is proven."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from plaudit.foundation import config as configuration
from plaudit.foundation import postgres
from plaudit.foundation.backup.refusals import DatabaseInUse, DatabaseNotEmpty
from plaudit.foundation.postgres import databases
from plaudit.surfaces.cli import own_server
from plaudit.surfaces.cli.setting_up import set_up

_PATIENCE = 3.0
"""Seconds for which connections that are ending are waited for."""

_OTHERS = """
    select coalesce(nullif(application_name, ''), usename::text), count(*) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
     group by 1 order by 1
"""


@dataclass(frozen=True)
class Place:
    """The database to fill and the name it has in the end.

    `replaces` says that another stands under that name; `holds` is what is in that, in words, and `erased`
    are the members that were erased in it, as (organisation's code, member id).
    """

    database: str
    final: str
    maintenance: str
    replaces: bool
    holds: str
    erased: list[tuple[str, str]]


def _require_alone(dsn: str, database: str) -> None:
    """Raises `DatabaseInUse`. A program that has just ended leaves its connection for a moment: that is waited for."""
    deadline = time.monotonic() + _PATIENCE
    with psycopg.connect(dsn, autocommit=True) as connection:
        while others := connection.execute(_OTHERS).fetchall():
            if time.monotonic() > deadline:
                who = ", ".join(f"{name} ({count})" for name, count in others)
                raise DatabaseInUse(database=database, who=who)
            time.sleep(0.1)


def choose(file: Path, *, replace: bool) -> Place:
    """Look at the database at work. Raises `DatabaseNotEmpty`, `DatabaseInUse`; nothing is changed."""
    with file.open("rb"):
        pass  # a name that was mistyped is said before a server is started
    own_server.hold()
    dsn = postgres.ready(configuration.load().database_name).owner
    final = str(conninfo_to_dict(dsn)["dbname"])
    _require_alone(dsn, final)
    with psycopg.connect(dsn) as connection:
        holds, erased = _looked_into(connection)
    if holds and not replace:
        raise DatabaseNotEmpty(database=final, organisations=holds)
    replaces = bool(holds)
    return Place(
        database=f"{final}_restoring" if replaces else final,
        final=final,
        maintenance=make_conninfo(dsn, dbname="postgres"),
        replaces=replaces,
        holds=holds,
        erased=erased,
    )


def _looked_into(connection: psycopg.Connection) -> tuple[str, list[tuple[str, str]]]:
    """What is in a database, in words (nothing: empty), and whom it knows to be erased."""
    if not _count(
        connection, "select count(*) from pg_class where oid = to_regclass('public.people_organisation')"
    ):
        return "", []
    rows = connection.execute("select id, code, slug from people_organisation order by id").fetchall()
    erased: list[tuple[str, str]] = []
    for organisation_id, code, _ in rows:
        connection.execute("select set_config('plaudit.organisation', %s, true)", [str(organisation_id)])
        found = connection.execute("select member_id::text from people_erasure order by id").fetchall()
        erased += [(code, member) for (member,) in found]
    named = ", ".join(slug for _, _, slug in rows[:5]) + (" and others" if len(rows) > 5 else "")
    counted = "1 organisation" if len(rows) == 1 else f"{len(rows)} organisations"
    return (f"{counted} ({named})" if rows else ""), erased


def _count(connection: psycopg.Connection, question: str) -> int:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def prepared(place: Place) -> Iterator[None]:
    """Django over an empty database to fill. What fails leaves nothing behind; what succeeds has the final name."""
    if place.replaces:
        databases.drop(place.maintenance, place.database)
        databases.create(place.maintenance, place.database)
        os.environ["PLAUDIT_DATABASE_NAME"] = place.database
        configuration.load.cache_clear()
    else:
        _clear()
    set_up()
    try:
        yield
    except BaseException:
        own_server.disconnect()
        if place.replaces:
            databases.drop(place.maintenance, place.database)
        else:
            _clear()
        raise
    own_server.disconnect()
    if place.replaces:
        databases.drop(place.maintenance, place.final)
        databases.rename(place.maintenance, place.database, place.final)


def _clear() -> None:
    """Leave nothing in a database that has no organisation: tables of `plaudit migrate` would be in the way."""
    with psycopg.connect(postgres.dsns(configuration.load().database_name).owner) as connection:
        connection.execute("drop schema if exists public cascade")
        connection.execute("create schema public")


def erasures_here() -> list[Path]:
    """The log of erasures in this home, where there is one."""
    path = configuration.home() / "erasures.log"
    return [path] if path.exists() else []
