"""Every row of the database, out and in, by COPY: through row security on the way out, before it on the way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from plaudit.foundation.backup.archive import Part, Reader, Tell
from plaudit.foundation.backup.refusals import RestoredDiffers, TablesDiffer
from plaudit.foundation.tenancy import in_organisation

# Who was signed in, and links that would sign in, are not brought back: what ended meanwhile stays ended.
LEFT_OUT = frozenset({"people_session", "people_sign_in_link", "django_migrations"})

# Values are written one way whatever a server's settings are, and read the same way again.
_PLAINLY = """
    set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local timezone = 'UTC';
    set local bytea_output = 'hex'; set local extra_float_digits = 1
"""

_TABLES = """
    select c.relname::text,
           array(select a.attname::text from pg_attribute a
                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                  order by a.attnum),
           array(select distinct f.confrelid::regclass::text from pg_constraint f
                  where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid),
           pg_table_size(c.oid)
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
     order by 1
"""

_SEQUENCES = """
    select c.relname::text from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' order by 1
"""


@dataclass(frozen=True)
class Table:
    """A table: its columns in their order, the tables it refers to, and its size on the disk in bytes."""

    name: str
    columns: list[str]
    refers_to: list[str]
    size: int


def tables(cursor: CursorWrapper) -> list[Table]:
    """The tables whose rows are kept, each after those it refers to."""
    cursor.execute(_TABLES)
    waiting = [one for one in (Table(*row) for row in cursor.fetchall()) if one.name not in LEFT_OUT]
    ordered: list[Table] = []
    while waiting:
        there = {one.name for one in ordered} | LEFT_OUT
        ready = [one for one in waiting if set(one.refers_to) <= there]
        assert ready, "tables refer to each other in a circle"
        ordered += ready
        waiting = [one for one in waiting if one not in ready]
    return ordered


def sequences(cursor: CursorWrapper) -> dict[str, tuple[int, bool]]:
    """Where each sequence stands: the last number given, or, where none was, the first."""
    cursor.execute(_SEQUENCES)
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'select last_value, is_called from "{name}"')
        found[name] = tuple(cursor.fetchone())
    return found


def rows_of(
    table: Table, organisations: list[int], counted: Callable[[int], None]
) -> Iterator[bytes | memoryview]:
    """A table's rows in pieces, organisation by organisation; `counted` hears how many there were.

    Called in a snapshot (`tenancy.in_snapshot`), as the application: what it cannot see is nobody's.
    """
    if "organisation_id" not in table.columns:
        yield from _copied(table, counted)
        return
    for organisation_id in organisations:
        with in_organisation(organisation_id):
            yield from _copied(table, counted)


def _copied(table: Table, counted: Callable[[int], None]) -> Iterator[bytes | memoryview]:
    statement = sql.SQL("copy (select {} from {}) to stdout").format(
        _listed(table.columns), sql.Identifier(table.name)
    )
    with connection.cursor() as cursor:
        cursor.execute(_PLAINLY)
        with cursor.copy(statement) as blocks:
            yield from blocks
        counted(cursor.rowcount)


def load(reader: Reader, cursor: CursorWrapper, tell: Tell) -> None:
    """Put every row of a backup into tables fresh from their migrations, unguarded yet, as their owner.

    Called in one transaction of its own. Raises `TablesDiffer`, `RestoredDiffers`, and what `Reader.blocks` raises.
    """
    manifest = reader.manifest
    found = {one.name: one for one in tables(cursor)}
    for name in sorted(found.keys() ^ manifest.tables.keys()):
        raise TablesDiffer(
            file=reader.path, version=manifest.plaudit, table=name, columns="it is not in both"
        )
    for name, part in manifest.tables.items():
        if differing := set(part.columns) ^ set(found[name].columns):
            columns = ", ".join(sorted(differing))
            raise TablesDiffer(file=reader.path, version=manifest.plaudit, table=name, columns=columns)
    cursor.execute(_PLAINLY)
    cursor.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(map(sql.Identifier, found))))
    for name in found:
        _fill(name, manifest.tables[name], reader, cursor, tell)
    for name, (last, given) in manifest.sequences.items():
        cursor.execute("select setval(%s::regclass, %s, %s)", [f'public."{name}"', last, given])


def _fill(name: str, part: Part, reader: Reader, cursor: CursorWrapper, tell: Tell) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(name), _listed(part.columns))
    with cursor.copy(statement) as copy:
        for block in reader.blocks(name):
            copy.write(block)
            tell(name, len(block))
    if cursor.rowcount != part.rows:
        fault = f"{name} has {cursor.rowcount:,} rows, and had {part.rows:,}"
        raise RestoredDiffers(file=reader.path, faults=fault)


def _listed(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column) for column in columns)
