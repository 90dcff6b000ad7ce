"""Gives back what was set aside: by choice, or because its time ran out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from plaudit.foundation import clock
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.ledger.book import Book, Posting
from plaudit.ledger.holding import add_release, lock_hold, record_settled, refuse_settled
from plaudit.ledger.models import Hold, HoldState
from plaudit.ledger.places import Kind
from plaudit.ledger.posting import burned_by, lock_wallets_by_id, open_books, open_lots, post
from plaudit.ledger.receipts import Receipt, find_receipt, keyed, receipt_for, tell_of
from plaudit.ledger.units import units_by_id


def release(
    organisation_id: int,
    reference: str,
    *,
    key: str | None = None,
    reason: str | None = None,
    actor: str | None = None,
) -> Receipt:
    """Give all points of an open hold back, into the lots they came from, with the expiry these have.

    A hold ends once: a second end raises `HoldNotOpen`, except that the same `key` gets its first
    answer. Raises `NotFound`.
    """

    def step() -> Receipt:
        now = open_books(organisation_id)
        wallet, hold = lock_hold(organisation_id, reference)
        own_key = None if key is None else keyed(Kind.RELEASE, key)
        earlier = find_receipt(
            organisation_id, own_key, same={"wallet_id": wallet.id, "reverses_line": hold.line}
        )
        if earlier is not None:
            return earlier
        refuse_settled(hold)
        book = Book(lots=open_lots(organisation_id, [wallet.id]))
        line = (wallet.id, hold.line)
        posting = add_release(
            book,
            wallet,
            hold,
            hold.amount,
            consumed=burned_by(organisation_id, [line])[line],
            occurred_at=now,
            key=own_key,
            actor=actor,
            reason=reason,
        )
        post(organisation_id, book, recorded_at=now)
        record_settled(organisation_id, [hold], HoldState.RELEASED)
        units = units_by_id(organisation_id)
        tell_of(organisation_id, "points.released", book.postings, units=units, happened_at=now)
        return receipt_for(posting)

    return act(organisation_id, step)


def expire_holds(organisation_id: int, *, at_a_time: int = 500) -> int:
    """Release every open hold whose time has run out; how many there were.

    Each `at_a_time` holds are a transaction of their own: stopped anywhere and run again, or run twice at
    once, the end is the same.
    """
    released = 0
    while True:
        with in_organisation(organisation_id):
            lapsed = _lapsed(organisation_id, clock.now(), at_a_time)
        if not lapsed:
            return released
        released += act(organisation_id, partial(_release_lapsed, organisation_id, lapsed))


def _lapsed(organisation_id: int, now: datetime, at_most: int) -> list[tuple[int, int]]:
    lapsed = Hold.objects.filter(organisation_id=organisation_id, state=HoldState.OPEN, expires_at__lte=now)
    return list(lapsed.order_by("expires_at").values_list("wallet_id", "line")[:at_most])


def _release_lapsed(organisation_id: int, lines: Sequence[tuple[int, int]]) -> int:
    now = open_books(organisation_id)
    wallets = lock_wallets_by_id(organisation_id, [wallet_id for wallet_id, _ in lines])
    # Only under the wallets' locks is it known which of them are still open.
    holds = [
        hold
        for hold in Hold.objects.filter(
            organisation_id=organisation_id, wallet_id__in=wallets, state=HoldState.OPEN, expires_at__lte=now
        ).order_by("wallet_id", "line")
        if (hold.wallet_id, hold.line) in set(lines)
    ]
    book = Book(lots=open_lots(organisation_id, wallets))
    consumed = burned_by(organisation_id, [(hold.wallet_id, hold.line) for hold in holds])
    postings: list[Posting] = [
        add_release(
            book,
            wallets[hold.wallet_id],
            hold,
            hold.amount,
            consumed=consumed[(hold.wallet_id, hold.line)],
            occurred_at=now,
            reason="Not used in time.",
        )
        for hold in holds
    ]
    post(organisation_id, book, recorded_at=now)
    record_settled(organisation_id, holds, HoldState.EXPIRED)
    tell_of(organisation_id, "points.released", postings, units=units_by_id(organisation_id), happened_at=now)
    return len(holds)
