"""What every rule wants for every event, as one DuckDB table a type: the compiled rules, before limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from plaudit.earning.compiling import CheckedRule, check_rule, scope_of
from plaudit.earning.definitions import Definition, Rule, Stacking
from plaudit.earning.expressions import FieldKind, local_name, local_time, to_duckdb
from plaudit.earning.limits import multiplies
from plaudit.planning.simulation.history import EventTable, History


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table of what the rules on one event type want: `seq`, `member`, `day` and a column a rule.

    `columns` maps a rule's key to its column: its amount in the unit's smallest part, null where the rule
    did not match; for a multiplier, what it adds where no limit cuts what it multiplies. `matched` maps a
    multiplier's key to the column that says whether its condition held.
    """

    table: str
    rules: tuple[Rule, ...]
    columns: Mapping[str, str]
    matched: Mapping[str, str]


def want(
    history: History,
    definition: Definition,
    type_name: str,
    stored_fields: Mapping[str, Mapping[str, object]],
    precisions: Mapping[str, int],
) -> Wanted:
    """Compute what each rule of the definition on this event type wants, for every event of a known member."""
    events = history.tables[type_name]
    scope = scope_of(type_name, stored_fields, definition.member_fields)
    rules = [rule for rule in definition.rules if rule.on == type_name]
    checked = [check_rule(rule, scope, precisions[rule.unit]) for rule in rules]
    columns = {rule.key: f"w{place}" for place, rule in enumerate(rules)}
    matched = {rule.key: f"h{place}" for place, rule in enumerate(rules) if rule.multiply is not None}
    names = _columns_of(events)
    direct = [
        f"({_holds(one, names)}) AS {matched[one.rule.key]}"
        if one.amount is None
        else f"CASE WHEN {_holds(one, names)} AND ({to_duckdb(one.amount, names)}) > 0"
        f" THEN CAST({to_duckdb(one.amount, names)} AS BIGINT) END AS {columns[one.rule.key]}"
        for one in checked
    ]
    day = f"CAST({names[local_name('occurred_at')]} AS DATE) AS day"
    local = ", ".join(_local_times(events, definition))
    inner = (
        f"SELECT seq, member, {day}, {', '.join(direct)}"
        f" FROM (SELECT *, {local} FROM {events.table} WHERE member IS NOT NULL)"
    )
    selected = _with_extras(inner, rules, columns, matched, definition.stacking)
    table = events.table.replace("events", "wanted")
    anything = " OR ".join(f"{column} IS NOT NULL" for column in columns.values())
    history.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM ({selected}) WHERE {anything}")
    return Wanted(table, tuple(rules), columns, matched)


def _columns_of(events: EventTable) -> dict[str, str]:
    """The SQL of every name an expression may use, the local time of each moment among them."""
    names = {"member.kind": "m_kind", **_own_columns(events)}
    return names | {local_name(name): f'"l_{name}"' for name in _moments(events)}


def _own_columns(events: EventTable) -> dict[str, str]:
    return {
        "occurred_at": "happened_at",
        **{name: f'"f_{name}"' for name in events.fields},
        **{f"member.{name}": f'"m_{name}"' for name in events.member_fields},
    }


def _moments(events: EventTable) -> list[str]:
    """The names of everything that is a moment."""
    own = {**events.fields, **{f"member.{name}": one for name, one in events.member_fields.items()}}
    return ["occurred_at", *(name for name, one in own.items() if one.kind is FieldKind.TIMESTAMP)]


def _local_times(events: EventTable, definition: Definition) -> list[str]:
    """The local time of every moment, worked out once a row: the text of a zone's changes is long."""
    columns = _own_columns(events)
    return [f'{local_time(columns[name], definition.time_zone)} AS "l_{name}"' for name in _moments(events)]


def _holds(one: CheckedRule, names: Mapping[str, str]) -> str:
    """SQL that is true where the rule is in its window, for its audience, and its condition holds."""
    rule = one.rule
    tests = ["true"]
    if rule.starts_at is not None:
        tests.append(f"happened_at >= {_moment(rule.starts_at)}")
    if rule.ends_at is not None:
        tests.append(f"happened_at < {_moment(rule.ends_at)}")
    if rule.audience:
        tests.append(f"m_kind IN ({', '.join(_text(kind) for kind in rule.audience)})")
    if one.condition is not None:
        tests.append(f"coalesce({to_duckdb(one.condition, names)}, false)")
    return " AND ".join(tests)


def _moment(value: datetime) -> str:
    return f"TIMESTAMPTZ '{value.isoformat()}'"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _with_extras(
    inner: str,
    rules: Sequence[Rule],
    columns: Mapping[str, str],
    matched: Mapping[str, str],
    stacking: Stacking,
) -> str:
    """Add a column a multiplier: what `limits.extras` gives where nothing was cut, for the whole table."""
    multipliers = [rule for rule in rules if rule.multiply is not None]
    parts: dict[str, list[str]] = {rule.key: [] for rule in multipliers}
    for base in rules:
        if base.earn is None:
            continue
        on_base = [rule for rule in multipliers if multiplies(rule, base)]
        for rule, extra in _extras_on(columns[base.key], on_base, matched, stacking):
            parts[rule.key].append(f"coalesce({extra}, 0)")
    added = [
        f"nullif({' + '.join(parts[rule.key]) or '0'}, 0) AS {columns[rule.key]}" for rule in multipliers
    ]
    return f"SELECT *, {', '.join(added)} FROM ({inner})" if added else inner


def _extras_on(
    base: str, multipliers: Sequence[Rule], matched: Mapping[str, str], stacking: Stacking
) -> list[tuple[Rule, str]]:
    """SQL for what each multiplier adds to one base amount; null where it does not apply."""
    found: list[tuple[Rule, str]] = []
    total = base
    if stacking is Stacking.BEST:
        multipliers = sorted(multipliers, key=lambda rule: -(rule.multiply or Fraction(0)))
    better: list[str] = []
    for rule in multipliers:
        assert rule.multiply is not None
        holds = matched[rule.key]
        if stacking is Stacking.MULTIPLY:
            after = _times(total, rule.multiply)
            found.append((rule, f"CASE WHEN {holds} THEN {after} - {total} END"))
            total = f"(CASE WHEN {holds} THEN {after} ELSE {total} END)"
        else:
            only = " AND ".join([holds, *(f"NOT {other}" for other in better)])
            found.append((rule, f"CASE WHEN {only} THEN {_times(base, rule.multiply - 1)} END"))
            if stacking is Stacking.BEST:
                better.append(holds)
    return found


def _times(amount: str, factor: Fraction) -> str:
    """An amount above zero times a factor, rounded down: integer division rounds towards zero."""
    return f"CAST((({amount})::HUGEINT * {factor.numerator}) // {factor.denominator} AS BIGINT)"
