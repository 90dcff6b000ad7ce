"""Replays wanted amounts under limits and corrections: sums where nothing binds, `limits.grant` where it does.

Rules that share a limit or multiply each other form a cluster. In each cluster a limit's group (one
holder, one period) whose wanted amounts all fit binds nobody: its events are granted in full, in SQL.
Only events in a group that overflows are decided one after the other, by the very function that decides
live. The answer is therefore live's answer, at the price of a sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from plaudit.earning.definitions import Definition, Every, Limit, Of, Per, Rule
from plaudit.earning.limits import Use, grant, multiplies, uses_of
from plaudit.planning.simulation.history import History
from plaudit.planning.simulation.wanting import Wanted

_PERIODS = {
    Every.DAY: "strftime(day, '%Y-%m-%d')",
    Every.WEEK: "strftime(day, '%G-W%V')",
    Every.MONTH: "strftime(day, '%Y-%m')",
    Every.QUARTER: "(strftime(day, '%Y') || '-Q' || quarter(day))",
    Every.YEAR: "strftime(day, '%Y')",
    Every.LIFETIME: "''",
}
_FETCHED = 10_000


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rules whose grants depend on each other, and every limit they hold."""

    rules: tuple[Rule, ...]

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Each limit once."""
        return tuple({limit.key: limit for rule in self.rules for limit in rule.limits}.values())

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(rule.key for rule in self.rules)


def clusters_of(rules: Sequence[Rule]) -> list[Cluster]:
    """The rules in clusters, each in the order of the file."""
    leader = {rule.key: rule.key for rule in rules}

    def top(key: str) -> str:
        while leader[key] != key:
            key = leader[key]
        return key

    def tied(one: Rule, other: Rule) -> bool:
        if one.take is not None or other.take is not None:
            return False  # a deduction has no limits and is not multiplied
        if {limit.key for limit in one.limits} & {limit.key for limit in other.limits}:
            return True
        return any(
            m.multiply is not None and b.multiply is None and multiplies(m, b)
            for m, b in ((one, other), (other, one))
        )

    for place, one in enumerate(rules):
        for other in rules[:place]:
            if tied(one, other):
                leader[top(one.key)] = top(other.key)
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(top(rule.key), []).append(rule)
    return [Cluster(tuple(group)) for group in groups.values()]


@dataclass
class Replay:
    """One replay of a definition over a history; fills the table `granted` (member, month, rule, points, events)."""

    history: History
    definition: Definition
    wanted: Sequence[Wanted]
    decided_one_by_one: int = 0

    def run(self) -> None:
        """Grant everything. `points` are net of what corrections take back; below zero for deductions."""
        self.history.connection.execute(
            "CREATE OR REPLACE TABLE granted (member VARCHAR, month VARCHAR, rule VARCHAR, points HUGEINT, events BIGINT)"
        )
        self.history.connection.execute(
            "CREATE OR REPLACE TABLE shares AS SELECT of AS seq, num, den FROM ("
            " SELECT of, num, den, row_number() OVER (PARTITION BY of ORDER BY seq DESC) AS newest FROM corrections)"
            " WHERE newest = 1"
        )
        for cluster in clusters_of(self.definition.rules):
            self._replay(cluster)

    def _replay(self, cluster: Cluster) -> None:
        sources = [one for one in self.wanted if any(rule.key in cluster.keys for rule in one.rules)]
        if not sources:
            return
        self._find_overflowing(cluster, sources)
        for source in sources:
            for rule in (rule for rule in source.rules if rule.key in cluster.keys):
                self._sum_the_rest(source, rule, bounded=bool(cluster.limits))
        if cluster.limits:
            self._decide_one_by_one(cluster, sources)

    def _find_overflowing(self, cluster: Cluster, sources: Sequence[Wanted]) -> None:
        """Fill `dirty` with the events that stand in a group of any limit whose wanted amounts do not fit."""
        connection = self.history.connection
        connection.execute("CREATE OR REPLACE TABLE dirty (seq BIGINT)")
        for limit in cluster.limits:
            parts = []
            for source in sources:
                columns = [source.columns[rule.key] for rule in source.rules if limit in rule.limits]
                if columns:
                    used = [
                        f"CASE WHEN {column} > 0 THEN 1 ELSE 0 END"
                        if limit.of is Of.TIMES
                        else f"coalesce({column}, 0)"
                        for column in columns
                    ]
                    some = " OR ".join(f"{column} IS NOT NULL" for column in columns)
                    parts.append(
                        f"SELECT seq, {_holder(limit)} AS holder, {_PERIODS[limit.every]} AS period,"
                        f" {' + '.join(used)} AS used FROM {source.table} WHERE {some}"
                    )
            union = " UNION ALL ".join(parts)
            connection.execute(
                f"INSERT INTO dirty SELECT u.seq FROM ({union}) u JOIN (SELECT holder, period FROM ({union})"
                f" GROUP BY holder, period HAVING sum(used::HUGEINT) > {limit.at_most}) g"
                " ON g.holder = u.holder AND g.period = u.period"
            )
        connection.execute("CREATE OR REPLACE TABLE dirty AS SELECT DISTINCT seq FROM dirty")

    def _sum_the_rest(self, source: Wanted, rule: Rule, *, bounded: bool) -> None:
        """Grant in full, and take back the corrected share of, what no limit touches."""
        column = source.columns[rule.key]
        sign = "-" if rule.take is not None else ""
        taken = f"(({column}::HUGEINT * s.num) // s.den)"
        clean = "AND NOT EXISTS (SELECT 1 FROM dirty d WHERE d.seq = w.seq)" if bounded else ""
        self.history.connection.execute(
            f"INSERT INTO granted SELECT member, strftime(day, '%Y-%m'), ?,"
            f" {sign}(sum({column}::HUGEINT) - sum(coalesce({taken}, 0))), count(*)"
            f" FROM {source.table} w LEFT JOIN shares s USING (seq) WHERE {column} IS NOT NULL {clean}"
            f" GROUP BY 1, 2",
            [rule.key],
        )

    def _decide_one_by_one(self, cluster: Cluster, sources: Sequence[Wanted]) -> None:
        """Decide the dirty events in order, corrections among them, and add up what each rule granted."""
        sequence = _Sequence(self.definition)
        for seq, place, member, day, amounts, num, den in self._dirty_events(cluster, sources):
            if place is None:
                sequence.correct(seq, Fraction(num, den))
                continue
            rules = [rule for rule in sources[place].rules if rule.key in cluster.keys]
            matched = [
                (rule, amount) for rule, amount in zip(rules, amounts, strict=False) if amount is not None
            ]
            sequence.decide(seq, member, day, matched)
            self.decided_one_by_one += 1
        rows = [(*key, points, events) for key, (points, events) in sequence.totals.items()]
        self.history.insert("granted", rows)

    def _dirty_events(
        self, cluster: Cluster, sources: Sequence[Wanted]
    ) -> Iterator[tuple[int, int | None, str, date, list[int | None], int, int]]:
        """Dirty events, and what corrects them (place None, seq that of the corrected), in the order they took effect."""
        widest = max(sum(rule.key in cluster.keys for rule in source.rules) for source in sources)
        parts = []
        for place, source in enumerate(sources):
            columns = [
                f"CASE WHEN {source.matched[rule.key]} THEN 0 END::BIGINT"
                if rule.multiply is not None
                else source.columns[rule.key]
                for rule in source.rules
                if rule.key in cluster.keys
            ]
            columns += ["NULL::BIGINT"] * (widest - len(columns))
            parts.append(
                f"SELECT w.seq AS effect, 0 AS step, w.seq, {place} AS place, member, day,"
                f" [{', '.join(columns)}] AS amounts, 0::HUGEINT AS num, 1::HUGEINT AS den"
                f" FROM {source.table} w JOIN dirty USING (seq)"
            )
        parts.append(
            "SELECT greatest(c.seq, c.of), 1, c.of, NULL, NULL, NULL, NULL, c.num, c.den"
            " FROM corrections c JOIN dirty d ON d.seq = c.of"
        )
        cursor = self.history.connection.cursor()
        cursor.execute(
            "SELECT seq, place, member, day, amounts, num, den"
            f" FROM ({' UNION ALL '.join(parts)}) ORDER BY effect, step, num::DOUBLE / den"
        )
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows


def _holder(limit: Limit) -> str:
    """Who shares a limit, as SQL. Teams are not part of a history yet: see `simulate`, which refuses them."""
    return "member" if limit.per is Per.MEMBER else "''"


class _Sequence:
    """The use of limits as it grows event by event, and shrinks by corrections, exactly as in the live path."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.used: dict[Use, int] = {}
        self.totals: dict[tuple[str, str, str], tuple[int, int]] = {}
        self.decided: dict[int, _Decided] = {}

    def decide(self, seq: int, member: str, day: date, matched: list[tuple[Rule, int]]) -> None:
        """Grant one event's matches within what is left, and add them to the totals."""
        grants, _ = grant(
            matched, stacking=self.definition.stacking, day=day, member=member, teams=(), used=self.used
        )
        self.decided[seq] = _Decided(member, day, {one.rule: [one.amount, 0] for one in grants})
        for one in grants:
            self._add(member, day, one.rule, one.amount, 1)

    def correct(self, seq: int, share: Fraction) -> None:
        """Take back that share, all corrections so far together, of what one event was granted."""
        decided = self.decided.get(seq)
        if decided is None:
            return
        for rule, posted in decided.grants.items():
            amount, before = posted
            taken = max(0, int(amount * share) - before)
            if taken:
                posted[1] += taken
                self._add(decided.member, decided.day, rule, -taken, 0)
                for limit, use in uses_of(rule, day=decided.day, member=decided.member, teams=()):
                    times = 1 if posted[1] == amount else 0
                    less = times if limit.of is Of.TIMES else taken
                    self.used[use] = max(0, self.used.get(use, 0) - less)

    def _add(self, member: str, day: date, rule: Rule, points: int, events: int) -> None:
        key = (member, f"{day.year:04}-{day.month:02}", rule.key)
        before = self.totals.get(key, (0, 0))
        self.totals[key] = (before[0] + points, before[1] + events)


@dataclass(slots=True)
class _Decided:
    """What one event was granted: by rule, the amount and how much of it is taken back."""

    member: str
    day: date
    grants: dict[Rule, list[int]]
