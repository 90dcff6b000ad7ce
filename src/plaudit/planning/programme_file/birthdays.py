"""Birthdays in the file: as values, how a file spells them, and what they become below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plaudit.engagement import definitions as engagement
from plaudit.planning.programme_file.phrases import count_text

LEAP_DAYS = {"28 February": "02-28", "1 March": "03-01"}


@dataclass(frozen=True, slots=True)
class Birthdays:
    """What members get for their birthday, once a calendar year, from so many days before it to so many after it.

    `earn` is in whole units, None for nothing but the news. `leap_day` is when those born on 29 February celebrate in
    common years, in the words of the file.
    """

    name: str
    unit: str
    description: str = ""
    earn: Decimal | None = None
    before_days: int = 0
    after_days: int = 0
    leap_day: str = "28 February"
    audience: tuple[str, ...] = ()


def birthdays_definition(one: Birthdays | None, audience: tuple[str, ...]) -> engagement.Birthdays | None:
    """The section as it is published; `audience` is the programme's."""
    if one is None:
        return None
    return engagement.Birthdays(
        name=one.name,
        before_days=one.before_days,
        after_days=one.after_days,
        leap_day=LEAP_DAYS[one.leap_day],
        audience=one.audience or audience,
    )


def birthdays_document(
    one: Birthdays | None, *, units: int, number: Callable[[Decimal | None], Any], audience: Any
) -> dict[str, Any]:
    """The section as its file spells it."""
    if one is None:
        return {}
    said = {
        "name": one.name,
        "description": one.description,
        "earn": number(one.earn),
        "unit": one.unit if units > 1 else "",
        "before": count_text(one.before_days, "day") if one.before_days else "",
        "after": count_text(one.after_days, "day") if one.after_days else "",
        "leap_day": one.leap_day if one.leap_day != "28 February" else "",
        "audience": audience,
    }
    return {key: value for key, value in said.items() if value is not None and value not in ("", [])}
