"""What a programme says about recognition, as values, and their stored form.

Points are in the smallest part of the standard's unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any

import msgspec

from plaudit.earning.definitions import Every
from plaudit.foundation.exact import decode, encode

UNDO_MINUTES = 10
PER_DAY = 20
PER_PAIR = 4
PROMPTLY_DAYS = 1
NOTICE_DAYS = 7
WAITS_DAYS = 28
"""So long after the deed a moment waits to be recognised."""


class Source(StrEnum):
    """From whom a recognition came, seen from the one who got it."""

    SUPERVISOR = "supervisor"
    PEER = "peer"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Visible(IntEnum):
    """Who may see a recognition besides giver, recipient and the recipient's supervisor."""

    PRIVATE = 0
    TEAM = 1
    EVERYONE = 2


VISIBLE_WORDS = {"private": Visible.PRIVATE, "team": Visible.TEAM, "everyone": Visible.EVERYONE}


class Behaviour(msgspec.Struct, frozen=True):
    """Something that can be observed: what it means, examples of it, and what recognising it gives each."""

    key: str
    name: str
    means: str = ""
    examples: tuple[str, ...] = ()
    points: int = 0


class Watch(msgspec.Struct, frozen=True):
    """Which events are proposed to a supervisor as a moment: those of the type `on` that meet `when`.

    `shows` are the fields of the event that go along as evidence.
    """

    key: str
    name: str
    on: str
    when: str | None = None
    behaviour: str = ""
    shows: tuple[str, ...] = ()


class Customers(msgspec.Struct, frozen=True):
    """What a customer's thank-you to one person gives, and how many one link takes a day."""

    a_day: int
    points: int = 0


class Nominations(msgspec.Struct, frozen=True):
    """The most points that one nomination may ask for, and what all that are approved come to in a period at most."""

    up_to: int
    budget: int
    every: Every = Every.QUARTER


class Standard(msgspec.Struct, frozen=True):
    """A programme's behaviour standard and the bounds of giving.

    `supervisors` and `colleagues` are what one of them may give away every `every`; nothing is carried over.
    `per_pair` is how often a month one person may give points to another, `per_day` how often somebody may
    recognise. The goals are days: from a deed to its recognition, and between two for the same person. Without
    `customers` nobody thanks from outside, without `nominations` nobody is nominated.
    """

    programme: str
    time_zone: str
    name: str
    unit: str
    behaviours: tuple[Behaviour, ...]
    supervisors: int = 0
    colleagues: int = 0
    every: Every = Every.MONTH
    per_pair: int = PER_PAIR
    per_day: int = PER_DAY
    undo_minutes: int = UNDO_MINUTES
    visible: Visible = Visible.TEAM
    promptly_days: int = PROMPTLY_DAYS
    notice_days: int = NOTICE_DAYS
    audience: tuple[str, ...] = ("staff",)
    watches: tuple[Watch, ...] = ()
    member_fields: dict[str, dict[str, Any]] = {}
    customers: Customers | None = None
    nominations: Nominations | None = None

    def behaviour(self, key: str) -> Behaviour | None:
        """The behaviour of that key, if there is one."""
        return next((one for one in self.behaviours if one.key == key), None)


def store_standard(standard: Standard) -> dict[str, Any]:
    """The standard as plain data for the database: the same standard gives the same data."""
    stored: dict[str, Any] = decode(encode(standard))
    return stored


def read_standard(stored: Mapping[str, Any]) -> Standard:
    """The standard behind its stored form."""
    return msgspec.convert(stored, Standard)
