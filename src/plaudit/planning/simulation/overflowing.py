"""Events that sums cannot decide: those in a group that overflows a limit, and those a correction takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plaudit.earning.definitions import Every, Limit, Per, Rule
from plaudit.planning.simulation.clusters import Cluster
from plaudit.planning.simulation.history import History
from plaudit.planning.simulation.periods import period, use_of, wants
from plaudit.planning.simulation.wanting import Wanted


@dataclass(frozen=True, slots=True)
class Overflow:
    """Where limits may bind.

    `crowded`: the periods of which the table `crowded_<period>` names members who may want too much.
    `shared`: the days on which a limit that everybody shares overflows. `teams`: the limits by team that
    do, whose events the table `team_events` (limit, seq) names.
    """

    crowded: frozenset[Every]
    shared: Mapping[str, frozenset[date]]
    teams: frozenset[str]


@dataclass(frozen=True, slots=True)
class DrawnSource:
    """The events of one type that were drawn, in a table of their own.

    It has what `Wanted` gives, the share `num`/`den` that is taken back, and for each cluster that some
    limit cuts whether it may cut this event's grants: `flags` has that column by rule.
    """

    wanted: Wanted
    table: str
    flags: Mapping[str, str]

    def not_granted(self, rule: Rule) -> str:
        """SQL for what the sums hold of this rule and must not: all where a limit may cut it, else what is corrected."""
        column, flag = self.wanted.columns[rule.key], self.flags.get(rule.key)
        back = f"(({column}::HUGEINT * num) // den)"
        return back if flag is None else f"CASE WHEN {flag} THEN {column} ELSE {back} END"

    def not_counted(self, rule: Rule) -> str:
        """SQL for whether the sums count a grant of this rule that is yet to be decided."""
        column, flag = self.wanted.columns[rule.key], self.flags.get(rule.key)
        return "false" if flag is None else f"({flag} AND {column} > 0)"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Every drawn event, by type, and the clusters that must be decided in order."""

    sources: tuple[DrawnSource, ...]
    clusters: tuple[Cluster, ...]


def draw(
    history: History, clusters: Sequence[Cluster], wanted: Sequence[Wanted], overflow: Overflow
) -> Drawn | None:
    """Draw the events that must be looked at one by one; None where there are none."""
    limits = {limit.key: limit for cluster in clusters for limit in cluster.limits}
    if not _find_suspects(history, limits, wanted, overflow):
        return None
    tables = [_draw_from(history, source) for source in wanted]
    mine = [limit for limit in limits.values() if limit.per is Per.MEMBER and limit.every in overflow.crowded]
    numbers = {limit.key: number for number, limit in enumerate(mine)}
    over = {*overflow.shared, *overflow.teams}
    for every in overflow.crowded:
        over |= _overflowing(history, every, dict(enumerate(mine)), wanted, tables)
    cut = tuple(one for one in clusters if any(limit.key in over for limit in one.limits))
    sources = []
    for source, table in zip(wanted, tables, strict=True):
        tests = {
            limit.key: _test(limit, source, overflow, numbers)
            for limit in limits.values()
            if limit.key in over
        }
        sources.append(_mark(history, source, table, cut, tests, overflow.crowded))
    return Drawn(tuple(sources), cut)


def _find_suspects(
    history: History, limits: Mapping[str, Limit], wanted: Sequence[Wanted], overflow: Overflow
) -> bool:
    parts = ["SELECT seq FROM shares"]
    if overflow.teams:
        parts.append("SELECT seq FROM team_events")
    for source in wanted:
        parts += [
            f"SELECT w.seq FROM ({source.over()}) w SEMI JOIN crowded_{every} c"
            f" ON c.member = w.member AND c.period = {period(every, 'w.day')}"
            for every in overflow.crowded
        ]
        tests = [f"{_on(days)} AND {wants(limits[key], source)}" for key, days in overflow.shared.items()]
        if tests:
            parts.append(f"SELECT seq FROM ({source.over()}) WHERE {' OR '.join(tests)}")
    history.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT DISTINCT seq FROM ({' UNION ALL '.join(parts)})"
    )
    return bool(history.connection.execute("SELECT 1 FROM suspects LIMIT 1").fetchall())


