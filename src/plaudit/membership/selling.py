"""What memberships are sold by now: the newest scheme of a programme, and what is named in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NoReturn
from zoneinfo import ZoneInfo

from plaudit.foundation import clock
from plaudit.membership.definitions import Entitlement, Level, Price, Scheme, Term, read_scheme
from plaudit.membership.level_reasons import by_list, decided
from plaudit.membership.models import Scheme as SchemeRow
from plaudit.membership.refusals import LevelNeedsReason, NoMemberships, NotOneOf, RoleUnknown, TermNotSold
from plaudit.membership.rules import level_for_role, price_on


def scheme_of(organisation_id: int, programme: str) -> Scheme:
    """The scheme a programme sells memberships by now. Raises `NoMemberships`."""
    row = newest_scheme(organisation_id, programme)
    scheme = read_scheme(row.definition) if row is not None and row.sold else None
    if scheme is None or not scheme.terms:
        raise NoMemberships(programme=programme)
    return scheme


def scheme_kept_or_refused(organisation_id: int, programme: str) -> Scheme:
    """The newest scheme, sold or not. Raises `NoMemberships` where there never was one."""
    row = newest_scheme(organisation_id, programme)
    if row is None:
        raise NoMemberships(programme=programme)
    return read_scheme(row.definition)


def kept_scheme(organisation_id: int, programme: str) -> Scheme:
    """The newest scheme, sold or not: memberships that were sold go on by it."""
    row = newest_scheme(organisation_id, programme)
    assert row is not None, "there is no membership without a scheme"
    return read_scheme(row.definition)


def newest_scheme(organisation_id: int, programme: str) -> SchemeRow | None:
    """The newest version of a programme's scheme; None where it never had one."""
    rows = SchemeRow.objects.filter(organisation_id=organisation_id, programme=programme)
    return rows.order_by("-number").first()


def today_of(scheme: Scheme) -> date:
    """Which day it is where the programme keeps its days."""
    return clock.now().astimezone(ZoneInfo(scheme.time_zone)).date()


def level_and_why(scheme: Scheme, *, role: str, level: str, reason: str) -> tuple[Level, str]:
    """The level for a role, or the one named with a reason, and the sentence that says why.

    Raises `RoleUnknown`, `NotOneOf` and `LevelNeedsReason`.
    """
    by_role = level_for_role(scheme, role)
    if level:
        named = known_level(scheme, level)
        if named != by_role and not reason.strip():
            raise LevelNeedsReason
        if named != by_role:
            return named, decided(named.name, reason.strip())
        by_role = named
    if by_role is None:
        known = ", ".join(role for one in scheme.levels for role in one.roles)
        raise RoleUnknown(role=role or "(none given)", known=known)
    return by_role, by_list(by_role.name, role.strip())


def known_level(scheme: Scheme, key: str) -> Level:
    """The level of that key. Raises `NotOneOf`."""
    return scheme.level(key) or _refuse("level", key, [one.key for one in scheme.levels])


def known_term(scheme: Scheme, key: str) -> Term:
    """The term of that key. Raises `NotOneOf`."""
    return scheme.term(key) or _refuse("term", key, [one.key for one in scheme.terms])


def known_entitlement(scheme: Scheme, key: str) -> Entitlement:
    """The entitlement of that key. Raises `NotOneOf`."""
    return scheme.entitlement(key) or _refuse("entitlement", key, [one.key for one in scheme.entitlements])


def check_profession(scheme: Scheme, key: str) -> None:
    """Raises `NotOneOf` for a profession that is not among the programme's; none at all is well."""
    if key and key not in scheme.professions:
        _refuse("profession", key, scheme.professions)


def price_for(scheme: Scheme, term: Term, level: str, day: date) -> Price:
    """What a term costs at a level on a day. Raises `TermNotSold`."""
    price = price_on(scheme, term=term.key, level=level, day=day)
    if price is None:
        raise TermNotSold(term=term.name, day=day)
    return price


def _refuse(what: str, value: str, known: Iterable[str]) -> NoReturn:
    raise NotOneOf(what=what, value=value, known=", ".join(known))
