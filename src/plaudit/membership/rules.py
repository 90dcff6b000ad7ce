"""Decides levels, prices, pro rata and how a membership stands. Knows no database and no clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plaudit.foundation.currencies import minor_digits
from plaudit.membership.definitions import Level, Partner, Price, Rounding, Scheme

OPENING = ("join", "renewal", "reinstatement")
"""The steps that pay for a term."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice's because: words, and what it adds (or takes, below zero) in minor units."""

    words: str
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of a membership, as far as its standing goes. `starts_on` and `ends_on` are half-open."""

    kind: str
    state: str
    level: str
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """How a membership stands: its state, its level, and the first day that is not paid for."""

    state: str
    level: str
    ends_on: date | None


def money_text(minor: int, currency: str) -> str:
    """`-12.50 USD`: minor units as people write them."""
    digits = minor_digits(currency)
    sign, minor = ("-" if minor < 0 else ""), abs(minor)
    whole, part = divmod(minor, 10**digits)
    return f"{sign}{whole:,}.{part:0{digits}d} {currency}" if digits else f"{sign}{whole:,} {currency}"


def day_text(day: date) -> str:
    """`3 November 2005`."""
    return f"{day.day} {day:%B %Y}"


def level_for_role(scheme: Scheme, title: str) -> Level | None:
    """The level whose list has this title, whatever its letters' case and blanks; None where none has."""
    wanted = _plain(title)
    return next(
        (level for level in scheme.levels if wanted and wanted in {_plain(role) for role in level.roles}),
        None,
    )


def _plain(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def price_on(scheme: Scheme, *, term: str, level: str, day: date) -> Price | None:
    """The price of a term on a day: the level's own before everybody's, the first written among equals."""
    open_now = [one for one in scheme.prices if one.term == term and runs_on(one, day)]
    own = [one for one in open_now if one.level == level]
    return next(iter([*own, *(one for one in open_now if not one.level)]), None)


def runs_on(dated: Price | Partner, day: date) -> bool:
    """Whether a day lies between the first and the last, both included; either may be open."""
    begun = dated.starts_on is None or dated.starts_on <= day
    return begun and (dated.ends_on is None or day <= dated.ends_on)


def price_words(price: Price, day: date) -> str:
    """Why this price and no other: the day that was asked on, and the days it holds for."""
    if price.ends_on is not None:
        return f"the price through {day_text(price.ends_on)}, asked for on {day_text(day)}"
    if price.starts_on is not None:
        return f"the price from {day_text(price.starts_on)} on, asked for on {day_text(day)}"
    return "the price on every day"


def divided(amount: int, part: int, whole: int, rounding: Rounding) -> int:
    """Amount × part / whole, in whole minor units by the named rounding; none of them below zero."""
    assert amount >= 0 and part >= 0 and whole > 0
    floor, rest = divmod(amount * part, whole)
    match rounding:
        case Rounding.DOWN:
            return floor
        case Rounding.UP:
            return floor + (rest > 0)
        case Rounding.HALF_EVEN if 2 * rest == whole:
            return floor + floor % 2
    return floor + (2 * rest >= whole)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; where there is no 29 February, 1 March, so that no day is lost."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def upgrade_lines(
    scheme: Scheme,
    *,
    today: date,
    starts_on: date,
    ends_on: date,
    old: tuple[str, int],
    new: tuple[str, int],
) -> list[Line]:
    """What moving from the old level to the new one costs for the days that are left, line by line.

    Each level is its name and its fee for the whole term, in minor units. The lines add up to what is to
    pay, never below zero: money for a lower level is not given back.
    """
    left, total = (ends_on - today).days, (ends_on - starts_on).days
    charge = divided(new[1], left, total, scheme.rounding)
    credit = divided(old[1], left, total, scheme.rounding)
    how = f"× {left} / {total} days left, rounded {scheme.rounding}"
    money = scheme.currency
    lines = [
        Line(f"{new[0]}: {money_text(new[1], money)} {how}", charge),
        Line(f"{old[0]}, paid already: {money_text(old[1], money)} {how}", -credit),
    ]
    if charge < credit:
        lines.append(Line("A lower fee is not paid back", credit - charge))
    return lines


def stands(steps: Sequence[Taken], *, today: date, grace_days: int) -> Stand:
    """How a membership stands after these steps, in the order they were taken.

    `pending` until the first term is paid for, `active` until its last day, `grace` and then `lapsed`
    after it; `cancelled` where no term was left standing.
    """
    standing = [one for one in steps if one.state == "standing"]
    terms = [one for one in standing if one.kind in OPENING]
    if not terms:
        waiting = [one for one in steps if one.state == "open" and one.kind == "join"]
        level = (waiting or list(steps))[-1].level
        return Stand("pending" if waiting else "cancelled", level, None)
    ends_on, level = terms[-1].ends_on, standing[-1].level
    assert ends_on is not None, "a term that stands has its days"
    if today < ends_on:
        return Stand("active", level, ends_on)
    state = "grace" if today < ends_on + timedelta(days=grace_days) else "lapsed"
    return Stand(state, level, ends_on)


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), zone)


_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?![ -]?\d)")


def looks_like_a_card(text: str) -> bool:
    """Whether a text holds what may be the number of a payment card.

    That is 13 to 19 digits, blanks or hyphens between them, the last of which checks the others
    (ISO/IEC 7812-1, the formula of Luhn).
    """
    return any(_is_luhn([int(one) for one in found[0] if one.isdigit()]) for found in _DIGITS.finditer(text))


def _is_luhn(digits: Sequence[int]) -> bool:
    """Whether the last digit checks the others; a row of zeros checks too, and is no card."""
    doubled = [2 * one for one in digits[-2::-2]]
    return any(digits) and (sum(digits[-1::-2]) + sum(one - 9 * (one > 9) for one in doubled)) % 10 == 0