def _on(days: frozenset[date], column: str = "day") -> str:
    listed = ", ".join(f"DATE '{day.isoformat()}'" for day in sorted(days))
    return f"{column} IN ({listed})"


def _draw_from(history: History, source: Wanted) -> str:
    table = source.table.replace("events", "drawn")
    events = f"(SELECT * FROM {source.table} SEMI JOIN suspects USING (seq))"
    history.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT w.*, coalesce(s.num, 0::HUGEINT) AS num,"
        f" coalesce(s.den, 1::HUGEINT) AS den FROM ({source.over(events)}) w LEFT JOIN shares s USING (seq)"
    )
    return table


def _overflowing(
    history: History,
    every: Every,
    limits: Mapping[int, Limit],
    wanted: Sequence[Wanted],
    tables: Sequence[str],
) -> set[str]:
    """Fill `overflowing_<period>` with a column a limit: who wants more than it has. The limits anybody does of.

    A crowded group is drawn whole, so its sum is exact; the others' parts cannot exceed what fits.
    """
    mine = {number: limit for number, limit in limits.items() if limit.every is every}
    parts = [
        f"SELECT member, {period(every)} AS period, {', '.join(f'{use_of(one, source)} AS u{n}' for n, one in mine.items())}"
        f" FROM {table}"
        for source, table in zip(wanted, tables, strict=True)
    ]
    sums = ", ".join(f"sum(u{n}) > {one.at_most} AS o{n}" for n, one in mine.items())
    connection = history.connection
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE overflowing_{every} AS SELECT member, period, {sums}"
        f" FROM ({' UNION ALL '.join(parts)}) SEMI JOIN crowded_{every} USING (member, period) GROUP BY ALL"
    )
    anybody = ", ".join(f"coalesce(bool_or(o{n}), false)" for n in mine)
    found = connection.execute(f"SELECT {anybody} FROM overflowing_{every}").fetchall()[0]
    return {one.key for one, is_over in zip(mine.values(), found, strict=True) if is_over}


def _test(limit: Limit, source: Wanted, overflow: Overflow, numbers: Mapping[str, int]) -> str:
    """SQL for whether an event of this type stands in a group that overflows the limit."""
    if limit.per is Per.MEMBER:
        number = numbers[limit.key]
        return f"coalesce({limit.every}_.o{number}, false) AND {wants(limit, source)}"
    if limit.per is Per.ALL:
        return f"{_on(overflow.shared[limit.key], 'd.day')} AND {wants(limit, source)}"
    key = limit.key.replace("'", "''")
    return f"d.seq IN (SELECT seq FROM team_events WHERE limit_key = '{key}') AND {wants(limit, source)}"


def _mark(
    history: History,
    source: Wanted,
    table: str,
    clusters: Sequence[Cluster],
    tests: Mapping[str, str],
    crowded: frozenset[Every],
) -> DrawnSource:
    """Write down for every drawn event which clusters' limits may cut it."""
    flags: dict[str, str] = {}
    columns = []
    for place, cluster in enumerate(clusters):
        own = [f"({tests[limit.key]})" for limit in cluster.limits if limit.key in tests]
        columns.append(f"({' OR '.join(own)}) AS d{place}")
        flags |= {rule.key: f"d{place}" for rule in cluster.rules}
    joins = [
        f"LEFT JOIN overflowing_{every} {every}_ ON {every}_.member = d.member"
        f" AND {every}_.period = {period(every, 'd.day')}"
        for every in sorted(crowded)
    ]
    marked = source.table.replace("events", "marked")
    history.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {marked} AS SELECT {', '.join(['d.*', *columns])}"
        f" FROM {table} d {' '.join(joins)}"
    )
    history.connection.execute(f"DROP TABLE {table}")
    return DrawnSource(source, marked, flags)
