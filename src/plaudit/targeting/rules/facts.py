"""What a segment asks of a member's days: how many, how much, how long ago, and the rank among all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from plaudit.targeting.definitions import Fact, FactKind

RANKS = 5
Counted = tuple[int, int]
"""What counts on one day: how many events, and how much."""

_RANKED = {
    FactKind.RANK_HOW_MANY: FactKind.HOW_MANY,
    FactKind.RANK_HOW_MUCH: FactKind.HOW_MUCH,
    FactKind.RANK_DAYS_SINCE: FactKind.DAYS_SINCE,
}


def is_rank(fact: Fact) -> bool:
    """Whether the fact compares a member with all others."""
    return fact.kind in _RANKED


def plain_value(fact: Fact, days: Mapping[date, Counted], today: date) -> int | None:
    """The figure itself, for a rank the figure that is ranked; None where there is no last time."""
    kind = _RANKED.get(fact.kind, fact.kind)
    since = today - timedelta(days=fact.days) if fact.days else date.min
    within = {day: counted for day, counted in days.items() if since < day <= today and counted[0] > 0}
    if kind is FactKind.DAYS_SINCE:
        return (today - max(within)).days if within else None
    return sum(times if kind is FactKind.HOW_MANY else amount for times, amount in within.values())


def rank(fact: Fact, value: int | None, cuts: Sequence[int]) -> int | None:
    """The fifth a figure is in, from 1 to 5; None for who has nothing to rank, or before anybody was ranked.

    `cuts` are the greatest figures of the four lower fifths. Equal figures have equal ranks. The fewest days
    since the last time are the best.
    """
    if value is None or not cuts or (value == 0 and fact.kind is not FactKind.RANK_DAYS_SINCE):
        return None
    above = sum(1 for cut in cuts if value > cut)
    return RANKS - above if fact.kind is FactKind.RANK_DAYS_SINCE else 1 + above


def cuts_of(values: Sequence[int]) -> list[int]:
    """The greatest figure of each of the four lower fifths, where as many are in each as can be."""
    ordered = sorted(values)
    if not ordered:
        return []
    return [ordered[max(0, -(-len(ordered) * part // RANKS) - 1)] for part in range(1, RANKS)]
