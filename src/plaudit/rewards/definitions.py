"""What points buy, as a programme file declares it: the values a catalogue is published from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class RewardKind(StrEnum):
    """What a reward is. How it reaches the member follows from it, and from whether a supplier is named."""

    CODE = "code"
    GIFT_CARD = "gift_card"
    DISCOUNT = "discount"
    PHYSICAL = "physical"
    TRAVEL = "travel"
    MEAL = "meal"
    EVENT = "event"
    EARLY_ACCESS = "early_access"
    NOTE = "note"
    DONATION = "donation"
    OTHER = "other"


class Fulfilment(StrEnum):
    """How a reward reaches the member.

    POOL: a code out of our own pool. SUPPLIER: an order placed with a supplier. HAND: somebody sends or
    arranges it. AT_ONCE: redeeming is all there is to it.
    """

    POOL = "pool"
    SUPPLIER = "supplier"
    HAND = "hand"
    AT_ONCE = "at_once"


class RewardPeriod(StrEnum):
    """The period in which a member may have a reward so many times, in the programme's time zone."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    LIFETIME = "lifetime"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder: what it costs, in the unit's smallest part, and what it is worth.

    `value_minor` is money, `percent` a discount; one of them stands. `approval` says that a second person
    must agree.
    """

    price: int
    value_minor: int | None = None
    percent: int | None = None
    approval: bool = False


@dataclass(frozen=True, slots=True)
class RewardDefinition:
    """One reward of one version of a programme. `key` is its identity across versions.

    `price` is in the unit's smallest part, that of the lowest step where there is a ladder. `stock` is how
    many there are in all (of an event, its places), None where there is no end to them; `per_member` how
    many one member may have in each period `every`, None for any number. `value_minor` is what one is
    worth, in minor units of `currency`, and `percent` what a discount takes off, None where that is not
    said. `money_minor` is paid beside the points. `audience` lists the kinds of members it is offered to,
    and `eligible` is a condition over `member_fields` that a member must meet. It is offered from
    `starts_at` up to, not including, `ends_at`, where given. `approval` says that a second person must
    agree; `hold_days` after how many days a redemption that came to nothing is given back; `needs_address`
    that the member must say where to. `supplier` delivers `product` for `cost_minor`; `charity` receives a
    donation. `image` names a picture of our own.
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
    percent: int | None = None
    currency: str = ""
    money_minor: int = 0
    ladder: tuple[Step, ...] = ()
    cancel_until_fulfilled: bool = True
    audience: tuple[str, ...] = ()
    eligible: str = ""
    member_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    approval: bool = False
    hold_days: int | None = None
    needs_address: bool = False
    supplier: str = ""
    product: str = ""
    cost_minor: int | None = None
    charity: str = ""
    image: str = ""
    terms: str = ""
    tax: str = ""

    @property
    def fulfilment(self) -> Fulfilment:
        """How it reaches the member."""
        if self.supplier:
            return Fulfilment.SUPPLIER
        if self.kind in (RewardKind.CODE, RewardKind.GIFT_CARD, RewardKind.DISCOUNT):
            return Fulfilment.POOL
        if self.kind is RewardKind.EARLY_ACCESS or self.charity:
            return Fulfilment.AT_ONCE
        return Fulfilment.HAND

    @property
    def is_plain(self) -> bool:
        """Whether points are all that is asked and given for it: no step, condition, money, second person or supplier."""
        return not (
            self.ladder
            or self.eligible
            or self.money_minor
            or self.approval
            or self.hold_days
            or self.needs_address
            or self.supplier
            or self.percent
            or self.fulfilment is Fulfilment.AT_ONCE
        )
