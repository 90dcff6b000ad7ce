"""Recognition in the file: as values, and how a file spells them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from plaudit.earning.definitions import Every
from plaudit.planning.programme_file.phrases import count_text, per_member_text
from plaudit.recognition import definitions as recognition
from plaudit.recognition.definitions import VISIBLE_WORDS, Visible


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Something that can be observed; `earn` is in whole units, None for words alone."""

    key: str
    name: str
    means: str = ""
    examples: tuple[str, ...] = ()
    earn: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Which activity is proposed to a supervisor, for which behaviour, and what of it is shown."""

    key: str
    name: str
    on: str
    when: str = ""
    behaviour: str = ""
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Customers:
    """What a customer's thank-you to one person earns, None for words alone, and how many a link takes a day."""

    a_day: int
    earn: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Nominations:
    """What a nomination may ask for at most, and what all of a period may come to; both in whole units."""

    up_to: Decimal
    budget: Decimal
    every: Every = Every.QUARTER


@dataclass(frozen=True, slots=True)
class Recognition:
    """A behaviour standard and the bounds of giving; allowances are in whole units."""

    name: str
    unit: str
    behaviours: tuple[Behaviour, ...] = ()
    moments: tuple[Moment, ...] = ()
    supervisors: Decimal = Decimal(0)
    colleagues: Decimal = Decimal(0)
    every: Every = Every.MONTH
    per_pair: int = recognition.PER_PAIR
    per_day: int = recognition.PER_DAY
    undo_minutes: int = recognition.UNDO_MINUTES
    visible: str = "team"
    promptly_days: int = recognition.PROMPTLY_DAYS
    notice_days: int = recognition.NOTICE_DAYS
    audience: tuple[str, ...] = ("staff",)
    customers: Customers | None = None
    nominations: Nominations | None = None


def recognition_document(
    one: Recognition | None, *, units: int, number: Callable[[Decimal | None], Any], audience: Any
) -> dict[str, Any]:
    """The section as its file spells it."""
    if one is None:
        return {}
    return _said(
        {
            "name": one.name,
            "unit": one.unit if units > 1 else "",
            "supervisors": number(one.supervisors) if one.supervisors else "",
            "colleagues": number(one.colleagues) if one.colleagues else "",
            "every": one.every.value if one.every is not Every.MONTH else "",
            "per_pair": per_member_text(one.per_pair, Every.MONTH)
            if one.per_pair != recognition.PER_PAIR
            else "",
            "per_day": one.per_day if one.per_day != recognition.PER_DAY else "",
            "undo_minutes": one.undo_minutes if one.undo_minutes != recognition.UNDO_MINUTES else "",
            "visible": one.visible if VISIBLE_WORDS[one.visible] is not Visible.TEAM else "",
            "promptly": count_text(one.promptly_days, "day")
            if one.promptly_days != recognition.PROMPTLY_DAYS
            else "",
            "notice": count_text(one.notice_days, "day")
            if one.notice_days != recognition.NOTICE_DAYS
            else "",
            "audience": audience if one.audience != ("staff",) else "",
            "customers": _customers(one.customers, number),
            "nominations": _nominations(one.nominations, number),
            "behaviours": {each.key: _behaviour(each, number) for each in one.behaviours},
            "moments": {each.key: _moment(each) for each in one.moments},
        }
    )


def _customers(one: Customers | None, number: Callable[[Decimal | None], Any]) -> dict[str, Any]:
    return _said({"a_day": one.a_day, "earn": number(one.earn)}) if one is not None else {}


def _nominations(one: Nominations | None, number: Callable[[Decimal | None], Any]) -> dict[str, Any]:
    if one is None:
        return {}
    every = one.every.value if one.every is not Every.QUARTER else ""
    return _said({"up_to": number(one.up_to), "budget": number(one.budget), "every": every})


def _behaviour(one: Behaviour, number: Callable[[Decimal | None], Any]) -> dict[str, Any]:
    said = {"name": one.name, "means": one.means, "examples": list(one.examples), "earn": number(one.earn)}
    return _said(said)


def _moment(one: Moment) -> dict[str, Any]:
    return _said(
        {
            "name": one.name,
            "on": one.on,
            "when": one.when,
            "behaviour": one.behaviour,
            "shows": list(one.shows),
        }
    )


def _said(parts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in parts.items() if value is not None and value not in ("", [], {})}
