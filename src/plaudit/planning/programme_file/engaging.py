"""Challenges, streaks, competitions, achievements and badges as values: what a file says of them, with every default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plaudit.earning.definitions import Every


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to reach: how much, how many in a row or which place; what it earns, in whole units, and its badge."""

    at: Decimal
    earn: Decimal | None = None
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """What a goal gives by its key, or what a condition on counts gives by itself."""

    key: str
    name: str
    description: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Pursuit:
    """A challenge, a streak, a competition or an achievement. What counts is each `on` that meets `when`, or the sum of `sum`.

    `starts` and `ends` are local times, as in a window. A streak counts `spans` (day, week or edition) in a
    row, `rest` missed ones in each `rest_every` allowed; `again` reaches its last goal once more after so
    many further ones, and `multiply` is what its events earn once the first goal is reached. A competition
    ranks who is furthest, by `ties` where two are alike, `wait_days` after its period has ended.
    """

    key: str
    name: str
    on: str
    unit: str
    description: str = ""
    when: str = ""
    sum: str = ""
    every: Every = Every.LIFETIME
    audience: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    goals: tuple[Goal, ...] = ()
    spans: str = "day"
    rest: int = 0
    rest_every: Every = Every.WEEK
    again: int | None = None
    members_midnight: bool = False
    edition: str = ""
    cancelled: tuple[int, ...] = ()
    multiply: Decimal | None = None
    ties: str = "first"
    wait_days: int = 0
