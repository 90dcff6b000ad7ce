"""Takes over opening balances from another system: many at once, each by its own key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from plaudit.foundation import audit
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import act
from plaudit.ledger.book import Book, Posting
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import lock_wallets, open_books, open_lots, post
from plaudit.ledger.receipts import Receipt, find_receipts, keyed, tell_of
from plaudit.ledger.rules import AMOUNT_MAX
from plaudit.ledger.units import UnitPolicy, time_zone_of, units_by_id, units_by_key
from plaudit.people.models import Member


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """Points a member brings along: so many, earned then, and known by this key in the system they come from.

    One member may have several, each a lot. Without `expires_at` they expire by the unit's policy.
    """

    key: str
    member_id: UUID
    unit: str
    amount: int
    earned_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """How many balances were posted, and how many were there already."""

    posted: int
    repeated: int


def opening(organisation_id: int, balances: Sequence[OpeningBalance], *, actor: str) -> Opened:
    """Post these balances, all or none; those already posted under their key are left as they are.

    Raises `Problem` that names each faulty row by its place (`/17/amount`). A few thousand at a time.
    """

    def step() -> Opened:
        now = open_books(organisation_id)
        units = units_by_key(organisation_id)
        _refuse_faults(organisation_id, balances, units)
        wallets = lock_wallets(organisation_id, {(b.member_id, units[b.unit].id) for b in balances})
        there = find_receipts(organisation_id, [keyed(Kind.OPENING, balance.key) for balance in balances])
        _refuse_differences(balances, units, there)
        time_zone = time_zone_of(organisation_id)
        book = Book(lots=open_lots(organisation_id, [w.id for w in wallets.values() if w.available < 0]))
        for balance in balances:
            unit = units[balance.unit]
            if keyed(Kind.OPENING, balance.key) not in there:
                book.add(
                    Posting(
                        wallets[(balance.member_id, unit.id)],
                        Place.ISSUED,
                        Place.AVAILABLE,
                        balance.amount,
                        Kind.OPENING,
                        balance.earned_at,
                        expires_at=balance.expires_at or unit.expiry_of(balance.earned_at, time_zone),
                        key=keyed(Kind.OPENING, balance.key),
                        actor=actor,
                    )
                )
        post(organisation_id, book, recorded_at=now)
        done = Opened(len(book.postings), len(balances) - len(book.postings))
        if book.postings:
            by_id = units_by_id(organisation_id)
            tell_of(organisation_id, "points.opened", book.postings, units=by_id, happened_at=now)
            audit.note(actor=actor, act="points.opened", details={"balances": done.posted})
        return done

    return act(organisation_id, step)


def _refuse_faults(
    organisation_id: int, balances: Sequence[OpeningBalance], units: Mapping[str, UnitPolicy]
) -> None:
    errors: list[dict[str, Any]] = []
    wanted = {balance.member_id for balance in balances}
    known = set(
        Member.objects.filter(organisation_id=organisation_id, id__in=wanted).values_list("id", flat=True)
    )
    seen: set[str] = set()
    for place, balance in enumerate(balances):
        if balance.member_id not in known:
            detail = f"There is no member {show('mem', balance.member_id)}."
            errors.append({"pointer": f"/{place}/member", "code": "not_found", "detail": detail})
        if balance.unit not in units:
            detail = f"There is no unit {balance.unit}."
            errors.append({"pointer": f"/{place}/unit", "code": "not_found", "detail": detail})
        if not 1 <= balance.amount <= AMOUNT_MAX:
            detail = f"{balance.amount} is not an opening balance."
            errors.append({"pointer": f"/{place}/amount", "code": "amount_refused", "detail": detail})
        if balance.key in seen:
            detail = f"The key {balance.key} stands twice."
            errors.append({"pointer": f"/{place}/key", "code": "repeated", "detail": detail})
        seen.add(balance.key)
    if errors:
        raise Problem("The opening balances cannot be taken over like this.", errors=errors)


def _refuse_differences(
    balances: Sequence[OpeningBalance], units: Mapping[str, UnitPolicy], there: Mapping[str, Receipt]
) -> None:
    errors = []
    for place, balance in enumerate(balances):
        earlier = there.get(keyed(Kind.OPENING, balance.key))
        facts = (balance.member_id, units[balance.unit].id, balance.amount)
        if earlier is not None and facts != (earlier.member_id, earlier.unit_id, earlier.amount):
            detail = f"{balance.key} was taken over before with other facts, as {earlier.reference}."
            errors.append({"pointer": f"/{place}/key", "code": "key_used_otherwise", "detail": detail})
    if errors:
        raise Problem("Some of these opening balances were taken over before, otherwise.", errors=errors)
