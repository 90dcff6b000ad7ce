"""A programme as values: what its file says, in the order it says it, with every default filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from plaudit.earning.definitions import Every, Per, Stacking
from plaudit.earning.expressions.types import FieldKind, FieldType
from plaudit.learning.definitions import Learning
from plaudit.membership.definitions import Scheme
from plaudit.planning.programme_file.birthdays import Birthdays
from plaudit.planning.programme_file.engaging import Badge, Pursuit
from plaudit.planning.programme_file.offers import Offer
from plaudit.planning.programme_file.phrases import Expiry, Quantity
from plaudit.planning.programme_file.public import Public
from plaudit.planning.programme_file.recognition import Recognition
from plaudit.planning.programme_file.referrals import Referrals
from plaudit.planning.programme_file.segments import Segment
from plaudit.planning.programme_file.tiers import Ladder
from plaudit.surveys.definitions import Surveys

FORMAT = 1
APPROVAL_FROM = Decimal(1000)
_NEVER = Expiry()
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """From `starts` up to, not including, `ends`: local times of the programme, either may be absent."""

    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted. `worth` is what one whole unit is worth, in the programme's currency.

    A manual adjustment of `approval_from` whole units or more needs a second person; none does without it.
    """

    key: str
    one: str
    other: str
    precision: int = 0
    worth: Decimal | None = None
    expiry: Expiry = _NEVER
    may_owe: bool = False
    approval_from: Decimal | None = APPROVAL_FROM
    writes_off: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """A kind of event: what its data carries and, for a correction, what it corrects and how much of it.

    `enrols` is the kind of member made of somebody its events name for the first time, "" where not said.
    """

    key: str
    title: str
    description: str = ""
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    extra_fields: bool = True
    corrects: str = ""
    part: str = ""
    enrols: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """What the programme is for; rules name it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so much. `unit` is the key of the unit counted, empty where `at_most` counts times.

    `at_most.of` is a unit's key, a currency, or "times". `name` replaces the key made of the parts.
    """

    stays_as_written: ClassVar[bool] = True
    at_most: Quantity
    every: Every
    per: Per
    unit: str = ""
    partial: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """What happened to whom and when, and how much must come of it, unit by unit, in whole units.

    The example of a rule has one amount, under the rule's own unit; `on` names the activity.
    """

    on: str
    given: Mapping[str, Any] = field(default_factory=dict)
    member: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    earns: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """What happened, under which condition, and what it earns. Expressions stay as they are written.

    `rounding` is `order` or `day` where what it earns is rounded for several together, "" for each by itself.
    """

    key: str
    name: str
    on: str
    unit: str
    when: str = ""
    earn: str = ""
    take: str = ""
    multiply: Decimal | None = None
    of: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    window: Window = Window()
    pending_days: int = 0
    pending_until: str = ""
    limits: tuple[Limit, ...] = ()
    because: str = ""
    objective: str = ""
    examples: tuple[Example, ...] = ()
    rounding: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """Rules that are in force for a time, and may share a budget."""

    key: str
    name: str
    description: str = ""
    window: Window = Window()
    limits: tuple[Limit, ...] = ()
    rules: tuple[Rule, ...] = ()
    budget: Limit | None = None


@dataclass(frozen=True, slots=True)
class LadderStep:
    """So many whole units for so much money, or for so many percent off."""

    price: Decimal
    value: Decimal | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Reward:
    """What points buy. `price` is in whole units, `value` in the programme's currency.

    Where there is a ladder, price and value are those of its lowest step. `approval_from` is an amount of
    the reward's unit, or of money where `approval_in_money`.
    """

    key: str
    name: str
    unit: str
    price: Decimal
    kind: str = "other"
    description: str = ""
    stock: int | None = None
    per_member: int | None = None
    every: Every = Every.LIFETIME
    value: Decimal | None = None
    cancel_until_fulfilled: bool = True
    audience: tuple[str, ...] = ()
    window: Window = Window()
    ladder: tuple[LadderStep, ...] = ()
    percent: int | None = None
    money: Decimal | None = None
    approval_from: Decimal | None = None
    approval_in_money: bool = False
    hold_days: int | None = None
    address: bool = False
    supplier: str = ""
    product: str = ""
    cost: Decimal | None = None
    charity: str = ""
    eligible: str = ""
    image: str = ""
    terms: str = ""
    tax: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme, whole.

    `language` is the one its texts are written in, "" for the organisation's; `translations` has by further
    languages texts as they are written, or their places, with what they are in it.
    """

    key: str
    name: str
    description: str = ""
    audience: tuple[str, ...] = ()
    time_zone: str = "UTC"
    currency: str = ""
    units: tuple[Unit, ...] = ()
    activities: tuple[Activity, ...] = ()
    member_fields: Mapping[str, FieldType] = field(default_factory=dict)
    objectives: tuple[Objective, ...] = ()
    stacking: Stacking = Stacking.ADD
    rules: tuple[Rule, ...] = ()
    limits: tuple[Limit, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    rewards: tuple[Reward, ...] = ()
    challenges: tuple[Pursuit, ...] = ()
    streaks: tuple[Pursuit, ...] = ()
    competitions: tuple[Pursuit, ...] = ()
    achievements: tuple[Pursuit, ...] = ()
    badges: tuple[Badge, ...] = ()
    referrals: Referrals | None = None
    birthdays: Birthdays | None = None
    recognition: Recognition | None = None
    tiers: tuple[Ladder, ...] = ()
    segments: tuple[Segment, ...] = ()
    offers: tuple[Offer, ...] = ()
    examples: tuple[Example, ...] = ()
    membership: Scheme | None = None
    public: Public | None = None
    learning: Learning | None = None
    surveys: Surveys | None = None
    language: str = ""
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def all_rules(self) -> Iterator[tuple[Rule, Campaign | None]]:
        """Every rule in the order of the file, with the campaign it belongs to."""
        yield from ((rule, None) for rule in self.rules)
        yield from ((rule, campaign) for campaign in self.campaigns for rule in campaign.rules)

    def standing(self) -> dict[str, FieldType]:
        """What the practices of this file say of a member, name by name; it is kept in `people`."""
        sold = self.membership is not None and bool(self.membership.terms)
        return {
            **{name: FieldType(FieldKind.TEXT, nullable=True) for name in ("level", "profession") if sold},
            **dict(ladder.standing for ladder in self.tiers),
            **dict(segment.standing for segment in self.segments),
            **dict(offer.standing for offer in self.offers),
        }

    def known_of_members(self) -> dict[str, FieldType]:
        """What expressions may ask of a member: the attributes declared, and how the member stands."""
        return {**self.member_fields, **self.standing()}

    def unit(self, key: str) -> Unit:
        """The unit of that key, which the check has found to exist."""
        return next(unit for unit in self.units if unit.key == key)

    def activity(self, key: str) -> Activity:
        """The activity of that key, which the check has found to exist."""
        return next(activity for activity in self.activities if activity.key == key)


def path_of(rule: Rule, campaign: Campaign | None) -> Path:
    """Where a rule stands in the file."""
    return ("rules", rule.key) if campaign is None else ("campaigns", campaign.key, "rules", rule.key)
