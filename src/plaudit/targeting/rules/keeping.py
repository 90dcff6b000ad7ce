"""What would keep a level from going, and what the next one takes: worked out by climbing with a little more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from plaudit.targeting.definitions import Ladder, Level
from plaudit.targeting.rules.climbing import NO_LEVEL, Climbed, climb

_MOST = 10**15


@dataclass(frozen=True, slots=True)
class Needed:
    """So much more, in the measure's smallest part, counted by a day: that day itself is the last."""

    amount: int
    by: date


def needed_to_keep(
    ladder: Ladder, amounts: Mapping[date, int], climbed: Climbed, *, today: date, anchor: date
) -> Needed | None:
    """The least that keeps the level beyond its fall, if it counts on the last day before.

    None where it does not go, and where nothing that day would help: a calendar year begins anew whatever
    was counted in the old one.
    """
    if climbed.falls_on is None:
        return None
    falls_on, by = climbed.falls_on, climbed.falls_on - timedelta(days=1)
    counted = {day: amount for day, amount in amounts.items() if day <= today}

    def keeps(more: int) -> bool:
        with_more = {**counted, by: counted.get(by, 0) + more}
        return climb(ladder, with_more, today=falls_on, anchor=anchor).level >= climbed.level

    if not keeps(_MOST):
        return None
    low, high = 0, _MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return Needed(high, by)


def next_level(ladder: Ladder, climbed: Climbed) -> tuple[Level, int] | None:
    """The level above, and how much more reaches it as long as what counts today does; None on the highest."""
    above = climbed.level + 1 if climbed.level != NO_LEVEL else 0
    if above >= len(ladder.levels):
        return None
    level = ladder.levels[above]
    return level, max(level.reached_from - climbed.amount, 0)
