"""Replays wanted amounts under limits and corrections: sums where nothing binds, `limits.grant` where it does.

A limit's group (one holder, one period) whose wanted amounts all fit binds nobody: its events are granted
in full, as sums. Two passes over the events find those sums and the groups that may not fit; only events
in a group that overflows are looked at again, and decided one after the other by the very function that
decides live. The answer is therefore live's answer, at the price of two sums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from plaudit.earning.definitions import Definition, Every, Limit, Of, Per, Rule
from plaudit.earning.limits import period_of
from plaudit.planning.simulation.clusters import Cluster, clusters_of
from plaudit.planning.simulation.deciding import Deciding
from plaudit.planning.simulation.history import History
from plaudit.planning.simulation.overflowing import Drawn, DrawnSource, Overflow, draw
from plaudit.planning.simulation.periods import finest, period, use_of
from plaudit.planning.simulation.teams import find_overflowing_teams
from plaudit.planning.simulation.wanting import Wanted

NEARLY = 1 - 1e-6  # a group's peaks are added up as floats: what is this full is looked at exactly

_SHARES = """
    CREATE OR REPLACE TEMP TABLE shares AS SELECT of AS seq, num, den FROM (
        SELECT of, num, den, row_number() OVER (PARTITION BY of ORDER BY seq DESC) AS newest FROM corrections)
     WHERE newest = 1
