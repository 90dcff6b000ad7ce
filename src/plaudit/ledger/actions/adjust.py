"""Grants or takes points by hand: with a reason, by somebody, above a limit agreed by somebody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from plaudit.foundation import audit
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import act
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.holdings import lock_wallet
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import open_books, open_lots, post
from plaudit.ledger.receipts import Receipt, find_receipt, keyed, receipt_for, tell_of
from plaudit.ledger.refusals import ApproverNeeded, ReasonNeeded
from plaudit.ledger.rules import checked_amount
from plaudit.ledger.settling import settle
from plaudit.ledger.units import UnitPolicy, time_zone_of, unit_named


def adjust(
    organisation_id: int,
    *,
    member_id: UUID,
    unit: str,
    amount: int,
    reason: str,
    key: str,
    actor: str,
    approver: str | None = None,
) -> Receipt:
    """Give a member `amount` points, or take them where it is below zero (in the unit's smallest part).

    The same key posts once. What is given expires by the unit's policy. Raises `NotFound`,
    `AmountRefused`, `ReasonNeeded`, `ApproverNeeded` (from the unit's `approval_from` on, or where
    somebody would approve their own), `NotEnoughPoints` and `KeyUsedOtherwise`.
    """
    whole = checked_amount(-amount if amount < 0 else amount)
    if not reason.strip():
        raise ReasonNeeded
    source, target = (Place.AVAILABLE, Place.ADJUSTED) if amount < 0 else (Place.ADJUSTED, Place.AVAILABLE)

    def step() -> Receipt:
        now = open_books(organisation_id)
        policy = unit_named(organisation_id, unit)
        _refuse_unapproved(policy, whole, actor, approver)
        wallet = lock_wallet(organisation_id, member_id, policy)
        own_key = keyed(Kind.ADJUSTMENT, key)
        same = {"member_id": member_id, "unit_id": policy.id, "amount": whole, "source": source}
        earlier = find_receipt(organisation_id, own_key, same=same)
        if earlier is not None:
            return earlier
        posting = Posting(wallet, source, target, whole, Kind.ADJUSTMENT, now, key=own_key, actor=actor)
        posting.approver, posting.reason = approver, reason.strip()
        if target is Place.AVAILABLE:
            posting.expires_at = policy.expiry_of(now, time_zone_of(organisation_id))
        return _post_one(organisation_id, wallet, policy, posting, now)

    return act(organisation_id, step)


def _refuse_unapproved(unit: UnitPolicy, amount: int, actor: str, approver: str | None) -> None:
    needed = unit.approval_from is not None and amount >= unit.approval_from
    if (needed and not approver) or (approver and approver == actor):
        raise ApproverNeeded(amount=unit.approval_from if needed and unit.approval_from else amount)


def _post_one(
    organisation_id: int, wallet: LockedWallet, unit: UnitPolicy, posting: Posting, now: datetime
) -> Receipt:
    book = Book(lots=open_lots(organisation_id, [wallet.id]))
    settle(organisation_id, book, [wallet], now=now)
    book.add(posting)
    post(organisation_id, book, recorded_at=now)
    tell_of(organisation_id, "points.adjusted", book.postings, units={unit.id: unit}, happened_at=now)
    audit.note(
        actor=posting.actor or "",
        act="points.adjusted",
        subject=show("mem", wallet.member_id),
        reason=posting.reason or "",
        details={
            "transfer": receipt_for(posting).reference,
            "unit": unit.key,
            "amount": -posting.amount if posting.source is Place.AVAILABLE else posting.amount,
            "approver": posting.approver,
        },
    )
    return receipt_for(posting)
