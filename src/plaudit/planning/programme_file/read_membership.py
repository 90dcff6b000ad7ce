"""Reads memberships and partners, with the activities that come with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.earning.expressions.types import FieldKind, FieldType
from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.worded import worded
from plaudit.membership.definitions import (
    Entitlement,
    Level,
    Partner,
    Periods,
    Price,
    Rounding,
    Scheme,
    Term,
)
from plaudit.planning.programme_file import format_membership as sections
from plaudit.planning.programme_file.phrases import read_day, read_wait
from plaudit.planning.programme_file.programme import Activity
from plaudit.planning.programme_file.read_fields import read_amount_of_money
from plaudit.planning.programme_file.reading import Place

_TEXT = FieldType(FieldKind.TEXT)


def own_activities(scheme: Scheme | None) -> tuple[Activity, ...]:
    """The activities by which memberships are reported, and those that take them back."""
    if scheme is None or not scheme.terms:
        return ()
    digits = max(2, minor_digits(scheme.currency)) if scheme.currency else 2
    fields = {
        "term": _TEXT,
        "years": FieldType(FieldKind.INTEGER),
        "level": _TEXT,
        "fee": FieldType(FieldKind.DECIMAL, scale=digits),
    }
    told = (("membership.joined", "Membership"), ("membership.renewed", "Membership renewed"))
    return tuple(
        made
        for key, title in told
        for made in (
            Activity(key, title, fields=fields),
            Activity(f"{key}.withdrawn", f"{title}: withdrawn", corrects=key),
        )
    )


def with_own(declared: Sequence[Activity], scheme: Scheme | None, place: Place) -> tuple[Activity, ...]:
    """The activities of a file and those that come with its memberships; none is declared twice."""
    own = own_activities(scheme)
    taken = {one.key for one in own}
    for one in declared:
        if one.key in taken:
            place.at(one.key).note(
                worded("`{key}` comes with `membership`.", key=one.key),
                "Leave it out: it is declared already.",
                code="name",
            )
    return (*(one for one in declared if one.key not in taken), *own)


def read_scheme(
    membership: Place, partners: Place, *, programme: str, time_zone: str, currency: str
) -> Scheme | None:
    """How memberships are sold and who is approved; None where the file says nothing of either."""
    approved = tuple(_read_partner(key, below) for key, below in partners.entries())
    if membership.is_absent:
        membership.check_not_empty()
        return Scheme(programme, time_zone, currency, partners=approved) if approved else None
    place = membership.section(sections.MEMBERSHIP)
    levels = tuple(_read_level(key, below) for key, below in place.at("levels").entries())
    terms = tuple(_read_term(key, below) for key, below in place.at("terms").entries())
    scheme = Scheme(
        programme=programme,
        time_zone=time_zone,
        currency=currency,
        levels=levels,
        terms=terms,
        prices=tuple(_read_price(below, levels, terms, currency) for below in place.at("prices").items()),
        professions={key: below.text(key) for key, below in place.at("professions").entries()},
        entitlements=tuple(
            _read_entitlement(key, below) for key, below in place.at("entitlements").entries()
        ),
        partners=approved,
        periods=_read_periods(place),
        rounding=Rounding(place.at("rounding").choice(tuple(Rounding), Rounding.HALF_UP)),
    )
    _check_roles(scheme, place.at("levels"))
    _check_prices(scheme, place)
    return scheme


def _read_level(key: str, place: Place) -> Level:
    place = place.section(sections.LEVEL)
    return Level(
        key, place.at("name").text(key), tuple(below.text() for below in place.at("roles").one_or_more())
    )


def _read_term(key: str, place: Place) -> Term:
    place = place.section(sections.TERM)
    return Term(key, place.at("name").text(key), place.at("years").whole(1, 99) or 1)


def _read_price(place: Place, levels: Sequence[Level], terms: Sequence[Term], currency: str) -> Price:
    place = place.section(sections.PRICE)
    for name, known in (("term", [one.key for one in terms]), ("level", [one.key for one in levels])):
        said = place.at(name).name()
        if said and said not in known:
            place.at(name).note(
                worded(
                    "There is no {name} `{said}`{meant}",
                    name=name,
                    said=said,
                    meant=did_you_mean(said, known),
                ),
                code=f"unknown_{name}",
            )
    amount = read_amount_of_money(place.at("price"), currency)
    starts_on, ends_on = _read_days(place)
    return Price(
        term=place.at("term").text(),
        amount=int(amount.scaleb(minor_digits(currency))) if amount is not None and currency else 0,
        level=place.at("level").text(),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _read_days(place: Place) -> tuple[date | None, date | None]:
    first: date | None = place.at("from").phrase(read_day, None)
    last: date | None = place.at("through").phrase(read_day, None)
    if first is not None and last is not None and last < first:
        place.at("through").note("It ends before it begins.", "Write a later day.", code="window")
    return first, last


def _read_entitlement(key: str, place: Place) -> Entitlement:
    place = place.section(sections.ENTITLEMENT)
    return Entitlement(key, place.at("name").text(key), place.at("percent").whole(1, 100) or 1)


def _read_partner(key: str, place: Place) -> Partner:
    place = place.section(sections.PARTNER)
    starts_on, ends_on = _read_days(place)
    share = place.at("share").whole(1, 100) or 100
    return Partner(key, place.at("name").text(key), share, starts_on, ends_on)


def _read_periods(place: Place) -> Periods:
    usual = Periods()
    return Periods(
        pay_within=place.at("pay_within").phrase(read_wait, usual.pay_within),
        notice=place.at("notice").phrase(read_wait, usual.notice),
        grace=place.at("grace").phrase(read_wait, usual.grace),
        cooling_off=place.at("cooling_off").phrase(read_wait, usual.cooling_off),
    )


def _check_roles(scheme: Scheme, place: Place) -> None:
    """One role, one level."""
    seen: dict[str, str] = {}
    for level in scheme.levels:
        for role in level.roles:
            first = seen.setdefault(role.casefold(), level.key)
            if first != level.key:
                place.at(level.key).at("roles").note(
                    worded("`{role}` is a role of `{first}` already.", role=role, first=first),
                    "Keep it in one level.",
                    code="role_twice",
                )


def _check_prices(scheme: Scheme, place: Place) -> None:
    """Every term has a price, and no two hold for the same level on the same day."""
    for term in scheme.terms:
        if all(one.term != term.key for one in scheme.prices):
            place.at("terms").at(term.key).note(
                "This term has no price.", "Add one under prices:.", code="no_price"
            )
    for number, price in enumerate(scheme.prices):
        for earlier in scheme.prices[:number]:
            alike = (earlier.term, earlier.level) == (price.term, price.level)
            if alike and _overlap(earlier, price):
                place.at("prices").at(number).note(
                    "Another price holds on the same days.",
                    "End one before the other begins.",
                    code="overlap",
                )


def _overlap(one: Price, other: Price) -> bool:
    starts = max(one.starts_on or date.min, other.starts_on or date.min)
    return starts <= min(one.ends_on or date.max, other.ends_on or date.max)
