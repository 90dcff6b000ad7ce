"""Sets points aside for something in progress, so that nothing else can spend them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from plaudit.foundation.tenancy import act
from plaudit.ledger.book import Book
from plaudit.ledger.holding import add_hold, record_holds
from plaudit.ledger.holdings import lock_wallet
from plaudit.ledger.places import Kind
from plaudit.ledger.posting import open_books, open_lots, post
from plaudit.ledger.receipts import Receipt, find_receipt, keyed, receipt_for, tell_of
from plaudit.ledger.rules import checked_amount
from plaudit.ledger.settling import settle
from plaudit.ledger.units import unit_named


def hold(
    organisation_id: int,
    *,
    member_id: UUID,
    unit: str,
    amount: int,
    key: str,
    expires_at: datetime | None = None,
    reason: str | None = None,
    actor: str | None = None,
) -> Receipt:
    """Set `amount` of a member's spendable points aside until they are captured or released.

    The receipt's `reference` names the hold. A hold that is neither by `expires_at` is released by
    `expire_holds`; without it, never by itself. The same key holds once. Raises `NotFound`,
    `AmountRefused`, `NotEnoughPoints` and `KeyUsedOtherwise`.
    """
    whole = checked_amount(amount)

    def step() -> Receipt:
        now = open_books(organisation_id)
        policy = unit_named(organisation_id, unit)
        wallet = lock_wallet(organisation_id, member_id, policy)
        own_key = keyed(Kind.HOLD, key)
        earlier = find_receipt(
            organisation_id,
            own_key,
            same={"member_id": member_id, "unit_id": policy.id, "amount": whole, "kind": Kind.HOLD},
        )
        if earlier is not None:
            return earlier
        book = Book(lots=open_lots(organisation_id, [wallet.id]))
        settle(organisation_id, book, [wallet], now=now)
        posting = add_hold(book, wallet, whole, occurred_at=now, key=own_key, actor=actor, reason=reason)
        post(organisation_id, book, recorded_at=now)
        record_holds(organisation_id, [(posting, expires_at)])
        tell_of(organisation_id, "points.held", book.postings, units={policy.id: policy}, happened_at=now)
        return receipt_for(posting)

    return act(organisation_id, step)
