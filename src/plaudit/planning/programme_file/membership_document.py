"""Memberships and partners as the data their file spells, and the condition that partners bring to rules."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from plaudit.foundation.currencies import minor_digits
from plaudit.membership.definitions import Partner, Periods, Price, Rounding, Scheme
from plaudit.planning.programme_file.phrases import Quantity, count_text, quantity_text

Document = dict[str, Any]


def membership_document(scheme: Scheme | None) -> Document:
    """The section `membership`, without what goes without saying; empty where nothing is sold."""
    if scheme is None or not scheme.terms:
        return {}
    written: Document = {
        "levels": {
            one.key: {"name": one.name, **({"roles": list(one.roles)} if one.roles else {})}
            for one in scheme.levels
        },
        "terms": {one.key: {"name": one.name, "years": one.years} for one in scheme.terms},
        "prices": [_price(scheme, one) for one in scheme.prices],
    }
    if scheme.professions:
        written["professions"] = dict(scheme.professions)
    for name in Periods.__slots__:
        if getattr(scheme.periods, name) != getattr(Periods(), name):
            written[name] = count_text(getattr(scheme.periods, name), "day")
    if scheme.rounding is not Rounding.HALF_UP:
        written["rounding"] = scheme.rounding.value
    if scheme.entitlements:
        written["entitlements"] = {
            one.key: {"name": one.name, "percent": one.percent} for one in scheme.entitlements
        }
    return written


def partners_document(scheme: Scheme | None) -> Document:
    """The section `partners`."""
    return {
        one.key: {"name": one.name, **({"share": one.share} if one.share != 100 else {}), **_days(one)}
        for one in (scheme.partners if scheme is not None else ())
    }


def _price(scheme: Scheme, price: Price) -> Document:
    return {
        "term": price.term,
        **({"level": price.level} if price.level else {}),
        "price": money_words(price.amount, scheme.currency),
        **_days(price),
    }


def _days(dated: Price | Partner) -> Document:
    days = {"from": dated.starts_on, "through": dated.ends_on}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def money_words(minor: int, currency: str) -> str:
    """`300 USD`, as a file spells it."""
    return quantity_text(money_quantity(minor, currency))


def money_quantity(minor: int, currency: str) -> Quantity:
    """So much money, whole where it is."""
    number = Decimal(minor).scaleb(-minor_digits(currency))
    whole = number == number.to_integral_value()
    return Quantity(number.quantize(Decimal(1)) if whole else number, currency)


def approved(partners: Sequence[Partner], *, may_be_missing: bool) -> str:
    """The condition that an event is the body's own, or of a partner approved on its day."""
    parts = ["partner is null"] if may_be_missing else []
    always = [one for one in partners if one.starts_on is None and one.ends_on is None]
    if always:
        parts.append(f"partner in ({', '.join(_quoted(one.key) for one in always)})")
    for one in partners:
        if one in always:
            continue
        days = [f"partner = {_quoted(one.key)}"]
        if one.starts_on is not None:
            days.append(f"date(occurred_at) >= date '{one.starts_on}'")
        if one.ends_on is not None:
            days.append(f"date(occurred_at) <= date '{one.ends_on}'")
        parts.append(f"({' and '.join(days)})")
    return " or ".join(parts)


def _quoted(key: str) -> str:
    return f"'{key}'"
