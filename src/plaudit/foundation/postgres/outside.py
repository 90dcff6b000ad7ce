"""A PostgreSQL that somebody else runs: checked, given the application's role, and addressed in both roles."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from plaudit.foundation.postgres import databases
from plaudit.foundation.postgres.configuration import APP_ROLE
from plaudit.foundation.postgres.refusals import (
    DatabaseMissing,
    DatabaseNotUtf8,
    RoleMissing,
    RoleTooStrong,
    ServerOutOfReach,
    ServerTooOld,
)

MAJOR_MIN = 15


def owner_dsn(url: str, database: str | None) -> str:
    """Connects as the login of `url`: for migrations. `database` replaces the one in the address."""
    return make_conninfo(url, **({"dbname": database} if database else {}))


def app_dsn(url: str, database: str | None) -> str:
    """Connects as the same login and at once becomes the application's role, which owns nothing."""
    options = str(conninfo_to_dict(url).get("options") or "")
    return make_conninfo(owner_dsn(url, database), options=f"{options} -c role={APP_ROLE}".strip())


def prepare(url: str, database: str | None) -> None:
    """Make sure the server is new enough, the database exists and the login can become the application's role.

    Any administrator will do, and so will a plain owner that may create roles. Refuses with what is missing.
    """
    with _connected(url, database) as connection:
        refuse_if_too_old(connection.info.server_version)
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise DatabaseNotUtf8(database=connection.info.dbname, found=encoding)
        # Two processes may come here together; the lock makes the second find the first one's role.
        connection.execute("select pg_advisory_xact_lock(hashtext('plaudit roles'))")
        _make_role(connection)
        _become_it(connection)


def refuse_if_too_old(version: int) -> None:
    """`version` is the server's own number: 150004 for 15.4."""
    if version // 10_000 < MAJOR_MIN:
        raise ServerTooOld(found=version // 10_000, needed=MAJOR_MIN)


def _connected(url: str, database: str | None) -> psycopg.Connection:
    """A connection to the database, which is made first where it does not exist."""
    dsn = owner_dsn(url, database)
    try:
        return psycopg.connect(dsn, connect_timeout=10)
    except psycopg.OperationalError as error:
        _make_database(dsn, refused=error)
    return psycopg.connect(dsn, connect_timeout=10)


def _make_database(dsn: str, *, refused: psycopg.OperationalError) -> None:
    """Make the database if its absence is why the connection was refused; otherwise say what is."""
    wanted = conninfo_to_dict(dsn)
    user = str(wanted.get("user") or "")
    name = str(wanted.get("dbname") or user)
    maintenance = make_conninfo(dsn, dbname="postgres")
    try:
        if name in databases.names(maintenance):
            raise ServerOutOfReach(words=str(refused).strip())
        databases.create(maintenance, name)
    except psycopg.errors.DuplicateDatabase:
        return  # another process made it meanwhile
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseMissing(database=name, user=user, words=str(error).strip()) from error
    except psycopg.OperationalError as error:
        raise ServerOutOfReach(words=str(refused).strip()) from error


def _make_role(connection: psycopg.Connection) -> None:
    found = connection.execute(
        """
        select rolsuper, rolbypassrls,
               exists (select from pg_auth_members where member = r.oid),
               rolname = session_user
          from pg_roles r where rolname = %s
        """,
        [APP_ROLE],
    ).fetchone()
    if found is None:
        _try(connection, "make", f"CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS")
        return
    superuser, bypasses, member, is_login = found
    faults = {
        "a superuser": (superuser, f"Run: ALTER ROLE {APP_ROLE} NOSUPERUSER;"),
        "free of row security": (bypasses, f"Run: ALTER ROLE {APP_ROLE} NOBYPASSRLS;"),
        "a member of another role": (member, f"Revoke what was granted to {APP_ROLE}."),
        "the login itself": (is_login, "Name the user that owns the database in PLAUDIT_DATABASE_URL."),
    }
    for fault, (present, remedy) in faults.items():
        if present:
            raise RoleTooStrong(role=APP_ROLE, fault=fault, remedy=remedy)


def _become_it(connection: psycopg.Connection) -> None:
    """Let the login take the application's role on, if it cannot yet."""
    # Since version 16 the maker of a role administers it without being able to become it.
    since_16 = connection.info.server_version >= 160_000
    kind = "SET" if since_16 else "MEMBER"
    row = connection.execute("select pg_has_role(session_user, %s, %s)", [APP_ROLE, kind]).fetchone()
    if row is not None and row[0]:
        return
    login = connection.info.user
    options = " WITH INHERIT FALSE, SET TRUE" if since_16 else ""
    _try(connection, "become", f'GRANT {APP_ROLE} TO "{login}"{options}')


def _try(connection: psycopg.Connection, act: str, statement: str) -> None:
    try:
        connection.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege as error:
        raise RoleMissing(
            user=connection.info.user,
            act=act,
            role=APP_ROLE,
            words=str(error).strip(),
            remedy=statement + ";",
        ) from error
