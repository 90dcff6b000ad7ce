"""Certifications made of steps: who has come to the end of one, or has renewed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from plaudit.learning.definitions import Learning, Offering


@dataclass(frozen=True, slots=True)
class Done:
    """One completion that stands, on its day."""

    offering: str
    day: date


def minutes_in(learning: Learning, offering: Offering) -> int:
    """The minutes of instruction in an offering: its own, or for a certification those of all its steps."""
    steps = [step for step in learning.offerings if step.key in offering.steps]
    return offering.minutes + sum(minutes_in(learning, step) for step in steps)


def steps_missing(offering: Offering, done: Iterable[Done]) -> tuple[str, ...]:
    """The steps nobody has yet seen this member complete."""
    known = {one.offering for one in done}
    return tuple(step for step in offering.steps if step not in known)


def certified_now(offering: Offering, done: Iterable[Done], *, certified_on: date | None) -> bool:
    """Whether a certification with steps is completed now, for the first time or once more.

    For the first time when all its steps were completed; once more when all of its renewal was completed after
    the day on which it was certified last.
    """
    if not offering.steps:
        return False
    if certified_on is None:
        return not steps_missing(offering, done)
    since = {one.offering for one in done if one.day > certified_on}
    return set(offering.renewal or offering.steps) <= since


def prerequisites_missing(offering: Offering, completed: Iterable[str]) -> tuple[str, ...]:
    """What must be completed before this can be registered for, and was not."""
    known = set(completed)
    return tuple(key for key in offering.after if key not in known)


def going_round(learning: Learning) -> tuple[str, ...]:
    """The keys of offerings that ask, over however many others, for themselves; none where all is well."""
    asks = {one.key: (*one.after, *one.steps, *one.renewal) for one in learning.offerings}
    return tuple(key for key in asks if _reaches(asks, key, key, set()))


def _reaches(asks: Mapping[str, tuple[str, ...]], start: str, wanted: str, seen: set[str]) -> bool:
    for key in asks.get(start, ()):
        if key == wanted:
            return True
        if key not in seen:
            seen.add(key)
            if _reaches(asks, key, wanted, seen):
                return True
    return False
