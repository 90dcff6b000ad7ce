"""Databases on a server: made, copied and removed, each outside a transaction as PostgreSQL demands."""

from __future__ import annotations

import time

import psycopg
from psycopg import sql

_PATIENCE = 30.0
"""Seconds for which a database that is being left is waited for; the server itself waits five at each try."""

_END_CONNECTIONS = """
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = %s and pg_has_role(usename, 'member') and pid <> pg_backend_pid()
"""


def create(dsn: str, name: str, template: str | None = None) -> None:
    """Make a database, empty and in UTF-8, or as a copy of `template`. psycopg's own errors pass through."""
    statement = sql.SQL("create database {} template {} {}")
    encoding = sql.SQL("encoding 'UTF8'" if template is None else "")
    _execute(dsn, statement.format(sql.Identifier(name), sql.Identifier(template or "template0"), encoding))


def drop(dsn: str, name: str) -> None:
    """Remove a database and end its connections; nothing happens when there is none.

    Without FORCE, which fails where the server's own tidying is at work: that one only the server may end,
    and it does so for a plain DROP DATABASE.
    """
    statement = sql.SQL("drop database if exists {}").format(sql.Identifier(name))
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute(_END_CONNECTIONS, [name])
            return _execute(dsn, statement)
        except psycopg.errors.ObjectInUse:
            if time.monotonic() > deadline:
                raise


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
