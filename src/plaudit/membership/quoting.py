"""What a term costs and why, before anybody asks for it: the price that applies, and the level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plaudit.membership.definitions import Scheme, Term
from plaudit.membership.rules import Line, price_words
from plaudit.membership.selling import known_level, known_term, level_and_why, price_for, today_of


@dataclass(frozen=True, slots=True)
class Quote:
    """A price and its because: `amount` in minor units is the sum of the lines."""

    term: str
    level: str
    why_level: str
    day: date
    amount: int
    lines: tuple[Line, ...]


def quote_joining(scheme: Scheme, *, term: str, role: str = "", level: str = "", reason: str = "") -> Quote:
    """What joining today costs. Raises `NotOneOf`, `RoleUnknown`, `LevelNeedsReason` and `TermNotSold`."""
    chosen, why = level_and_why(scheme, role=role, level=level, reason=reason)
    return quote_term(scheme, known_term(scheme, term), level=chosen.key, why_level=why)


def quote_term(scheme: Scheme, term: Term, *, level: str, why_level: str = "") -> Quote:
    """What a term costs today at a level. Raises `TermNotSold`, and `NotOneOf` for a level that is gone."""
    day = today_of(scheme)
    named = known_level(scheme, level)
    price = price_for(scheme, term, level, day)
    line = Line(f"{term.name} as {named.name}: {price_words(price, day)}", price.amount)
    return Quote(term.key, level, why_level, day, price.amount, (line,))
