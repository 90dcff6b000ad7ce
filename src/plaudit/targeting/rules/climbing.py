"""Where a member stands on a ladder: worked out from what counted on which day, and from nothing else.

Whether an amount came late, twice or was taken back in between leaves no trace: the same amounts on the
same days give the same level, since the same day, kept as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heapify, heappop, heappush

from plaudit.targeting.definitions import Downgrade, Keep, Ladder
from plaudit.targeting.rules.calendar import kept_until, stops_counting

NO_LEVEL = -1
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Climbed:
    """A member's place on a ladder on one day.

    `level` is its number from 0, or NO_LEVEL. `amount` is what counts on that day. `keep_until` is the first
    day on which the level is not sure any more. `falls_on` is the day on which it goes if nothing more
    counts, and `falls_to` the level then; None where it stays.
    """

    level: int
    since: date | None
    keep_until: date | None
    amount: int
    falls_on: date | None = None
    falls_to: int = NO_LEVEL


def climb(ladder: Ladder, amounts: Mapping[date, int], *, today: date, anchor: date) -> Climbed:
    """The place on the ladder after these amounts (by day, also below zero), on `today`.

    Amounts of days after today are left out. `anchor` is the day on which the member's years begin.
    """
    climber = _Climber(ladder, {day: amount for day, amount in amounts.items() if day <= today}, anchor)
    climber.begin(today)
    climber.go_on(until=today)
    level, since, amount = climber.level, climber.since, climber.total(today)
    keep_until = climber.keep_until if level != NO_LEVEL else None
    climber.go_on(until=None)
    if climber.level < level:
        return Climbed(level, since, keep_until, amount, climber.since, climber.level)
    return Climbed(level, since, keep_until, amount)


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which a member came to stand on a level, by its number, or on NO_LEVEL."""

    day: date
    level: int


def turns(ladder: Ladder, amounts: Mapping[date, int], *, today: date, anchor: date) -> list[Turn]:
    """Every change of level up to `today`, the first first, as what is known now says it was."""
    climber = _Climber(ladder, {day: amount for day, amount in amounts.items() if day <= today}, anchor)
    climber.begin(today)
    climber.go_on(until=today)
    return climber.turns


class _Climber:
    """Goes through the days on which anything can change, in order."""

    def __init__(self, ladder: Ladder, amounts: Mapping[date, int], anchor: date) -> None:
        self.ladder = ladder
        self.amounts = amounts
        self.gains = sorted(amounts.items())
        self.losses = sorted(
            (stops, amount)
            for day, amount in self.gains
            if (stops := stops_counting(ladder, day, anchor)) is not None
        )
        self.level = NO_LEVEL
        self.since: date | None = None
        self.keep_until = date.min
        self.below_since: date | None = None
        self.days = [day for day, _ in self.gains] + [day for day, _ in self.losses]
        heapify(self.days)
        self.gained = self.lost = self.gain_place = self.loss_place = 0
        self.lands_on = NO_LEVEL
        self.turns: list[Turn] = []

    def begin(self, today: date) -> None:
        """A level that takes nothing is everybody's from the first day on."""
        first = self.days[0] if self.days else today
        self.level = self.reached(0)
        self.since = first if self.level != NO_LEVEL else None
        if self.level != NO_LEVEL:
            self.turns.append(Turn(first, self.level))

    def total(self, day: date) -> int:
        """What counts on `day`; days are asked in order."""
        while self.gain_place < len(self.gains) and self.gains[self.gain_place][0] <= day:
            self.gained += self.gains[self.gain_place][1]
            self.gain_place += 1
        while self.loss_place < len(self.losses) and self.losses[self.loss_place][0] <= day:
            self.lost += self.losses[self.loss_place][1]
            self.loss_place += 1
        return self.gained - self.lost

    def reached(self, amount: int) -> int:
        """The highest level that an amount reaches."""
        found = NO_LEVEL
        for number, level in enumerate(self.ladder.levels):
            if amount >= level.reached_from:
                found = number
        return found

    def go_on(self, *, until: date | None) -> None:
        """Pass every day up to `until`; without it, to the first fall or until nothing can change."""
        before, level = None, self.level
        while self.days and (until is None or self.days[0] <= until):
            day = heappop(self.days)
            if day != before:
                self.pass_day(day)
            before = day
            if until is None and (self.level < level or self.is_settled()):
                return

    def is_settled(self) -> bool:
        """Whether nothing that is still to come can bring the level down."""
        return self.below_since is None and self.loss_place == len(self.losses) and not self.is_too_low()

    def is_too_low(self) -> bool:
        return self.reached(self.gained - self.lost) < self.level

    def pass_day(self, day: date) -> None:
        reached_before = self.reached(self.gained - self.lost)
        reached = self.reached(self.total(day))
        counted = self.amounts.get(day, 0) > 0
        if reached > self.level:
            self.stand(reached, day, kept_until(self.ladder, day))
        elif reached == self.level:
            self.below_since = None
            if counted and reached != NO_LEVEL:
                self.keep(max(self.keep_until, kept_until(self.ladder, day)))
        elif day >= self.keep_until:
            self.fall(day, reached, reached_before)

    def fall(self, day: date, reached: int, reached_before: int) -> None:
        """Begin the days of grace, or end them."""
        if self.below_since is None:
            self.below_since = day
            self.lands_on = self.landing(reached_before)
            heappush(self.days, day + self.ladder.grace_days * _ONE_DAY)
        if (day - self.below_since).days >= self.ladder.grace_days:
            landed = max(reached, min(self.lands_on, self.level - 1))
            self.stand(landed, day, kept_until(self.ladder, day, fallen=True))

    def landing(self, reached_before: int) -> int:
        """The level below: the next one, or what the amount of the last sure day reached."""
        if self.ladder.downgrade is Downgrade.ONE_STEP:
            return self.level - 1
        return NO_LEVEL if self.ladder.keep is Keep.WHILE_IT_LASTS else reached_before

    def stand(self, level: int, day: date, keep_until: date) -> None:
        self.level, self.since, self.below_since = level, day, None
        self.turns.append(Turn(day, level))
        self.keep(keep_until)

    def keep(self, until: date) -> None:
        self.keep_until = until
        if self.level != NO_LEVEL and self.ladder.keep is not Keep.WHILE_IT_LASTS:
            heappush(self.days, until)
