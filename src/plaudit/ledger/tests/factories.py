"""Units, wallets and earnings for tests, by the doors the other packages use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.ledger.actions.hold import hold
from plaudit.ledger.actions.reverse import reverse
from plaudit.ledger.book import Book, Posting
from plaudit.ledger.models import Unit, Wallet
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import lock_wallets, open_books, open_lots, post
from plaudit.ledger.receipts import Receipt, receipt_for
from plaudit.ledger.undoing import undoing_of_events
from plaudit.ledger.units import time_zone_of, unit_named, units_by_id
from plaudit.people.tests.factories import make_member, make_organisation

ACTOR = "usr_0"

_numbers = count(1)


def new_key() -> str:
    """A key no other call has."""
    return f"k{next(_numbers)}"


def make_unit(
    organisation_id: int,
    key: str = "points",
    *,
    expiry: Mapping[str, str] | None = None,
    may_owe: bool = False,
    writes_off: bool = False,
    approval_from: int | None = None,
) -> Unit:
    """A unit whose points never expire, unless told otherwise."""
    return declare_unit(
        organisation_id,
        key=key,
        names={"en": key},
        expiry=expiry,
        may_owe=may_owe,
        writes_off=writes_off,
        approval_from=approval_from,
    )


def make_books(
    *, expiry: Mapping[str, str] | None = None, may_owe: bool = False, time_zone: str = "UTC"
) -> tuple[int, UUID]:
    """An organisation with one unit, points, and one member: (organisation id, member id)."""
    organisation_id = make_organisation(time_zone=time_zone).id
    make_unit(organisation_id, expiry=expiry, may_owe=may_owe)
    return organisation_id, make_member(organisation_id).id


def earn(
    organisation_id: int,
    member_id: UUID,
    amount: int,
    *,
    unit: str = "points",
    occurred_at: datetime | None = None,
    expires_at: datetime | None = None,
    spendable_at: datetime | None = None,
    event_id: UUID | None = None,
) -> Receipt:
    """Points that a rule grants for an event, as the earning floor posts them."""

    def step() -> Receipt:
        now = open_books(organisation_id)
        policy = unit_named(organisation_id, unit)
        moment = occurred_at or now
        wallet = lock_wallets(organisation_id, [(member_id, policy.id)])[(member_id, policy.id)]
        book = Book(lots=open_lots(organisation_id, [wallet.id]) if wallet.available < 0 else {})
        expiry = expires_at or policy.expiry_of(moment, time_zone_of(organisation_id))
        posting = book.add(
            Posting(
                wallet,
                Place.ISSUED,
                Place.PENDING if spendable_at else Place.AVAILABLE,
                amount,
                Kind.ACCRUAL,
                moment,
                event_id=event_id or new_id(),
                rule_id=1,
                expires_at=None if spendable_at else expiry,
                spendable_at=spendable_at,
            )
        )
        post(organisation_id, book, recorded_at=now)
        return receipt_for(posting)

    return act(organisation_id, step)


def deduct(organisation_id: int, member_id: UUID, amount: int, *, unit: str = "points") -> Receipt:
    """Points that a rule takes for an event, owing where the unit allows it."""

    def step() -> Receipt:
        now = open_books(organisation_id)
        policy = unit_named(organisation_id, unit)
        wallet = lock_wallets(organisation_id, [(member_id, policy.id)])[(member_id, policy.id)]
        book = Book(lots=open_lots(organisation_id, [wallet.id]))
        posting = book.add(
            Posting(
                wallet,
                Place.AVAILABLE,
                Place.ISSUED,
                amount,
                Kind.DEDUCTION,
                now,
                event_id=new_id(),
                rule_id=2,
            )
        )
        post(organisation_id, book, recorded_at=now)
        return receipt_for(posting)

    return act(organisation_id, step)


def correct(organisation_id: int, event_id: UUID, amount: int | None = None) -> int:
    """What earning does when an event is corrected: take `amount` back (or all); how much was taken."""

    def step() -> int:
        now = open_books(organisation_id)
        undoing = undoing_of_events(organisation_id, [event_id])
        taken = sum(
            undoing.take_back(
                one,
                one.left if amount is None else min(amount, one.left),
                occurred_at=now,
                event_id=new_id(),
                writing_off=units_by_id(organisation_id)[one.unit_id].writes_off,
            )
            for one in undoing.posted
        )
        post(organisation_id, undoing.book, recorded_at=now)
        return taken

    return act(organisation_id, step)


def give(organisation_id: int, member_id: UUID, amount: int, *, unit: str = "points") -> Receipt:
    """An adjustment, of any size: tests' units ask for no second person unless told to."""
    return adjust(
        organisation_id,
        member_id=member_id,
        unit=unit,
        amount=amount,
        reason="For the test.",
        key=new_key(),
        actor=ACTOR,
    )


def set_aside(
    organisation_id: int,
    member_id: UUID,
    amount: int,
    *,
    expires_at: datetime | None = None,
    key: str | None = None,
) -> Receipt:
    """A hold on points."""
    return hold(
        organisation_id,
        member_id=member_id,
        unit="points",
        amount=amount,
        key=key or new_key(),
        expires_at=expires_at,
    )


def undo(organisation_id: int, receipt: Receipt, amount: int | None = None) -> Receipt:
    """A reversal of that transfer, whole or in part."""
    return reverse(
        organisation_id, receipt.reference, reason="A mistake.", key=new_key(), actor=ACTOR, amount=amount
    ).receipt


def wallet_of(organisation_id: int, member_id: UUID, unit: str = "points") -> Wallet:
    """The wallet as it stands."""
    with in_organisation(organisation_id):
        unit_id = unit_named(organisation_id, unit).id
        return Wallet.objects.get(organisation_id=organisation_id, member_id=member_id, unit_id=unit_id)


def balance_of(organisation_id: int, member_id: UUID, unit: str = "points") -> tuple[int, int, int]:
    """The wallet's balances as they stand: (available, pending, held)."""
    wallet = wallet_of(organisation_id, member_id, unit)
    return wallet.available, wallet.pending, wallet.held


def lots_of(organisation_id: int, member_id: UUID, unit: str = "points") -> dict[int, int]:
    """What is left of each open lot, by its line."""
    wallet = wallet_of(organisation_id, member_id, unit)
    with in_organisation(organisation_id):
        return {lot.line: lot.remaining for lot in open_lots(organisation_id, [wallet.id])[wallet.id].lots}


def day(number: int, *, hour: int = 12) -> datetime:
    """A moment on the n-th day of the tests' year."""
    return datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=number - 1)


@contextmanager
def on_day(number: int) -> Iterator[datetime]:
    """Run with the clock standing at noon of the n-th day of the tests' year."""
    with clock.frozen_at(day(number)):
        yield day(number)
