"""Arithmetic, policies and moments as a member reads them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_ROUNDED = {
    "floor": "rounded down",
    "ceil": "rounded up",
    "round": "rounded",
    "round_half_even": "rounded, halves to even",
    "trunc": "cut off",
}
_ROUNDING = re.compile(r"(floor|ceil|round|round_half_even|trunc)\((.*)\)")
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def arithmetic_words(line: str) -> tuple[str, str]:
    """One line of `earning.expressions.steps` as (what was done, what came of it).

    "floor(48.20) = 48" is ("48.20, rounded down", "48"); "rating = 5 is true" is ("rating = 5", "true").
    """
    separator = " is " if line.endswith((" is true", " is false", " is unknown")) else " = "
    done, _, result = line.rpartition(separator)
    if done.startswith("case "):
        words = "otherwise" if done.startswith("case else") else "the part of the rule that applies"
        return words, _signed(result)
    rounding = _ROUNDING.fullmatch(done)
    if rounding is not None and "," not in rounding[2]:
        done = f"{rounding[2]}, {_ROUNDED[rounding[1]]}"
    return _signed(done), _signed(result)


def steps_words(lines: Iterable[str]) -> list[tuple[str, str]]:
    """The lines that say something: not a number that is itself, nor one that rounding left alone."""
    said = map(arithmetic_words, lines)
    return [(done, result) for done, result in said if done.partition(", ")[0] != result]


def _signed(text: str) -> str:
    return text.replace(" * ", " × ").replace(" / ", " ÷ ").replace("-", "−")


def expiry_words(policy: Mapping[str, Any]) -> str:
    """A unit's expiry policy as the rest of "They last …": "24 months, then to the end of that month"."""
    if not policy:
        return "for ever"
    if "on" in policy:
        return f"until {date_words(date.fromisoformat(str(policy['on'])))}"
    if "end_of" in policy:
        return f"until the end of the {policy['end_of']} they were earned in"
    rounded = f", then to the end of that {policy['round_to']}" if policy.get("round_to") else ""
    if "inactive" in policy:
        return f"{period_words(str(policy['inactive']))} after you last earned or spent{rounded}"
    return f"{period_words(str(policy['after']))}{rounded}"


def period_words(period: str) -> str:
    """An ISO 8601 period of whole years, months, weeks or days, such as "24 months"."""
    match = _PERIOD.fullmatch(period)
    assert match is not None, f"{period} is not a period"
    parts = [
        f"{number} {name if number == '1' else name + 's'}"
        for number, name in zip(match.groups(), ("year", "month", "week", "day"), strict=True)
        if number
    ]
    return " and ".join(parts)


def day_words(moment: datetime, zone: ZoneInfo) -> str:
    """The day of a moment, such as "3 March 2026"."""
    return date_words(moment.astimezone(zone).date())


def last_day(expires_at: datetime, zone: ZoneInfo) -> date:
    """The last day, where the reader is, on the whole of which points that expire then can be spent.

    Points that expire at midnight last to the end of the day before. Where it is midnight elsewhere,
    the day that is cut short is not promised.
    """
    return expires_at.astimezone(zone).date() - timedelta(days=1)


def date_words(day: date) -> str:
    """A day, such as "3 March 2026"."""
    return f"{day:%-d %B %Y}"


def list_words(words: list[str]) -> str:
    """Some words as a list in a sentence: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
