"""Spends what was set aside, whole or in part; what is not spent comes free in the same act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plaudit.foundation.tenancy import act
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.holding import add_capture, add_release, lock_hold, record_settled, refuse_settled
from plaudit.ledger.models import Hold, HoldState
from plaudit.ledger.places import Kind
from plaudit.ledger.posting import burned_by, open_books, open_lots, post
from plaudit.ledger.receipts import Receipt, find_receipt, keyed, receipt_for, tell_of
from plaudit.ledger.refusals import CapturesTooMuch
from plaudit.ledger.rules import checked_amount
from plaudit.ledger.units import units_by_id


@dataclass(frozen=True, slots=True)
class Captured:
    """What was spent of a hold, and what of it came free (None where all was spent)."""

    captured: Receipt
    released: Receipt | None


def capture(
    organisation_id: int,
    reference: str,
    *,
    amount: int | None = None,
    key: str | None = None,
    reason: str | None = None,
    actor: str | None = None,
) -> Captured:
    """Spend the points of an open hold, all of them or `amount`; the rest is released.

    A hold ends once: a second end raises `HoldNotOpen`, except that the same `key` gets its first
    answer. So does a hold past its time, whether or not it was released yet. Raises `NotFound`,
    `AmountRefused` and `CapturesTooMuch`.
    """
    whole = None if amount is None else checked_amount(amount)

    def step() -> Captured:
        now = open_books(organisation_id)
        wallet, hold = lock_hold(organisation_id, reference)
        own_key = None if key is None else keyed(Kind.CAPTURE, key)
        taking = hold.amount if whole is None else whole
        same = {"wallet_id": wallet.id, "reverses_line": hold.line, "amount": taking}
        earlier = find_receipt(organisation_id, own_key, same=same)
        if earlier is not None:
            rest = find_receipt(organisation_id, keyed(Kind.RELEASE, f"capture:{key}"), same={})
            return Captured(earlier, rest)
        refuse_settled(hold, now=now)
        if taking > hold.amount:
            raise CapturesTooMuch(held=hold.amount)
        book = Book(lots=open_lots(organisation_id, [wallet.id]))
        spent = add_capture(
            book, wallet, hold.line, taking, occurred_at=now, key=own_key, actor=actor, reason=reason
        )
        rest_key = None if key is None else keyed(Kind.RELEASE, f"capture:{key}")
        rest_posting = _release_rest(
            organisation_id, book, wallet, hold, hold.amount - taking, now, rest_key, actor
        )
        post(organisation_id, book, recorded_at=now)
        record_settled(organisation_id, [hold], HoldState.CAPTURED)
        units = units_by_id(organisation_id)
        tell_of(organisation_id, "points.captured", book.postings, units=units, happened_at=now)
        return Captured(receipt_for(spent), receipt_for(rest_posting) if rest_posting else None)

    return act(organisation_id, step)


def _release_rest(
    organisation_id: int,
    book: Book,
    wallet: LockedWallet,
    hold: Hold,
    amount: int,
    now: datetime,
    key: str | None,
    actor: str | None,
) -> Posting | None:
    """Write down that what a capture leaves of a hold comes free, into the lots it came from."""
    if amount == 0:
        return None
    line = (wallet.id, hold.line)
    consumed = burned_by(organisation_id, [line])[line]
    return add_release(book, wallet, hold, amount, consumed=consumed, occurred_at=now, key=key, actor=actor)
