"""Small ladders for tests, and a slow and plain account of where somebody stands: one day after another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from plaudit.targeting.definitions import Downgrade, Keep, Ladder, Level, Measure, Within
from plaudit.targeting.rules.calendar import kept_until, months_after

NEW_YEAR = date(2026, 1, 1)


def make_ladder(*thresholds: int, **parts: Any) -> Ladder:
    """A ladder of levels `l0`, `l1`, … reached from these amounts on."""
    levels = tuple(
        Level(f"l{number}", f"Level {number}", reached_from) for number, reached_from in enumerate(thresholds)
    )
    return Ladder(
        "tier", "Status", levels=levels, **{"measure": Measure(earned="points"), "warn_days": 0, **parts}
    )


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Ladders of every kind."""
    thresholds = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=4)))
    keep = draw(st.sampled_from(Keep))
    downgrades = [Downgrade.RECALCULATED] if keep is Keep.WHILE_IT_LASTS else list(Downgrade)
    return make_ladder(
        *thresholds,
        within=draw(st.sampled_from(Within)),
        months=draw(st.sampled_from([1, 3, 12])),
        keep=keep,
        keep_months=draw(st.sampled_from([1, 6, 12])),
        downgrade=draw(st.sampled_from(downgrades)),
        grace_days=draw(st.sampled_from([0, 0, 1, 30])),
    )


AMOUNTS = st.dictionaries(
    st.integers(0, 900).map(lambda days: date(2024, 1, 15) + timedelta(days=days)),
    st.integers(1, 30),
    max_size=12,
)


class Diary:
    """Where somebody stands, written down every evening, with everything counted anew each time."""

    def __init__(self, ladder: Ladder, amounts: Mapping[date, int], first: date, anchor: date) -> None:
        self.ladder, self.amounts, self.anchor = ladder, amounts, anchor
        self.level = self.reached(0)
        self.keep_until = date.min
        self.below_since: date | None = None
        self.lands_on = -1
        self.day = first - timedelta(days=1)

    def total(self, day: date) -> int:
        return sum(amount for one, amount in self.amounts.items() if one <= day and self.counts(one, day))

    def counts(self, one: date, day: date) -> bool:
        ladder = self.ladder
        if ladder.within is Within.CALENDAR_YEAR:
            return one.year == day.year
        if ladder.within is Within.MONTHS:
            return months_after(one, ladder.months) > day
        if ladder.within is Within.MEMBERSHIP_YEAR:
            return self.years_of(one) == self.years_of(day)
        return True

    def years_of(self, day: date) -> int:
        years = day.year - self.anchor.year
        return years if months_after(self.anchor, 12 * years) <= day else years - 1

    def reached(self, amount: int) -> int:
        return sum(1 for level in self.ladder.levels if amount >= level.reached_from) - 1

    def write(self, until: date) -> int:
        while self.day < until:
            self.evening(self.day + timedelta(days=1))
        return self.level

    def evening(self, day: date) -> None:
        before, reached = self.reached(self.total(self.day)), self.reached(self.total(day))
        self.day = day
        if reached > self.level:
            self.level, self.below_since = reached, None
            self.keep_until = kept_until(self.ladder, day)
        elif reached == self.level:
            self.below_since = None
            if self.amounts.get(day, 0) > 0:
                self.keep_until = max(self.keep_until, kept_until(self.ladder, day))
        elif day >= self.keep_until:
            if self.below_since is None:
                self.below_since = day
                one_step = self.ladder.downgrade is Downgrade.ONE_STEP
                self.lands_on = self.level - 1 if one_step else before
                if self.ladder.keep is Keep.WHILE_IT_LASTS:
                    self.lands_on = -1
            if (day - self.below_since).days >= self.ladder.grace_days:
                self.level = max(reached, min(self.lands_on, self.level - 1))
                self.below_since = None
                self.keep_until = kept_until(self.ladder, day, fallen=True)
