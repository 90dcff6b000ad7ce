"""What a programme says about keeping people going, as values, and their stored form.

Everything that is counted is counted in hundredths: an event counts 100, and a sum has two decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from plaudit.earning.definitions import Every
from plaudit.foundation.exact import decode, encode

DECIMALS = 2
ONE = 10**DECIMALS
EXACT_DECIMALS_MAX = 6


class Kind(StrEnum):
    """What a part of a programme is."""

    CHALLENGE = "challenge"
    STREAK = "streak"
    COMPETITION = "competition"
    EXTRA = "extra"
    """What the events of a streak earn besides; it has its identity with its streak."""
    REFERRAL = "referral"
    ACHIEVEMENT = "achievement"
    """What a member did in all, for as long as they are one."""
    BADGE = "badge"
    ROUNDING = "rounding"
    """What a rule earns of several events together, before it is rounded; kept with what it earned of each."""
    ROUNDED = "rounded"
    WELCOME = "welcome"
    """What a referred friend gets; it has its identity with the referrals."""

    @property
    def identities(self) -> tuple[Kind, ...]:
        """Itself, and what is kept beside it under an identity of its own."""
        beside = {Kind.STREAK: Kind.EXTRA, Kind.REFERRAL: Kind.WELCOME}
        return (self, beside[self]) if self in beside else (self,)


class Together(StrEnum):
    """Which events of a member are rounded together: those of one order, or of one day."""

    ORDER = "order"
    DAY = "day"


class Span(StrEnum):
    """What a streak counts in a row."""

    DAY = "day"
    WEEK = "week"
    EDITION = "edition"


class Step(msgspec.Struct, frozen=True):
    """Something to reach: how much of what is counted, and the badge it gives, "" for none.

    `at` is in hundredths for a challenge, a number of days, weeks or editions for a streak, and a place in a
    competition.
    """

    at: int
    badge: str = ""


class Part(msgspec.Struct, frozen=True):
    """One challenge, streak or competition: what counts for it, of whom, and in which periods.

    What counts is each event of the type `on` that meets `when`: one for each, or the value of `sum`.
    `every` is its period in the programme's time zone, a lifetime for one that never begins anew.

    A streak counts each `span` once, where `rest` missed ones in every `rest_every` do not break it. Its last
    step is reached once more after `again` further ones, 0 for never. Days are the programme's, or by
    `members_midnight` those of the member's attribute `time_zone`. `edition` gives an edition's number, by
    default the year; `cancelled` ones neither count nor break. From the first step on its events earn
    `multiply` times what they earned of the `unit`.

    The steps of a competition are its places. Of two who are alike the one who got there first is ahead, or
    they share the place and the next is left out. It is decided `wait_days` after its period.

    A rule whose `unit` has `precision` decimals is rounded for events `together`: `sum` is what each would earn,
    with `exact` decimals, and of the same key what it earned by itself.

    A badge counts nothing itself: where it has a condition, `when` asks how often other parts were reached.

    Of referrals one event of the friend is enough that counts the step's `at`, within `within_days` of redeeming
    the code. `link` has {code} where the code goes.
    """

    kind: Kind
    key: str
    name: str
    on: str = ""
    when: str | None = None
    sum: str | None = None
    every: Every = Every.LIFETIME
    audience: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    unit: str = ""
    span: Span = Span.DAY
    rest: int = 0
    rest_every: Every = Every.WEEK
    again: int = 0
    members_midnight: bool = False
    edition: str | None = None
    cancelled: tuple[int, ...] = ()
    multiply: Decimal | None = None
    shares_places: bool = False
    wait_days: int = 0
    within_days: int = 0
    link: str = ""
    description: str = ""
    together: Together = Together.DAY
    precision: int = 0
    exact: int = DECIMALS

    @property
    def identity(self) -> tuple[Kind, str]:
        """What it is, across versions of its programme."""
        return self.kind, self.key


class Birthdays(msgspec.Struct, frozen=True):
    """How a programme celebrates birthdays: from so many days before the day up to so many after it.

    `leap_day` is the month and day (`02-28`) on which somebody born on 29 February celebrates in other years.
    """

    name: str
    before_days: int = 0
    after_days: int = 0
    leap_day: str = "02-28"
    audience: tuple[str, ...] = ()


class Definition(msgspec.Struct, frozen=True):
    """All of it of one version of one programme. `member_fields` are stored field types by name."""

    programme: str
    time_zone: str
    parts: tuple[Part, ...] = ()
    member_fields: dict[str, dict[str, Any]] = {}
    birthdays: Birthdays | None = None

    @property
    def asks_nothing(self) -> bool:
        """Whether there is nothing to keep anybody going by."""
        return not self.parts and self.birthdays is None

    @property
    def asks_for_clocks(self) -> bool:
        """Whether anything goes by the members' own midnights."""
        return any(part.members_midnight for part in self.parts)


def store_definition(definition: Definition) -> dict[str, Any]:
    """The definition as plain data for the database: the same definition gives the same data."""
    stored: dict[str, Any] = decode(encode(definition))
    return stored


def read_definition(stored: Mapping[str, Any]) -> Definition:
    """The definition behind its stored form."""
    return msgspec.convert(stored, Definition)


def count_name(key: str) -> str:
    """The name by which a badge's condition asks for a part."""
    return key.replace("-", "_")


COUNTABLE = (Kind.ACHIEVEMENT, Kind.CHALLENGE, Kind.STREAK)
"""What badges may ask for."""


def counted(number: Decimal | int) -> int:
    """A number in hundredths."""
    return int(Decimal(number).scaleb(DECIMALS))


def shown_count(amount: int) -> Decimal:
    """Hundredths as the number a person reads: 500 is 5."""
    number = Decimal(amount).scaleb(-DECIMALS)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
