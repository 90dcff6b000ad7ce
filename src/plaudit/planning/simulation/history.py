"""History as DuckDB tables: one a type of event, its fields as the compiled rules take them.

A table `events_<n>` has `seq` (the order of decision), `member` (text, null where nobody is known),
`happened_at`,
the fields as `f_<name>` and, where a rule asks for one, attributes of
the member as `m_<name>`. `corrections` has `seq`, `of` (the seq of the corrected event) and its share as
a fraction, `num`/`den`. `stays` has who was in which team from when until when, `kinds` what each member
is, and `live_months` and `live_members` what was granted in truth.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from plaudit.earning.compiling import field_type
from plaudit.earning.expressions import FieldKind, FieldType, column_of

MEMORY_LIMIT = "1500MB"

_SQL_TYPES = {
    FieldKind.INTEGER: "BIGINT",
    FieldKind.DECIMAL: "BIGINT",
    FieldKind.TEXT: "VARCHAR",
    FieldKind.BOOLEAN: "BOOLEAN",
    FieldKind.DATE: "DATE",
    FieldKind.TIMESTAMP: "TIMESTAMPTZ",
}
NULL = "\\N"
_TABLES = """
    CREATE TABLE corrections (seq BIGINT, of BIGINT, num HUGEINT, den HUGEINT);
    CREATE TABLE stays (member VARCHAR, team VARCHAR, began_at TIMESTAMPTZ, ended_at TIMESTAMPTZ);
    CREATE TABLE kinds (member VARCHAR, kind VARCHAR);
    CREATE TABLE live_months (month VARCHAR, rule VARCHAR, unit VARCHAR, points HUGEINT, events BIGINT);
    CREATE TABLE live_members (member VARCHAR, unit VARCHAR, points HUGEINT);
"""
_FIXED = ("seq", "member", "happened_at")


@dataclass(frozen=True, slots=True)
class EventTable:
    """One event type's history: the table that holds it, its fields, and the member's attributes beside them."""

    name: str
    table: str
    fields: Mapping[str, FieldType]
    member_fields: Mapping[str, FieldType]

    @property
    def columns(self) -> dict[str, str]:
        """DuckDB's type of every column, in order."""
        return {
            "seq": "BIGINT",
            "member": "VARCHAR",
            "happened_at": "TIMESTAMPTZ",
            **{f"f_{name}": sql_type(one) for name, one in self.fields.items()},
            "m_kind": "VARCHAR",
            **{f"m_{name}": sql_type(one) for name, one in self.member_fields.items()},
        }


