"""What points buy, as a programme file declares it: the values a catalogue is published from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RewardKind(StrEnum):
    """How a reward reaches the member: a code from a pool, a parcel, a gift to a charity, or otherwise."""

    CODE = "code"
    PHYSICAL = "physical"
    DONATION = "donation"
    OTHER = "other"


class RewardPeriod(StrEnum):
    """The period in which a member may have a reward so many times, in the programme's time zone."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    LIFETIME = "lifetime"


@dataclass(frozen=True, slots=True)
class RewardDefinition:
    """One reward of one version of a programme. `key` is its identity across versions.

    `price` is in the unit's smallest part. `stock` is how many there are in all, None where there is no
    end to them; `per_member` how many one member may have in each period `every`, None for any number.
    `value_minor` is what one is worth, in minor units of `currency`, None where that is not said.
    `audience` lists the kinds of members it is offered to. It is offered from `starts_at` up to, not
    including, `ends_at`, where given.
    """

    key: str
    name: str
    unit: str
    price: int
    kind: RewardKind = RewardKind.OTHER
    description: str = ""
    stock: int | None = None
    per_member: int | None = None
    every: RewardPeriod = RewardPeriod.LIFETIME
    value_minor: int | None = None
    currency: str = ""
    cancel_until_fulfilled: bool = True
    audience: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
