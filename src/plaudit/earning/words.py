"""Values, limits and windows of rules in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from plaudit.earning.definitions import Definition, Limit, Rule
from plaudit.foundation.told import told_through
from plaudit.foundation.written import day, minute, number


def value_words(value: Any) -> str:
    """One value of an event as people read it; nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number(value) if isinstance(value, int | Decimal) else str(value)


def times_words(times: int) -> str:
    """A number of times as people say it: once, twice, 3 times."""
    if times in {1, 2}:
        return _("once") if times == 1 else _("twice")
    return _("{n} times").format(n=number(times))


_LIMITS = {
    ("day", "member"): gettext_noop("{what} a day for each member"),
    ("week", "member"): gettext_noop("{what} a week for each member"),
    ("month", "member"): gettext_noop("{what} a month for each member"),
    ("quarter", "member"): gettext_noop("{what} a quarter for each member"),
    ("year", "member"): gettext_noop("{what} a year for each member"),
    ("lifetime", "member"): gettext_noop("{what} in all for each member"),
    ("day", "team"): gettext_noop("{what} a day for each team"),
    ("week", "team"): gettext_noop("{what} a week for each team"),
    ("month", "team"): gettext_noop("{what} a month for each team"),
    ("quarter", "team"): gettext_noop("{what} a quarter for each team"),
    ("year", "team"): gettext_noop("{what} a year for each team"),
    ("lifetime", "team"): gettext_noop("{what} in all for each team"),
    ("day", "all"): gettext_noop("{what} a day for everyone together"),
    ("week", "all"): gettext_noop("{what} a week for everyone together"),
    ("month", "all"): gettext_noop("{what} a month for everyone together"),
    ("quarter", "all"): gettext_noop("{what} a quarter for everyone together"),
    ("year", "all"): gettext_noop("{what} a year for everyone together"),
    ("lifetime", "all"): gettext_noop("{what} in all for everyone together"),
}
_OPENS_AGAIN = {
    "day": gettext_noop("The limit opens again with the next day."),
    "week": gettext_noop("The limit opens again with the next week."),
    "month": gettext_noop("The limit opens again with the next month."),
    "quarter": gettext_noop("The limit opens again with the next quarter."),
    "year": gettext_noop("The limit opens again with the next year."),
}


def opens_again(limit: Limit) -> str:
    """When a limit opens again; nothing where it never does."""
    return _(_OPENS_AGAIN[str(limit.every)]) if str(limit.every) in _OPENS_AGAIN else ""


def limit_words(limit: Limit, amount: str) -> str:
    """A limit as people say it, such as "500 points a day for each member" or "once a month for each member"."""
    what = amount if limit.of == "points" else times_words(limit.at_most)
    return _(_LIMITS[str(limit.every), str(limit.per)]).format(what=what)


def in_sentence(title: str) -> str:
    """The title of a kind of activity inside a sentence: small in English, as it stands where nouns keep capitals."""
    return title if (get_language() or "").startswith("de") else title.lower()


def told_rule(rule: Rule) -> Rule:
    """The rule as its own version tells it to whoever reads."""
    return told_through(rule, rule.tongues)


def by_rule(rule: Rule) -> str:
    """The rest of a sentence about a rule that tells nothing of its own."""
    return _("by the rule “{rule}”.").format(rule=rule.name)


def kind_words(rule: Rule) -> str:
    """The kinds of members a rule is for."""
    return audience_words(rule.audience)


KIND_WORDS = {
    "customer": gettext_noop("customer"),
    "staff": gettext_noop("staff"),
    "partner": gettext_noop("partner"),
}
"""The kinds of members, before the word members."""


def window_words(rule: Rule, definition: Definition) -> str:
    """A rule's window in the programme's own time, such as "from 1 June 2026 to 31 August 2026"."""
    parts = []
    if rule.starts_at is not None:
        parts.append(_("from {day}").format(day=_day(rule.starts_at, definition)))
    if rule.ends_at is not None:
        # One that ends at midnight runs through the day before.
        last = _day(rule.ends_at - timedelta(microseconds=1), definition, last=True)
        parts.append(_("to {day}").format(day=last))
    return " ".join(parts)


def _day(moment: datetime, definition: Definition, *, last: bool = False) -> str:
    local = moment.astimezone(definition.time_zone)
    whole = (23, 59) if last else (0, 0)
    return day(local) + (f" {minute(local)}" if (local.hour, local.minute) != whole else "")


def audience_words(audience: Sequence[str]) -> str:
    """Some kinds of members, before the word members."""
    return _(" and ").join(_(KIND_WORDS[kind]) for kind in audience)