@dataclass
class History:
    """What happened, ready to be asked: the connection, its tables, how many events they hold."""

    connection: duckdb.DuckDBPyConnection
    time_zone: ZoneInfo
    folder: Path
    tables: dict[str, EventTable] = field(default_factory=dict)
    events: int = 0

    def table_for(
        self,
        name: str,
        fields: Mapping[str, Mapping[str, Any]],
        member_fields: Mapping[str, Mapping[str, Any]],
    ) -> EventTable:
        """A new, empty table for a type of event."""
        table = EventTable(
            name,
            f"events_{len(self.tables)}",
            {one: field_type(stored) for one, stored in fields.items()},
            {one: field_type({**stored, "nullable": True}) for one, stored in member_fields.items()},
        )
        columns = ", ".join(f'"{column}" {kind}' for column, kind in table.columns.items())
        self.connection.execute(f"CREATE TABLE {table.table} ({columns})")
        self.tables[name] = table
        return table

    def load(self, table: EventTable, path: Path) -> int:
        """Add the rows of a CSV file (no header, NULL as written by `_cell`) in the table's columns; removes it."""
        self._read(table.table, table.columns, path)
        counted = self.connection.execute(f"SELECT count(*) FROM {table.table}").fetchone()
        assert counted is not None
        self.events += int(counted[0])
        return int(counted[0])

    def load_texts(self, table: EventTable, path: Path) -> int:
        """The same for rows whose fields are texts as PostgreSQL gives them: what the draft's types refuse becomes null."""
        texts = {name: kind if name in _FIXED else "VARCHAR" for name, kind in table.columns.items()}
        typed = [
            *(f'"{name}"' for name in _FIXED),
            *(column_of(one, f'"f_{name}"') for name, one in table.fields.items()),
            '"m_kind"',
            *(column_of(one, f'"m_{name}"') for name, one in table.member_fields.items()),
        ]
        self._read(table.table, texts, path, ", ".join(typed))
        counted = self.connection.execute(f"SELECT count(*) FROM {table.table}").fetchone()
        assert counted is not None
        self.events += int(counted[0])
        return int(counted[0])

    def name_kinds(self) -> None:
        """Fill `kinds` from the events loaded: what each member is."""
        parts = " UNION ALL ".join(
            f"SELECT member, any_value(m_kind) AS kind FROM {table.table} WHERE member IS NOT NULL GROUP BY member"
            for table in self.tables.values()
        )
        if parts:
            self.connection.execute(
                "INSERT INTO kinds SELECT member, coalesce(any_value(kind), 'member')"
                f" FROM ({parts}) GROUP BY member"
            )

    def insert(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows to any table. Through a file: row by row the engine takes a hundred times as long."""
        path = self.folder / f"{table}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([_cell(value) for value in row] for row in rows)
        self.read(table, path)

    def read(self, table: str, path: Path) -> None:
        """Add the rows of a CSV file in the columns of any table; removes the file."""
        described = self.connection.execute(f"DESCRIBE {table}").fetchall()
        self._read(table, {name: kind for name, kind, *_ in described}, path)

    def _read(self, table: str, columns: Mapping[str, str], path: Path, selected: str = "*") -> None:
        kinds = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items()) + "}"
        self.connection.execute(
            f"INSERT INTO {table} SELECT {selected} FROM read_csv(?, header = false, auto_detect = false, delim = ',',"
            f" quote = '\"', escape = '\"', nullstr = '\\N', allow_quoted_nulls = false, columns = {kinds})",
            [str(path)],
        )
        path.unlink()


def sql_type(one: FieldType) -> str:
    """The DuckDB type that holds a field: integers wide enough for its bounds."""
    if one.is_number and max(abs(one.low), abs(one.high)) >= 2**63:
        return "HUGEINT"
    return _SQL_TYPES[one.kind]


@contextmanager
def empty_history(time_zone: ZoneInfo) -> Iterator[History]:
    """A history with no tables yet, in a folder of its own that is removed with it; memory is bounded."""
    with tempfile.TemporaryDirectory(prefix="plaudit-what-if-") as folder:
        connection = duckdb.connect(str(Path(folder) / "history.duckdb"))
        try:
            connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'; SET temp_directory = '{folder}/spill'")
            connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
            # Else it would draw a bar into whatever a command prints, once a query takes long.
            connection.execute("SET enable_progress_bar = false")
            connection.execute(_TABLES)
            yield History(connection, time_zone, Path(folder))
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One event of a history that is not in the books, its values as the type's reader gave them."""

    seq: int
    type: str
    member: str | None
    at: datetime
    values: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)


def load_events(history: History, events: Iterable[PastEvent]) -> None:
    """Load events from anywhere, such as a file that was never imported. Types without a table are passed over."""
    with ExitStack() as files:
        writers: dict[str, Callable[[Sequence[Any]], Any]] = {}
        for event in events:
            table = history.tables.get(event.type)
            if table is None:
                continue
            if event.type not in writers:
                file = files.enter_context(_csv_of(history, table).open("w", newline="", encoding="utf-8"))
                writers[event.type] = csv.writer(file).writerow
            writers[event.type](
                [
                    event.seq,
                    _cell(event.member),
                    event.at.astimezone(UTC).isoformat(),
                    *(_cell(event.values.get(name)) for name in table.fields),
                    _cell(event.attributes.get("kind")),
                    *(_cell(event.attributes.get(name)) for name in table.member_fields),
                ]
            )
    for name in writers:
        history.load(history.tables[name], _csv_of(history, history.tables[name]))


def _csv_of(history: History, table: EventTable) -> Path:
    return history.folder / f"{table.table}.csv"


def _cell(value: Any) -> Any:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
