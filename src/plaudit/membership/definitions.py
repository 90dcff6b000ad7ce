"""What memberships are sold by, as a programme file declares it: levels, terms, prices, periods, partners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from plaudit.foundation.told import told_through


class Rounding(StrEnum):
    """How a fraction of the smallest coin becomes a whole one. Halves go up, or to the even neighbour."""

    HALF_UP = "half up"
    HALF_EVEN = "half even"
    DOWN = "down"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of membership and the titles of those who join at it; the later in the list, the higher."""

    key: str
    name: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """How long a membership is paid for, in years."""

    key: str
    name: str
    years: int


@dataclass(frozen=True, slots=True)
class Price:
    """What a term costs, in minor units, for who asks from `starts_on` through `ends_on`, both included.

    With a `level` it is that level's price, and goes before one for everybody.
    """

    term: str
    amount: int
    level: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a member may have once an occasion: so many percent off its fee."""

    key: str
    name: str
    percent: int


@dataclass(frozen=True, slots=True)
class Partner:
    """An approved partner, from `starts_on` through `ends_on`; it owes `share` percent of what its points are worth."""

    key: str
    name: str
    share: int = 100
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Periods:
    """How many days: to pay a first invoice, of notice before a term ends, of grace after it, to change one's mind."""

    pay_within: int = 30
    notice: int = 30
    grace: int = 30
    cooling_off: int = 14


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one version of a programme sells memberships, and whom it has approved. Days are of `time_zone`."""

    programme: str
    time_zone: str
    currency: str
    levels: tuple[Level, ...] = ()
    terms: tuple[Term, ...] = ()
    prices: tuple[Price, ...] = ()
    professions: Mapping[str, str] = field(default_factory=dict)
    entitlements: tuple[Entitlement, ...] = ()
    partners: tuple[Partner, ...] = ()
    periods: Periods = Periods()
    rounding: Rounding = Rounding.HALF_UP

    def level(self, key: str) -> Level | None:
        """The level of that key."""
        return next((one for one in self.levels if one.key == key), None)

    def term(self, key: str) -> Term | None:
        """The term of that key."""
        return next((one for one in self.terms if one.key == key), None)

    def entitlement(self, key: str) -> Entitlement | None:
        """The entitlement of that key."""
        return next((one for one in self.entitlements if one.key == key), None)

    def partner(self, key: str) -> Partner | None:
        """The partner of that key, approved now or once."""
        return next((one for one in self.partners if one.key == key), None)


def store_scheme(scheme: Scheme) -> dict[str, Any]:
    """The scheme as plain data for the database."""
    stored = asdict(scheme)
    for dated in (*stored["prices"], *stored["partners"]):
        for name in ("starts_on", "ends_on"):
            dated[name] = dated[name].isoformat() if dated[name] else None
    stored["professions"] = dict(scheme.professions)
    stored["rounding"] = scheme.rounding.value
    return stored


def read_scheme(stored: Mapping[str, Any]) -> Scheme:
    """The scheme behind its stored form, told to whoever reads."""
    scheme = Scheme(
        programme=stored["programme"],
        time_zone=stored["time_zone"],
        currency=stored["currency"],
        levels=tuple(Level(one["key"], one["name"], tuple(one["roles"])) for one in stored["levels"]),
        terms=tuple(Term(**one) for one in stored["terms"]),
        prices=tuple(Price(**_dated(one)) for one in stored["prices"]),
        professions=stored["professions"],
        entitlements=tuple(Entitlement(**one) for one in stored["entitlements"]),
        partners=tuple(Partner(**_dated(one)) for one in stored["partners"]),
        periods=Periods(**stored["periods"]),
        rounding=Rounding(stored["rounding"]),
    )
    return told_through(scheme)


def _dated(stored: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: stored[name] and date.fromisoformat(stored[name]) for name in ("starts_on", "ends_on")}
    return {**stored, **days}
