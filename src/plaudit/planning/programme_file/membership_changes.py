"""What changes about memberships and partners, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from plaudit.membership.definitions import Partner, Periods, Price, Scheme
from plaudit.membership.rules import day_text
from plaudit.planning.programme_file.membership_document import money_words
from plaudit.planning.programme_file.phrases import count_text
from plaudit.planning.programme_file.wording import grouped, listed


def membership_changes(was: Scheme | None, now: Scheme | None) -> Iterator[tuple[str, str, str]]:
    """What changes, each as part, key and sentence."""
    old, new = was or Scheme("", "", ""), now or Scheme("", "", "")
    if new.terms and not old.terms:
        yield "membership", "", f"Memberships are sold, at {count_text(len(new.levels), 'level')}."
    if old.terms and not new.terms:
        yield "membership", "", "No memberships are sold any more; those that were sold go on."
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
            words = name.replace("_", " ").capitalize()
            yield "membership", name, f"{words}: {count_text(days, 'day')}."
    if old.rounding != new.rounding:
        yield "membership", "rounding", f"Fractions of a coin are rounded {new.rounding}."


def _each(part: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key, one in now.items():
        if key not in was:
            yield part, key, f"New {part} {key}: {_words(one)}."
        elif was[key] != one:
            yield part, key, f"{part.capitalize()} {key} is now: {_words(one)}."
    for key in was:
        if key not in now:
            yield part, key, f"{part.capitalize()} {key} is gone; what was sold or done under it stays."


def _words(one: Any) -> str:
    if isinstance(one, str):
        return one
    if isinstance(one, Partner):
        return f"{one.name}, owing {one.share} % of what its points are worth{_days_words(one)}"
    facts: dict[str, Callable[[Any], str]] = {
        "roles": lambda roles: f"for {listed(roles, 'or')}",
        "years": lambda years: count_text(years, "year"),
        "percent": lambda percent: f"{percent} % off",
    }
    said = [say(getattr(one, name)) for name, say in facts.items() if getattr(one, name, None)]
    return ", ".join([one.name, *said])


def _prices(old: Scheme, new: Scheme) -> Iterator[tuple[str, str, str]]:
    before, after = set(_price_words(old)), _price_words(new)
    for words in after:
        if words not in before:
            yield "price", "", f"New price: {words}."
    for words in _price_words(old):
        if words not in after:
            yield "price", "", f"No longer a price: {words}."


def _price_words(scheme: Scheme) -> list[str]:
    return [
        f"{one.term}{f' at {one.level}' if one.level else ''} for "
        f"{grouped(money_words(one.amount, scheme.currency))}{_days_words(one)}"
        for one in scheme.prices
    ]


def _days_words(dated: Price | Partner) -> str:
    starts = f" from {day_text(dated.starts_on)}" if dated.starts_on else ""
    return f"{starts}{f' through {day_text(dated.ends_on)}' if dated.ends_on else ''}"
