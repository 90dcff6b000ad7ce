"""What the programme file says of tiers and segments, as values, and in the form in which it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from plaudit.foundation.told import told_through


class Within(StrEnum):
    """The time whose amounts count: half-open, in whole days of the programme's time zone."""

    CALENDAR_YEAR = "calendar_year"
    MONTHS = "months"
    EVER = "ever"
    MEMBERSHIP_YEAR = "membership_year"


class Keep(StrEnum):
    """How long a level is kept once reached: while the amount lasts, months, or whole years."""

    WHILE_IT_LASTS = "while_it_lasts"
    MONTHS = "months"
    END_OF_YEAR = "end_of_year"
    END_OF_NEXT_YEAR = "end_of_next_year"


class Downgrade(StrEnum):
    """What becomes of a level that is kept no longer."""

    RECALCULATED = "recalculated"
    ONE_STEP = "one_step"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted of each member's activity: points of a unit earned, or events of one type.

    With `earned` (a unit's key) the points that rules granted count, in the unit's smallest part. With `on`
    (an event type) each event counts that `when` holds for: `amount` of it, an expression for a whole
    number, or 1. What corrections take back does not count.
    """

    earned: str = ""
    on: str = ""
    when: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a ladder, reached from an amount on (in the measure's smallest part)."""

    key: str
    name: str
    reached_from: int
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """One ladder of tiers. Levels rise. `months` and `keep_months` matter where a period is in months."""

    key: str
    name: str
    measure: Measure
    levels: tuple[Level, ...]
    within: Within = Within.CALENDAR_YEAR
    months: int = 0
    keep: Keep = Keep.WHILE_IT_LASTS
    keep_months: int = 0
    downgrade: Downgrade = Downgrade.RECALCULATED
    grace_days: int = 0
    warn_days: int = 30
    audience: tuple[str, ...] = ()

    @property
    def standing_name(self) -> str:
        """The name under which members stand on this ladder: `member.<name>` in expressions."""
        return standing_name(self.key)


def standing_name(key: str) -> str:
    """A key as a name in expressions, which know no hyphens."""
    return key.replace("-", "_")


def store_measure(measure: Measure) -> dict[str, str]:
    """As plain data, without what is not said."""
    said = {"earned": measure.earned, "on": measure.on, "when": measure.when, "amount": measure.amount}
    return {name: value for name, value in said.items() if value}


def read_measure(stored: Mapping[str, str]) -> Measure:
    """The measure behind its stored form."""
    return Measure(**stored)


def store_ladder(ladder: Ladder) -> dict[str, Any]:
    """As plain data: the same ladder gives the same data."""
    return {
        "key": ladder.key,
        "name": ladder.name,
        "measure": store_measure(ladder.measure),
        "levels": [
            {"key": one.key, "name": one.name, "from": one.reached_from, "benefits": list(one.benefits)}
            for one in ladder.levels
        ],
        "within": ladder.within.value,
        "months": ladder.months,
        "keep": ladder.keep.value,
        "keep_months": ladder.keep_months,
        "downgrade": ladder.downgrade.value,
        "grace_days": ladder.grace_days,
        "warn_days": ladder.warn_days,
        "audience": list(ladder.audience),
    }


def read_ladder(stored: Mapping[str, Any]) -> Ladder:
    """The ladder behind its stored form, told to whoever reads."""
    ladder = Ladder(
        key=stored["key"],
        name=stored["name"],
        measure=read_measure(stored["measure"]),
        levels=tuple(
            Level(one["key"], one["name"], one["from"], tuple(one["benefits"])) for one in stored["levels"]
        ),
        within=Within(stored["within"]),
        months=stored["months"],
        keep=Keep(stored["keep"]),
        keep_months=stored["keep_months"],
        downgrade=Downgrade(stored["downgrade"]),
        grace_days=stored["grace_days"],
        warn_days=stored["warn_days"],
        audience=tuple(stored["audience"]),
    )
    return told_through(ladder)


class FactKind(StrEnum):
    """What a segment asks of a measure; ranks go from 1 to 5, and 5 is the best fifth of those who count."""

    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    DAYS_SINCE = "days_since"
    RANK_HOW_MANY = "rank_how_many"
    RANK_HOW_MUCH = "rank_how_much"
    RANK_DAYS_SINCE = "rank_days_since"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a segment asks of a member's activity, by the name it has in the condition.

    `days` is how far back it looks, today included; 0 is all time.
    """

    name: str
    kind: FactKind
    measure: Measure
    days: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """Members for whom a condition holds. `teams` are keys: whoever is in one of them now, or everybody.

    `member_fields` declares what the condition may ask of a member, each as a stored field type.
    """

    key: str
    name: str
    when: str
    facts: tuple[Fact, ...] = ()
    teams: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    member_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def standing_name(self) -> str:
        """The name under which members are in it: `member.<name>` is true, or missing."""
        return standing_name(self.key)


def store_segment(segment: Segment) -> dict[str, Any]:
    """As plain data: the same segment gives the same data."""
    return {
        "key": segment.key,
        "name": segment.name,
        "when": segment.when,
        "facts": [
            {
                "name": fact.name,
                "kind": fact.kind.value,
                "measure": store_measure(fact.measure),
                "days": fact.days,
            }
            for fact in segment.facts
        ],
        "teams": list(segment.teams),
        "audience": list(segment.audience),
        "member_fields": {name: dict(spec) for name, spec in segment.member_fields.items()},
    }


def read_segment(stored: Mapping[str, Any]) -> Segment:
    """The segment behind its stored form, told to whoever reads."""
    segment = Segment(
        key=stored["key"],
        name=stored["name"],
        when=stored["when"],
        facts=tuple(
            Fact(one["name"], FactKind(one["kind"]), read_measure(one["measure"]), one["days"])
            for one in stored["facts"]
        ),
        teams=tuple(stored["teams"]),
        audience=tuple(stored["audience"]),
        member_fields=stored["member_fields"],
    )
    return told_through(segment)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is made to the members of a segment between two moments, or to single people, and what follows it.

    `control_percent` of those in the segment get nothing. With `accept` it holds only for those who took it.
    `goal` is what the report looks for in both groups. What an offer gives is said by rules, which ask for
    `member.<key>`: limits and budgets are theirs.
    """

    key: str
    name: str
    segment: str = ""
    accept: bool = False
    control_percent: int = 0
    goal: Measure | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def standing_name(self) -> str:
        """The name under which it holds for members: `member.<name>` is true, or missing."""
        return standing_name(self.key)


def store_offer(offer: Offer) -> dict[str, Any]:
    """As plain data: the same offer gives the same data."""
    return {
        "key": offer.key,
        "name": offer.name,
        "segment": offer.segment,
        "accept": offer.accept,
        "control_percent": offer.control_percent,
        "goal": store_measure(offer.goal) if offer.goal is not None else None,
        "starts_at": offer.starts_at.isoformat() if offer.starts_at else None,
        "ends_at": offer.ends_at.isoformat() if offer.ends_at else None,
    }


def read_offer(stored: Mapping[str, Any]) -> Offer:
    """The offer behind its stored form, told to whoever reads."""
    offer = Offer(
        key=stored["key"],
        name=stored["name"],
        segment=stored["segment"],
        accept=stored["accept"],
        control_percent=stored["control_percent"],
        goal=read_measure(stored["goal"]) if stored["goal"] is not None else None,
        starts_at=datetime.fromisoformat(stored["starts_at"]) if stored["starts_at"] else None,
        ends_at=datetime.fromisoformat(stored["ends_at"]) if stored["ends_at"] else None,
    )
    return told_through(offer)
