"""Databases on a server: made, copied and removed, each outside a transaction as PostgreSQL demands."""

from __future__ import annotations

import time

import psycopg
from psycopg import sql

_PATIENCE = 60.0
"""Seconds for which a database that is being vacuumed is waited for."""


def create(dsn: str, name: str, template: str | None = None) -> None:
    """Make a database, empty and in UTF-8, or as a copy of `template`. psycopg's own errors pass through."""
    statement = sql.SQL("create database {} template {} {}")
    encoding = sql.SQL("encoding 'UTF8'" if template is None else "")
    _execute(dsn, statement.format(sql.Identifier(name), sql.Identifier(template or "template0"), encoding))


def drop(dsn: str, name: str) -> None:
    """Remove a database and end its connections; nothing happens when there is none.

    The server's own tidying, at work in it, may not be ended by its owner: it is waited for.
    """
    statement = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return _execute(dsn, statement)
        except psycopg.errors.InsufficientPrivilege:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def rename(dsn: str, name: str, new_name: str) -> None:
    """Give a database that nobody is connected to its final name."""
    statement = sql.SQL("alter database {} rename to {}")
    _execute(dsn, statement.format(sql.Identifier(name), sql.Identifier(new_name)))


def names(dsn: str, prefix: str = "") -> list[str]:
    """The databases of the server whose names begin with `prefix`."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "select datname from pg_database where starts_with(datname, %s) order by 1", [prefix]
        )
        return [name for (name,) in rows]


def _execute(dsn: str, statement: sql.Composed) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement)