"""


@dataclass
class Replay:
    """One replay of a definition over a history.

    `months` is what each rule granted in each month ("2026-03", rule): points and number of grants. The
    table `granted` (member, unit, points, events) is what each member was, and how many of their events
    were asked. Points are smallest parts, net of what corrections take back; below zero for deductions.
    """

    history: History
    definition: Definition
    wanted: Sequence[Wanted]
    decided_one_by_one: int = 0
    months: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def run(self) -> None:
        """Grant everything."""
        self.history.connection.execute(_SHARES)
        self.history.connection.execute(
            "CREATE OR REPLACE TEMP TABLE settled (member VARCHAR, unit VARCHAR, points HUGEINT)"
        )
        if self.wanted:
            clusters = clusters_of(self.definition.rules)
            days = self._sum_days()
            overflow = self._overflow(clusters, days)
            drawn = draw(self.history, clusters, self.wanted, overflow)
            if drawn is not None:
                self._settle(drawn)
        self._sum_members()

    def _add(self, day: date, rule: Rule, points: int, events: int) -> None:
        key = (f"{day.year:04}-{day.month:02}", rule.key)
        before = self.months.get(key, (0, 0))
        self.months[key] = (before[0] + points, before[1] + events)

    def _sum_days(self) -> dict[tuple[str, date], tuple[int, int]]:
        """What every rule wants on every day, added up: {(rule, day): (points, times)}."""
        days: dict[tuple[str, date], tuple[int, int]] = {}
        for source in self.wanted:
            columns = [source.columns[rule.key] for rule in source.rules]
            if source.matched:
                sums = ", ".join(f"sum({one}), count(*) FILTER ({one} > 0)" for one in columns)
                query = f"SELECT day, {sums} FROM ({source.over()}) GROUP BY day"
            else:
                sums = ", ".join(f"coalesce(sum({one}), 0), count({one})" for one in columns)
                query = f"SELECT day, {sums} FROM ({source.over_blank()}) GROUP BY day"
            for day, *found in self.history.connection.execute(query).fetchall():
                for place, rule in enumerate(source.rules):
                    points, times = found[2 * place : 2 * place + 2]
                    days[(rule.key, day)] = (points, times)
                    if times:
                        self._add(day, rule, -points if rule.take is not None else points, times)
        return days

    def _overflow(
        self, clusters: Sequence[Cluster], days: dict[tuple[str, date], tuple[int, int]]
    ) -> Overflow:
        """Which groups may want more than their limit has, and what each member wants, into the table `holdings`."""
        limits = {limit.key: limit for cluster in clusters for limit in cluster.limits}
        mine = [limit for limit in limits.values() if limit.per is Per.MEMBER]
        key = finest({limit.every for limit in mine})
        parts = [self._holdings_of(source, mine, key) for source in self.wanted]
        everies = sorted({limit.every for limit in mine})
        sums = [f"sum(peak_{every}) AS peak_{every}" for every in everies]
        sums += [f"sum(t{n}) AS t{n}" for n in range(len(self._units()))]
        self.history.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE holdings AS SELECT member, key, {', '.join(sums)}, count(*) AS events"
            f" FROM ({' UNION ALL '.join(parts)}) GROUP BY member, key"
        )
        crowded = [every for every in everies if self._find_crowded(every, key)]
        teams = [limit for limit in limits.values() if limit.per is Per.TEAM]
        return Overflow(
            frozenset(crowded),
            self._shared(limits.values(), days),
            find_overflowing_teams(self.history, teams, self.wanted),
        )

    def _units(self) -> list[str]:
        return sorted({rule.unit for rule in self.definition.rules})

    def _holdings_of(self, source: Wanted, mine: Sequence[Limit], key: Every) -> str:
        """For each event: how much of the fullest limit of each period it would use, and its totals by unit."""
        selected = ["member", f"{period(key)} AS key"]
        for every in sorted({limit.every for limit in mine}):
            by_size: dict[int, list[str]] = defaultdict(list)
            for limit in mine:
                if limit.every is every:
                    by_size[limit.at_most].append(use_of(limit, source))
            parts = [
                f"{_greatest(uses)}::DOUBLE / {at_most or 0.5}" for at_most, uses in by_size.items()
            ]  # where nothing may be granted, one is twice too much
            selected.append(f"{_greatest(parts)} AS peak_{every}")
        for n, unit in enumerate(self._units()):
            rules = [rule for rule in source.rules if rule.unit == unit]
            total = " ".join(f"{'-' if r.take is not None else '+'} {source.columns[r.key]}" for r in rules)
            selected.append(f"{total.removeprefix('+ ') or '0'} AS t{n}")
        return f"SELECT {', '.join(selected)} FROM ({source.over()})"

    def _find_crowded(self, every: Every, key: Every) -> bool:
        """Fill `crowded_<period>` with the members and periods of which some limit may not hold all."""
        connection = self.history.connection
        found = (
            f"SELECT member, key AS period FROM holdings WHERE peak_{every} > {NEARLY}"
            if every is key
            else f"SELECT member, {period(every, 'key')} AS period FROM holdings"
            f" GROUP BY 1, 2 HAVING sum(peak_{every}) > {NEARLY}"
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE crowded_{every} AS {found}")
        return bool(connection.execute(f"SELECT 1 FROM crowded_{every} LIMIT 1").fetchall())

    def _shared(
        self, limits: Iterable[Limit], days: dict[tuple[str, date], tuple[int, int]]
    ) -> dict[str, frozenset[date]]:
        """The days on which a limit that everybody shares is in a period that overflows, by the limit's key."""
        found: dict[str, frozenset[date]] = {}
        for limit in limits:
            if limit.per is not Per.ALL:
                continue
            holding = {rule.key for rule in self.definition.rules if limit in rule.limits}
            used: dict[str, int] = defaultdict(int)
            for (rule, day), (points, times) in days.items():
                if rule in holding:
                    used[period_of(limit.every, day)] += times if limit.of is Of.TIMES else points
            over = {one for one, amount in used.items() if amount > limit.at_most}
            if over:
                found[limit.key] = frozenset(day for _, day in days if period_of(limit.every, day) in over)
        return found

    def _settle(self, drawn: Drawn) -> None:
        """Take back from the sums what was not granted or is corrected, and add what was decided in order."""
        for source in drawn.sources:
            rules = source.wanted.rules
            sums = ", ".join(
                f"sum({source.not_granted(rule)}), count(*) FILTER ({source.not_counted(rule)})"
                for rule in rules
            )
            query = f"SELECT day, {sums} FROM {source.table} GROUP BY day"
            for day, *found in self.history.connection.execute(query).fetchall():
                for place, rule in enumerate(rules):
                    points, times = found[2 * place : 2 * place + 2]
                    self._add(day, rule, points if rule.take is not None else -points, -times)
            for unit in self._units():
                self._settle_unit(source, unit)
        deciding = Deciding(self.history, self.definition, drawn, self._add)
        self.history.insert("settled", deciding.rows())
        self.decided_one_by_one = deciding.events

    def _settle_unit(self, source: DrawnSource, unit: str) -> None:
        rules = [rule for rule in source.wanted.rules if rule.unit == unit]
        if rules:
            points = " ".join(f"{'+' if r.take is not None else '-'} {source.not_granted(r)}" for r in rules)
            self.history.connection.execute(
                f"INSERT INTO settled SELECT member, ?, sum(0 {points}) FROM {source.table} GROUP BY member",
                [unit],
            )

    def _sum_members(self) -> None:
        """Fill `granted` from the sums and what was settled."""
        parts = ["SELECT member, unit, points, 0 AS events FROM settled"]
        if self.wanted:
            parts += [
                f"SELECT member, '{unit}', sum(t{n}), sum(events) FROM holdings GROUP BY member"
                for n, unit in enumerate(self._units())
            ]
        self.history.connection.execute(
            "CREATE OR REPLACE TEMP TABLE granted AS SELECT member, unit, sum(points) AS points,"
            " CAST(sum(events) AS BIGINT) AS events FROM"
            f" ({' UNION ALL '.join(parts)}) GROUP BY member, unit HAVING sum(points) <> 0"
        )


def _greatest(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"greatest({', '.join(values)})"
