"""Decides drawn events one after the other, corrections among them, by the very function that decides live."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from plaudit.earning.definitions import Definition, Of, Rule
from plaudit.earning.limits import Use, grant, uses_of
from plaudit.planning.simulation.clusters import Cluster
from plaudit.planning.simulation.history import History
from plaudit.planning.simulation.overflowing import Drawn, DrawnSource

Add = Callable[[date, Rule, int, int], None]
Row = tuple[str, str, int]

_FETCHED = 10_000
_KEPT = 50_000


@dataclass
class Deciding:
    """Events on their way through `limits.grant`. `events` counts them; `add` is told every grant and its undoing."""

    history: History
    definition: Definition
    drawn: Drawn
    add: Add
    events: int = 0

    def rows(self) -> Iterator[Row]:
        """What members were granted: (member, unit, points), several rows a member.

        Where limits are each member's own, one member is decided after the other and then forgotten;
        where they are shared, all in the order of decision.
        """
        for of_members in (True, False):
            clusters = {
                place: one for place, one in enumerate(self.drawn.clusters) if one.is_of_members is of_members
            }
            if clusters:
                yield from self._decide(clusters, of_members=of_members)

    def _decide(self, clusters: dict[int, Cluster], *, of_members: bool) -> Iterator[Row]:
        asked = [_rules_asked(source, clusters) for source in self.drawn.sources]
        sequence = _Sequence(self.definition, self.add)
        before = None
        for seq, place, member, day, teams, cut, wanted, num, den in self._in_order(
            clusters, asked, of_members=of_members
        ):
            if of_members and member != before:
                yield from sequence.told()
                sequence = _Sequence(self.definition, self.add)
                before = member
            elif len(sequence.totals) > _KEPT:
                yield from sequence.told()
            if place is None:
                sequence.correct(seq, Fraction(num, den))
                continue
            self.events += 1
            for number, is_cut in zip(clusters, cut, strict=True):
                if is_cut:
                    matched = [
                        (rule, amount)
                        for (rule, cluster), amount in zip(asked[place], wanted, strict=False)
                        if cluster == number and amount is not None
                    ]
                    sequence.decide(seq, member, day, tuple(teams or ()), matched, keep=num > 0)
        yield from sequence.told()

    def _in_order(
        self, clusters: dict[int, Cluster], asked: Sequence[list[tuple[Rule, int]]], *, of_members: bool
    ) -> Iterator[Any]:
        """Events and (with no place) what corrects them, in the order they took effect."""
        cut = " OR ".join(f"d{number}" for number in clusters)
        widest = max(len(rules) for rules in asked)
        parts = []
        for place, source in enumerate(self.drawn.sources):
            columns = [_wanted_by(source, rule) for rule, _ in asked[place]]
            columns += ["NULL::BIGINT"] * (widest - len(columns))
            parts.append(
                f"SELECT w.seq AS effect, 0 AS step, w.seq AS seq, {place} AS place, w.member AS member, w.day AS day,"
                f" {'NULL' if of_members else 't.teams'} AS teams,"
                f" [{', '.join(f'd{number}' for number in clusters)}] AS cut, [{', '.join(columns)}] AS wanted, w.num, w.den"
                f" FROM {source.table} w"
                + ("" if of_members else f" LEFT JOIN ({_TEAMS.format(source.table)}) t USING (seq)")
                + f" WHERE {cut}"
            )
            parts.append(
                "SELECT greatest(c.seq, c.of), 1, c.of, NULL, w.member, NULL, NULL, NULL, NULL, c.num, c.den"
                f" FROM corrections c JOIN {source.table} w ON w.seq = c.of WHERE {cut}"
            )
        order = ("member, " if of_members else "") + "effect, step, num::DOUBLE / den"
        asking = self.history.connection.execute(
            "SELECT seq, place, member, day, teams, cut, wanted, num, den"
            f" FROM ({' UNION ALL '.join(parts)}) ORDER BY {order}"
        )
        while rows := asking.fetchmany(_FETCHED):
            yield from rows


_TEAMS = (
    "SELECT e.seq, list(s.team ORDER BY s.team) AS teams FROM {} e JOIN stays s ON s.member = e.member"
    " AND s.began_at <= e.happened_at AND (s.ended_at IS NULL OR s.ended_at > e.happened_at) GROUP BY e.seq"
)


def _rules_asked(source: DrawnSource, clusters: dict[int, Cluster]) -> list[tuple[Rule, int]]:
    """The rules on this type in these clusters, in the order of the file, each with its cluster's number."""
    mine = {rule.key: number for number, cluster in clusters.items() for rule in cluster.rules}
    return [(rule, mine[rule.key]) for rule in source.wanted.rules if rule.key in mine]


def _wanted_by(source: DrawnSource, rule: Rule) -> str:
    """SQL for what `grant` is given: null where the rule did not match; of a multiplier only that it did."""
    if rule.multiply is not None:
        return f"CASE WHEN {source.wanted.matched[rule.key]} THEN 0 END::BIGINT"
    return f"nullif({source.wanted.columns[rule.key]}, 0)"


class _Sequence:
    """The use of limits as it grows event by event, and shrinks by corrections, exactly as in the live path."""

    def __init__(self, definition: Definition, add: Add) -> None:
        self.definition = definition
        self.add = add
        self.used: dict[Use, int] = {}
        self.totals: dict[tuple[str, str], int] = {}
        self.decided: dict[int, _Decided] = {}

    def told(self) -> Iterator[Row]:
        """What members were granted since this was last asked."""
        yield from ((*key, points) for key, points in self.totals.items())
        self.totals = {}

    def decide(
        self,
        seq: int,
        member: str,
        day: date,
        teams: tuple[str, ...],
        matched: list[tuple[Rule, int]],
        *,
        keep: bool,
    ) -> None:
        """Grant one event's matches within what is left; remember them where a correction is to come."""
        grants, _ = grant(
            matched, stacking=self.definition.stacking, day=day, member=member, teams=teams, used=self.used
        )
        for one in grants:
            self._add(member, day, one.rule, one.amount, 1)
        if keep:
            decided = self.decided.setdefault(seq, _Decided(member, day, teams))
            decided.grants |= {one.rule: [one.amount, 0] for one in grants}

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
                uses = uses_of(rule, day=decided.day, member=decided.member, teams=decided.teams)
                for limit, use in uses:
                    times = 1 if posted[1] == amount else 0
                    less = times if limit.of is Of.TIMES else taken
                    self.used[use] = max(0, self.used.get(use, 0) - less)

    def _add(self, member: str, day: date, rule: Rule, points: int, events: int) -> None:
        self.add(day, rule, points, events)
        self.totals[(member, rule.unit)] = self.totals.get((member, rule.unit), 0) + points


@dataclass(slots=True)
class _Decided:
    """What one event was granted: by rule, the amount and how much of it is taken back."""

    member: str
    day: date
    teams: tuple[str, ...]
    grants: dict[Rule, list[int]] = field(default_factory=dict)
