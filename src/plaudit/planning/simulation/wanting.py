"""What every rule wants for every event, as one DuckDB query a type: the compiled rules, before limits.

Nothing is stored: working twenty rules out again is cheaper than writing what they said and reading it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from plaudit.earning.compiling import CheckedRule, check_rule, scope_of
from plaudit.earning.definitions import Definition, Rule, Stacking
from plaudit.earning.expressions import FieldKind, local_name, local_time, to_duckdb
from plaudit.earning.expressions.zones import FIRST_YEAR, LAST_YEAR
from plaudit.earning.limits import multiplies
from plaudit.planning.simulation.history import EventTable, History

_OTHERWISE, _BLANK = " ELSE 0 END AS w", " END AS w"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the rules on one event type want, as a query over a table of its events.

    It gives `seq`, `member`, `happened_at`, `day` and a column a rule, for every event of a known member.
    `columns` maps a rule's key to its column: its amount in the unit's smallest part, 0 where the rule
    did not match; for a multiplier, what it adds where no limit cuts what it multiplies. `matched` maps a
    multiplier's key to the column that says whether its condition held.
    """

    table: str
    rules: tuple[Rule, ...]
    columns: Mapping[str, str]
    matched: Mapping[str, str]
    before: str
    after: str

    def over(self, events: str = "") -> str:
        """The query over the type's own table, or over another with its columns."""
        return f"{self.before}{events or self.table}{self.after}"

    def over_blank(self) -> str:
        """The query over the type's own table with null instead of 0, which is sooner counted."""
        assert not self.matched, "what a multiplier adds is worked out with zeros"
        return self.over().replace(_OTHERWISE, _BLANK)


def want(
    history: History,
    definition: Definition,
    type_name: str,
    stored_fields: Mapping[str, Mapping[str, object]],
    precisions: Mapping[str, int],
) -> Wanted:
    """Write down what each rule of the definition on this event type wants, for every event of a known member."""
    events = history.tables[type_name]
    scope = scope_of(type_name, stored_fields, definition.member_fields)
    rules = [rule for rule in definition.rules if rule.on == type_name]
    checked = [check_rule(rule, scope, precisions[rule.unit]) for rule in rules]
    columns = {rule.key: f"w{place}" for place, rule in enumerate(rules)}
    matched = {rule.key: f"h{place}" for place, rule in enumerate(rules) if rule.multiply is not None}
    names = _columns_of(events)
    direct = [
        f"coalesce({_holds(one, names)}, false) AS {matched[one.rule.key]}"
        if one.amount is None
        else f"{_amount(one, to_duckdb(one.amount, names), names)} AS {columns[one.rule.key]}"
        for one in checked
    ]
    day = f"CAST({names[local_name('occurred_at')]} AS DATE) AS day"
    local = ", ".join(_local_times(history, events, definition))
    extras = _extras(rules, columns, matched, definition.stacking)
    before = f"SELECT seq, member, happened_at, {day}, {', '.join(direct)} FROM (SELECT *, {local} FROM "
    after = " WHERE member IS NOT NULL)"
    if extras:
        before, after = f"SELECT *, {', '.join(extras)} FROM ({before}", f"{after})"
    return Wanted(events.table, tuple(rules), columns, matched, before, after)


def _amount(one: CheckedRule, amount: str, names: Mapping[str, str]) -> str:
    """What is wanted where the rule holds and wants something, 0 elsewhere: zeros add up without a test for null."""
    return f"CASE WHEN {_holds(one, names)} AND ({amount}) > 0 THEN CAST({amount} AS BIGINT) ELSE 0 END"


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


def _local_times(history: History, events: EventTable, definition: Definition) -> list[str]:
    """The local time of every moment, worked out once a row, with the changes of the zone in the years it needs."""
    found = []
    for name in _moments(events):
        column = _own_columns(events)[name]
        query = f"SELECT year(min({column})), year(max({column})) FROM {events.table}"
        first, last = history.connection.execute(query).fetchall()[0]
        years = {
            "first_year": min(max(first or FIRST_YEAR, FIRST_YEAR), LAST_YEAR),
            "last_year": max(min(last or LAST_YEAR, LAST_YEAR), FIRST_YEAR),
        }
        found.append(f'{local_time(column, definition.time_zone, **years)} AS "l_{name}"')
    return found


def _holds(one: CheckedRule, names: Mapping[str, str]) -> str:
    """SQL that is true where the rule is in its window, for its audience, and its condition holds; else false or null."""
    rule = one.rule
    tests = []
    if rule.starts_at is not None:
        tests.append(f"happened_at >= {_moment(rule.starts_at)}")
    if rule.ends_at is not None:
        tests.append(f"happened_at < {_moment(rule.ends_at)}")
    if rule.audience:
        tests.append(f"m_kind IN ({', '.join(_text(kind) for kind in rule.audience)})")
    if one.condition is not None:
        tests.append(f"({to_duckdb(one.condition, names)})")
    return " AND ".join(tests) or "true"


def _moment(value: datetime) -> str:
    return f"TIMESTAMPTZ '{value.isoformat()}'"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _extras(
    rules: Sequence[Rule], columns: Mapping[str, str], matched: Mapping[str, str], stacking: Stacking
) -> list[str]:
    """A column a multiplier: what `limits.extras` gives where nothing was cut, for the whole table."""
    multipliers = [rule for rule in rules if rule.multiply is not None]
    parts: dict[str, list[str]] = {rule.key: [] for rule in multipliers}
    for base in rules:
        if base.earn is None:
            continue
        on_base = [rule for rule in multipliers if multiplies(rule, base)]
        for rule, extra in _extras_on(columns[base.key], on_base, matched, stacking):
            parts[rule.key].append(extra)
    return [f"{' + '.join(parts[rule.key]) or '0::BIGINT'} AS {columns[rule.key]}" for rule in multipliers]


def _extras_on(
    base: str, multipliers: Sequence[Rule], matched: Mapping[str, str], stacking: Stacking
) -> list[tuple[Rule, str]]:
    """SQL for what each multiplier adds to one base amount; 0 where it does not apply."""
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
            found.append((rule, f"CASE WHEN {holds} THEN {after} - {total} ELSE 0 END"))
            total = f"(CASE WHEN {holds} THEN {after} ELSE {total} END)"
        else:
            only = " AND ".join([holds, *(f"NOT {other}" for other in better)])
            found.append((rule, f"CASE WHEN {only} THEN {_times(base, rule.multiply - 1)} ELSE 0 END"))
            if stacking is Stacking.BEST:
                better.append(holds)
    return found


def _times(amount: str, factor: Fraction) -> str:
    """An amount above zero times a factor, rounded down: integer division rounds towards zero."""
    return f"CAST((({amount})::HUGEINT * {factor.numerator}) // {factor.denominator} AS BIGINT)"
