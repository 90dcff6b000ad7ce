"""What changes about memberships and partners, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from plaudit.foundation.worded import dated, joined, listed, worded
from plaudit.membership.definitions import Partner, Periods, Price, Scheme
from plaudit.membership.rules import day_text
from plaudit.planning.programme_file.membership_document import money_quantity
from plaudit.planning.programme_file.phrase_words import counted, phrase_words, quantity_words

_NOUNS = {
    "level": (worded("New level"), worded("Level")),
    "term": (worded("New term"), worded("Term")),
    "entitlement": (worded("New entitlement"), worded("Entitlement")),
    "partner": (worded("New partner"), worded("Partner")),
    "profession": (worded("New profession"), worded("Profession")),
}
_PERIODS = {
    "pay_within": worded("Pay within"),
    "notice": worded("Notice"),
    "grace": worded("Grace"),
    "cooling_off": worded("Cooling off"),
}


def membership_changes(was: Scheme | None, now: Scheme | None) -> Iterator[tuple[str, str, str]]:
    """What changes, each as part, key and sentence."""
    old, new = was or Scheme("", "", ""), now or Scheme("", "", "")
    if new.terms and not old.terms:
        yield (
            "membership",
            "",
            worded("Memberships are sold, at {levels}.", levels=counted(len(new.levels), "level")),
        )
    if old.terms and not new.terms:
        yield "membership", "", worded("No memberships are sold any more; those that were sold go on.")
    named: dict[str, tuple[Sequence[Any], Sequence[Any]]] = {
        "level": (old.levels, new.levels),
        "term": (old.terms, new.terms),
        "entitlement": (old.entitlements, new.entitlements),
        "partner": (old.partners, new.partners),
    }
    for part, (before, after) in named.items():
        yield from _each(part, {one.key: one for one in before}, {one.key: one for one in after})
    yield from _each("profession", old.professions, new.professions)
    yield from _prices(old, new)
    for name in Periods.__slots__:
        days = getattr(new.periods, name)
        if days != getattr(old.periods, name):
            yield (
                "membership",
                name,
                worded("{what}: {days}.", what=_PERIODS[name], days=counted(days, "day")),
            )
    if old.rounding != new.rounding:
        yield (
            "membership",
            "rounding",
            worded("Fractions of a coin are rounded {rounding}.", rounding=phrase_words(new.rounding)),
        )


def _each(part: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key, one in now.items():
        if key not in was:
            yield part, key, worded("{new} {key}: {words}.", new=_NOUNS[part][0], key=key, words=_words(one))
        elif was[key] != one:
            yield (
                part,
                key,
                worded("{part} {key} is now: {words}.", part=_NOUNS[part][1], key=key, words=_words(one)),
            )
    for key in was:
        if key not in now:
            yield (
                part,
                key,
                worded(
                    "{part} {key} is gone; what was sold or done under it stays.",
                    part=_NOUNS[part][1],
                    key=key,
                ),
            )


def _words(one: Any) -> str:
    if isinstance(one, str):
        return one
    if isinstance(one, Partner):
        return worded(
            "{name}, owing {share} % of what its points are worth{days}",
            name=one.name,
            share=one.share,
            days=_days_words(one),
        )
    facts: dict[str, Callable[[Any], str]] = {
        "roles": lambda roles: worded("for {roles}", roles=listed(roles, "or")),
        "years": lambda years: counted(years, "year"),
        "percent": lambda percent: worded("{percent} % off", percent=percent),
    }
    said = [say(getattr(one, name)) for name, say in facts.items() if getattr(one, name, None)]
    return joined([one.name, *said])


def _prices(old: Scheme, new: Scheme) -> Iterator[tuple[str, str, str]]:
    before, after = set(_price_words(old)), _price_words(new)
    for words in after:
        if words not in before:
            yield "price", "", worded("New price: {words}.", words=words)
    for words in _price_words(old):
        if words not in after:
            yield "price", "", worded("No longer a price: {words}.", words=words)


def _price_words(scheme: Scheme) -> list[str]:
    return [
        worded(
            "{term}{level} for {money}{days}",
            term=one.term,
            level=worded(" at {level}", level=one.level) if one.level else "",
            money=quantity_words(money_quantity(one.amount, scheme.currency)),
            days=_days_words(one),
        )
        for one in scheme.prices
    ]


def _days_words(one: Price | Partner) -> str:
    starts = worded(" from {day}", day=dated(one.starts_on, day_text(one.starts_on))) if one.starts_on else ""
    ends = worded(" through {day}", day=dated(one.ends_on, day_text(one.ends_on))) if one.ends_on else ""
    return joined((starts, ends), by="")
