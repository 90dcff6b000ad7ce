"""Arithmetic, policies and moments as a member reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from plaudit.foundation import written

_ROUNDED = {
    "floor": gettext_noop("rounded down"),
    "ceil": gettext_noop("rounded up"),
    "round": gettext_noop("rounded"),
    "round_half_even": gettext_noop("rounded, halves to even"),
    "trunc": gettext_noop("cut off"),
}
_UNTIL_END_OF = {
    "month": gettext_noop("until the end of the month they were earned in"),
    "quarter": gettext_noop("until the end of the quarter they were earned in"),
    "year": gettext_noop("until the end of the year they were earned in"),
}
_THEN_TO_END_OF = {
    "month": gettext_noop("{period}, then to the end of that month"),
    "quarter": gettext_noop("{period}, then to the end of that quarter"),
    "year": gettext_noop("{period}, then to the end of that year"),
}
_TRUTHS = {"true": gettext_noop("true"), "false": gettext_noop("false"), "unknown": gettext_noop("unknown")}
_ROUNDING = re.compile(r"(floor|ceil|round|round_half_even|trunc)\((.*)\)")
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def arithmetic_words(line: str) -> tuple[str, str]:
    """One line of `earning.expressions.steps` as (what was done, what came of it).

    "floor(48.20) = 48" is ("48.20, rounded down", "48"); "rating = 5 is true" is ("rating = 5", "true").
    """
    separator = " is " if line.endswith((" is true", " is false", " is unknown")) else " = "
    done, _between, result = line.rpartition(separator)
    if done.startswith("case "):
        words = _("otherwise") if done.startswith("case else") else _("the part of the rule that applies")
        return words, _signed(result)
    rounding = _ROUNDING.fullmatch(done)
    if rounding is not None and "," not in rounding[2]:
        done = f"{rounding[2]}, {_(_ROUNDED[rounding[1]])}"
    return _signed(done), _(_TRUTHS[result]) if result in _TRUTHS else _signed(result)


def steps_words(lines: Iterable[str]) -> list[tuple[str, str]]:
    """The lines that say something: not a number that is itself, nor one that rounding left alone."""
    said = map(arithmetic_words, lines)
    return [(done, result) for done, result in said if done.partition(", ")[0] != result]


def _signed(text: str) -> str:
    signed = text.replace(" * ", " × ").replace(" / ", " ÷ ").replace("-", "−")
    mark = get_format("DECIMAL_SEPARATOR")
    return signed if mark == "." else re.sub(r"(?<=\d)\.(?=\d)", mark, signed)


def expiry_words(policy: Mapping[str, Any]) -> str:
    """A unit's expiry policy as the rest of "They last …": "24 months, then to the end of that month"."""
    if not policy:
        return _("for ever")
    if "on" in policy:
        return _("until {day}").format(day=date_words(date.fromisoformat(str(policy["on"]))))
    if "end_of" in policy:
        return _(_UNTIL_END_OF[str(policy["end_of"])])
    if "inactive" in policy:
        lasting = _("{period} after you last earned or spent").format(period=period_words(policy["inactive"]))
    else:
        lasting = period_words(policy["after"])
    if not policy.get("round_to"):
        return lasting
    return _(_THEN_TO_END_OF[str(policy["round_to"])]).format(period=lasting)


def period_words(period: str) -> str:
    """An ISO 8601 period of whole years, months, weeks or days, such as "24 months"."""
    match = _PERIOD.fullmatch(str(period))
    assert match is not None, f"{period} is not a period"
    years, months, weeks, days = (int(number) if number else 0 for number in match.groups())
    parts = [
        ngettext("{n} year", "{n} years", years).format(n=years) if years else "",
        ngettext("{n} month", "{n} months", months).format(n=months) if months else "",
        ngettext("{n} week", "{n} weeks", weeks).format(n=weeks) if weeks else "",
        ngettext("{n} day", "{n} days", days).format(n=days) if days else "",
    ]
    return _(" and ").join(part for part in parts if part)


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
    return written.day(day)


def month_words(day: date) -> str:
    """A month, such as "March 2026"."""
    return date_format(day, "F Y")


def list_words(words: list[str]) -> str:
    """Some words as a list in a sentence: "a, b and c"."""
    return written.listed(words)
