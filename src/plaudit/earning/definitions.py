"""The earning part of a programme as values: rules, limits and campaigns, read from their stored form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from plaudit.foundation.told import Tongues

CONFIRMS = "confirms"
"""The field in which a confirmation names, by its id, the event of the same source that it confirms."""


class Every(StrEnum):
    """The period a limit counts in, half-open, in the programme's time zone."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    LIFETIME = "lifetime"


class Per(StrEnum):
    """Who shares a limit: each member alone, each team, or everyone under the rule, campaign or programme."""

    MEMBER = "member"
    TEAM = "team"
    ALL = "all"


class Of(StrEnum):
    """What a limit counts."""

    POINTS = "points"
    TIMES = "times"


class Stacking(StrEnum):
    """How several multipliers on one rule combine.

    ADD: two doublings give three times (1 + 1 + 1). MULTIPLY: they give four. BEST: they give two.
    """

    ADD = "add"
    MULTIPLY = "multiply"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so much, per whom, in each period. `key` is its identity across versions.

    `at_most` is in the unit's smallest part, or a number of times. Where `partial` is false a grant
    that does not fit whole is not made at all.
    """

    stays_as_written: ClassVar[bool] = True
    key: str
    at_most: int
    of: Of
    per: Per
    every: Every
    partial: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """What happened, under which condition, and what it earns.

    Exactly one of `earn`, `take` and `multiply` is set: expressions for the first two, a factor above
    one for the last, which adds to what the rules named in `of` grant for the same event. `because` is
    what a member reads beside the points, with places for the event's fields; `objective` names what
    the rule is for. What it earns may be pending for some days, or until an event of the type
    `pending_until` names what earned it. `tongues` are its name and its `because` in further languages.
    """

    key: str
    name: str
    on: str
    unit: str
    when: str | None = None
    earn: str | None = None
    take: str | None = None
    multiply: Fraction | None = None
    of: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    pending_days: int = 0
    pending_until: str = ""
    campaign: str | None = None
    limits: tuple[Limit, ...] = ()
    because: str = ""
    objective: str = ""
    tongues: Tongues = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Definition:
    """All the rules of one version of one programme, in the order they are written.

    `member_fields` declares the attributes of members that rules may name, each as a stored field type.
    """

    programme: str
    time_zone: ZoneInfo
    stacking: Stacking
    rules: tuple[Rule, ...]
    member_fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_definition(stored: Mapping[str, Any]) -> Definition:
    """The definition behind its stored form (see `store_definition`)."""
    return Definition(
        programme=stored["programme"],
        time_zone=ZoneInfo(stored["time_zone"]),
        stacking=Stacking(stored["stacking"]),
        rules=tuple(_read_rule(rule) for rule in stored["rules"]),
        member_fields=stored.get("member_fields", {}),
    )


def _read_rule(stored: Mapping[str, Any]) -> Rule:
    multiply = stored.get("multiply")
    return Rule(
        key=stored["key"],
        name=stored["name"],
        on=stored["on"],
        unit=stored["unit"],
        when=stored.get("when"),
        earn=stored.get("earn"),
        take=stored.get("take"),
        multiply=Fraction(Decimal(multiply)) if multiply is not None else None,
        of=tuple(stored.get("of", ())),
        audience=tuple(stored.get("audience", ())),
        starts_at=datetime.fromisoformat(stored["starts_at"]) if stored.get("starts_at") else None,
        ends_at=datetime.fromisoformat(stored["ends_at"]) if stored.get("ends_at") else None,
        pending_days=stored.get("pending_days", 0),
        pending_until=stored.get("pending_until", ""),
        campaign=stored.get("campaign"),
        limits=tuple(
            Limit(
                key=limit["key"],
                at_most=limit["at_most"],
                of=Of(limit["of"]),
                per=Per(limit["per"]),
                every=Every(limit["every"]),
                partial=limit.get("partial", True),
            )
            for limit in stored.get("limits", ())
        ),
        because=stored.get("because", ""),
        objective=stored.get("objective", ""),
        tongues=stored.get("tongues", {}),
    )


def store_definition(definition: Definition) -> dict[str, Any]:
    """The definition as plain data for the database: the same definition gives the same data."""
    return {
        "programme": definition.programme,
        "time_zone": definition.time_zone.key,
        "stacking": definition.stacking.value,
        "rules": [_store_rule(rule) for rule in definition.rules],
        "member_fields": {name: dict(spec) for name, spec in definition.member_fields.items()},
    }


def _store_rule(rule: Rule) -> dict[str, Any]:
    stored = {
        "key": rule.key,
        "name": rule.name,
        "on": rule.on,
        "unit": rule.unit,
        "when": rule.when,
        "earn": rule.earn,
        "take": rule.take,
        "multiply": decimal_text(rule.multiply) if rule.multiply is not None else None,
        "of": list(rule.of),
        "audience": list(rule.audience),
        "starts_at": rule.starts_at.isoformat() if rule.starts_at else None,
        "ends_at": rule.ends_at.isoformat() if rule.ends_at else None,
        "pending_days": rule.pending_days,
        "pending_until": rule.pending_until,
        "campaign": rule.campaign,
        "limits": [
            {
                "key": limit.key,
                "at_most": limit.at_most,
                "of": limit.of.value,
                "per": limit.per.value,
                "every": limit.every.value,
                "partial": limit.partial,
            }
            for limit in rule.limits
        ],
        "because": rule.because,
        "objective": rule.objective,
        "tongues": {language: dict(said) for language, said in rule.tongues.items()},
    }
    return {name: value for name, value in stored.items() if value not in (None, [], {}, 0, "")}


def decimal_text(factor: Fraction) -> str:
    """A factor as the decimal a person wrote, such as 1.5; factors always come from decimals."""
    return format((Decimal(factor.numerator) / Decimal(factor.denominator)).normalize(), "f")
