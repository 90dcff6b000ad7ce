"""Referrals in the file: as values, and how a file spells them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plaudit.planning.programme_file.engaging import Goal, Pursuit
from plaudit.planning.programme_file.phrases import count_text

KEY = "referrals"


@dataclass(frozen=True, slots=True)
class Referrals:
    """Who brings a friend: one event of the friend that meets `when` within so many days is enough.

    With `sum`, one that counts `at_least`. `earn` and `friend_earns` are in whole units, None for nothing;
    `limits` are limits of what bringing friends earns. `link` has {code} where the code goes.
    """

    name: str
    on: str
    unit: str
    within_days: int
    description: str = ""
    when: str = ""
    sum: str = ""
    at_least: Decimal | None = None
    earn: Decimal | None = None
    friend_earns: Decimal | None = None
    limits: tuple[Any, ...] = ()
    link: str = ""

    @property
    def pursuit(self) -> Pursuit:
        """What qualifies, as something to reach."""
        goal = Goal(self.at_least if self.at_least is not None else Decimal(1), self.earn)
        return Pursuit(
            key=KEY, name=self.name, on=self.on, unit=self.unit, when=self.when, sum=self.sum, goals=(goal,)
        )


def referrals_document(
    one: Referrals | None, *, units: int, number: Callable[[Decimal | None], Any], limits: Any
) -> dict[str, Any]:
    """The section as its file spells it."""
    if one is None:
        return {}
    said = {
        "name": one.name,
        "description": one.description,
        "on": one.on,
        "when": one.when,
        "sum": one.sum,
        "at_least": number(one.at_least),
        "within": count_text(one.within_days, "day"),
        "earn": number(one.earn),
        "welcome": number(one.friend_earns),
        "unit": one.unit if units > 1 else "",
        "limits": limits,
        "link": one.link,
    }
    return {key: value for key, value in said.items() if value is not None and value not in ("", [])}
