"""History out of the books: the events and corrections an organisation recorded, copied into DuckDB."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

from plaudit.activity.shares import share_of
from plaudit.activity.types import DeclaredType, declared_types, types_by_id
from plaudit.earning.definitions import Definition
from plaudit.foundation.exact import decode
from plaudit.planning.simulation.history import NULL, EventTable, History

# As they stand today: what a practice said of a member then is not kept.
_KNOWN_OF_MEMBERS = sql.SQL("(m.attributes || coalesce(s.said, '{}'))")

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Window:
    """Which events are replayed: those that happened in [starts_at, ends_at); None for no bound."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


def load_stored(
    history: History,
    organisation_id: int,
    definition: Definition,
    types: Mapping[str, Mapping[str, Any]],
    window: Window,
    progress: Progress,
) -> None:
    """Copy what the definition's rules may ask about. `types` are the fields of each event type, as drafted.

    `seq` is the place of the event in the order in which events were decided.
    """
    declared = declared_types(organisation_id)
    numbered = _number_events(organisation_id, window)
    progress("reading history", numbered)
    for name in sorted({rule.on for rule in definition.rules}):
        if name not in declared:
            continue
        table = history.table_for(name, types.get(name, declared[name].fields), definition.member_fields)
        path = history.folder / f"{table.table}.csv"
        _copy_out(organisation_id, name, table, path)
        progress(f"reading {name}", history.load_texts(table, path))
    _load_corrections(history, organisation_id, declared)
    _load(history, "stays", _STAYS, {"organisation": organisation_id})


def _number_events(organisation_id: int, window: Window) -> int:
    """Give every event in the window its place in the order of decision, for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            create temporary table numbered on commit drop as
            select row_number() over (order by id) as seq, id from activity_event
             where organisation_id = %s and (%s::timestamptz is null or occurred_at >= %s)
               and (%s::timestamptz is null or occurred_at < %s)
            """,
            [organisation_id, window.starts_at, window.starts_at, window.ends_at, window.ends_at],
        )
        counted: int = cursor.rowcount
        cursor.execute("create unique index on numbered (id); analyze numbered")
        return counted


def _copy_out(organisation_id: int, name: str, table: EventTable, path: Path) -> None:
    """Write one type's events as CSV, in the table's column order, its fields already as scaled integers."""
    columns = [
        sql.SQL("n.seq"),
        sql.SQL("replace(e.member_id::text, '-', '')"),
        sql.SQL("e.occurred_at"),
        *(_field(sql.SQL("e.data"), field) for field in table.fields),
        sql.SQL("m.kind"),
        *(_field(_KNOWN_OF_MEMBERS, field) for field in table.member_fields),
    ]
    query = sql.SQL(
        "copy (select {columns} from numbered n join activity_event e on e.organisation_id = {organisation} and e.id = n.id"
        " left join people_member m on m.id = e.member_id"
        " left join (select member_id, jsonb_object_agg(name, value) as said from people_standing"
        " where organisation_id = {organisation} group by member_id) s on s.member_id = e.member_id"
        " where e.type_id in (select id from activity_event_type where organisation_id = {organisation} and name = {name}))"
        " to stdout (format csv, null {null})"
    ).format(
        columns=sql.SQL(", ").join(columns),
        organisation=sql.Literal(organisation_id),
        name=sql.Literal(name),
        null=sql.Literal(NULL),
    )
    _copy(query, path)


def _copy(query: sql.Composable, path: Path) -> None:
    """Write what PostgreSQL copies out into a file, block by block."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(query) as copied, path.open("wb") as file:
        for block in copied:
            file.write(block)


def _load(history: History, table: str, query: str, values: Mapping[str, Any]) -> None:
    """Fill a table of the history with what a query on the books answers, never holding it in memory."""
    path = history.folder / f"{table}.csv"
    literals = {name: sql.Literal(value) for name, value in values.items()}
    copied = sql.SQL("copy ({query}) to stdout (format csv, null {null})").format(
        query=sql.SQL(query).format(**literals), null=sql.Literal(NULL)
    )
    _copy(copied, path)
    history.read(table, path)


def _field(data: sql.Composable, name: str) -> sql.Composable:
    """One field out of JSON data as text: the engine's own JSON would read a number as a binary float."""
    return sql.SQL("({} ->> {})").format(data, sql.Literal(name))


_CORRECTIONS = """
    select c.id, nc.seq, no.seq, c.type_id, c.data, e.data
      from activity_event c
      join activity_event e on e.organisation_id = c.organisation_id and e.source_id = c.source_id
                           and e.key = c.corrects_key
      join numbered no on no.id = e.id
      join numbered nc on nc.id = c.id
     where c.organisation_id = %s and c.corrects_key is not null
     order by c.id
"""


def _load_corrections(history: History, organisation_id: int, declared: Mapping[str, DeclaredType]) -> None:
    """Each correction with the share that it and those before it undo together."""
    if not any(one.corrects for one in declared.values()):
        return
    parts = types_by_id(organisation_id)
    shares: dict[int, Fraction] = defaultdict(Fraction)
    rows: list[tuple[int, int, int, int]] = []
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTIONS, [organisation_id])
        for _, seq, of, type_id, data, corrected in cursor.fetchall():
            share = share_of(parts[type_id].part, decode(data), decode(corrected))
            shares[of] = min(Fraction(1), shares[of] + share)
            rows.append((seq, of, shares[of].numerator, shares[of].denominator))
    history.insert("corrections", rows)


_STAYS = """
    select replace(s.member_id::text, '-', ''), t.key, s.began_at, s.ended_at
      from people_team_stay s join people_team t on t.id = s.team_id
     where s.organisation_id = {organisation}
"""

# What live granted for the events of the window, net of what corrections among them took back. What is
# taken back counts where it was granted: in the month of the event, as in the replay. A write-off (kind 14)
# grants nothing: what it gives was spent.
_LIVE = """
    select w.member_id, to_char(coalesce(o.occurred_at, t.occurred_at) at time zone {zone}, 'YYYY-MM') as month,
           r.key as rule, u.key as unit,
           case when t.kind = 1 then t.amount when t.kind = 2 then -t.amount
                when t.source >= 11 then t.amount else -t.amount end as points,
           (t.kind in (1, 2))::int as granted
      from numbered n
      join ledger_transfer t on t.organisation_id = {organisation} and t.event_id = n.id
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
      join ledger_unit u on u.id = w.unit_id
      join earning_rule r on r.id = t.rule_id
      join earning_rule_set s on s.id = r.rule_set_id and s.programme = {programme}
      left join ledger_transfer o on o.organisation_id = t.organisation_id and o.wallet_id = t.wallet_id
                                 and o.line = t.reverses_line
     where t.kind <> 14 and (o.event_id is null or exists (select 1 from numbered also where also.id = o.event_id))
"""

_BY_MONTH = "select month, rule, unit, sum(points)::bigint, sum(granted) from live group by 1, 2, 3"
_BY_MEMBER = (
    "select replace(member_id::text, '-', ''), unit, sum(points)::bigint from live group by member_id, unit"
)


def load_live(history: History, organisation_id: int, programme: str) -> None:
    """What live granted for the same events, net of what was taken back: `live_months` and `live_members`."""
    values = {"zone": history.time_zone.key, "organisation": organisation_id, "programme": programme}
    live = sql.SQL("create temporary table live on commit drop as " + _LIVE).format(
        **{name: sql.Literal(value) for name, value in values.items()}
    )
    with connection.cursor() as cursor:
        cursor.execute(live)
    _load(history, "live_months", _BY_MONTH, {})
    _load(history, "live_members", _BY_MEMBER, {})
