"""Reverses one transfer, whole or in part: never more than is left of it, never a reversal."""

from __future__ import annotations

from dataclasses import dataclass

from plaudit.foundation import audit
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.ledger.places import Kind
from plaudit.ledger.posting import open_books, post
from plaudit.ledger.receipts import Receipt, find_receipt, keyed, receipt_for, tell_of
from plaudit.ledger.references import read_transfer
from plaudit.ledger.refusals import (
    NotEnoughPoints,
    NothingLeftToReverse,
    NotReversible,
    ReasonNeeded,
    ReversalOfReversal,
    ReversesTooMuch,
)
from plaudit.ledger.reversing import Posted
from plaudit.ledger.rules import checked_amount
from plaudit.ledger.undoing import Undoing, undoing_of_line
from plaudit.ledger.units import units_by_id

_INSTEAD = {
    Kind.HOLD: "Release the hold.",
    Kind.RELEASE: "Hold the points again.",
    Kind.EXPIRY: "Give the points anew by an adjustment, with an expiry of their own.",
    Kind.ACTIVATION: "Reverse the accrual that it made spendable.",
    Kind.MERGE: "Undo the merge of the members.",
    Kind.UNMERGE: "Merge the members again.",
    Kind.EXTENSION: "Extend the points again, or leave them as they are.",
    Kind.WRITE_OFF: "Take the points by an adjustment.",
}


@dataclass(frozen=True, slots=True)
class Reversed:
    """The reversal, and what it reversed as that stood before: for whoever keeps count of grants."""

    receipt: Receipt
    of: Posted


def reverse(
    organisation_id: int, reference: str, *, reason: str, key: str, actor: str, amount: int | None = None
) -> Reversed:
    """Take back a transfer, all that is left of it or `amount`, into the places and lots it came from.

    The same key reverses once. Raises `NotFound`, `ReasonNeeded`, `AmountRefused`, `NotReversible`,
    `ReversalOfReversal`, `NothingLeftToReverse`, `ReversesTooMuch`, `NotEnoughPoints` (where the points
    are spent and the wallet may not owe) and `KeyUsedOtherwise`.
    """
    wallet_id, line = read_transfer(reference)
    wanted = None if amount is None else checked_amount(amount)
    if not reason.strip():
        raise ReasonNeeded

    def step() -> Reversed:
        now = open_books(organisation_id)
        undoing = undoing_of_line(organisation_id, wallet_id, line)
        if not undoing.posted:
            raise NotFound(kind="transfer", ref=reference)
        posted = undoing.posted[0]
        own_key = keyed(Kind.REVERSAL, key)
        same = {"wallet_id": wallet_id, "reverses_line": line}
        earlier = find_receipt(
            organisation_id, own_key, same=same if wanted is None else {**same, "amount": wanted}
        )
        if earlier is not None:
            return Reversed(earlier, posted)
        _refuse_irreversible(posted)
        taking = _amount_of(posted, wanted)
        taken = undoing.take_back(
            posted, taking, occurred_at=now, key=own_key, actor=actor, reason=reason.strip()
        )
        if taken < taking:
            raise NotEnoughPoints(needed=taking, available=taken)
        post(organisation_id, undoing.book, recorded_at=now)
        return Reversed(_tell(organisation_id, undoing, posted), posted)

    return act(organisation_id, step)


def _refuse_irreversible(posted: Posted) -> None:
    if posted.kind is Kind.REVERSAL:
        raise ReversalOfReversal(line=posted.line)
    if posted.kind in _INSTEAD:
        raise NotReversible(line=posted.line, kind=posted.kind.label.lower(), instead=_INSTEAD[posted.kind])


def _amount_of(posted: Posted, wanted: int | None) -> int:
    if posted.left == 0:
        raise NothingLeftToReverse(line=posted.line)
    if wanted is not None and wanted > posted.left:
        raise ReversesTooMuch(line=posted.line, left=posted.left)
    return posted.left if wanted is None else wanted


def _tell(organisation_id: int, undoing: Undoing, posted: Posted) -> Receipt:
    reversal = undoing.book.postings[-1]
    receipt = receipt_for(reversal)
    tell_of(
        organisation_id,
        "points.reversed",
        undoing.book.postings,
        units=units_by_id(organisation_id),
        happened_at=reversal.occurred_at,
    )
    audit.note(
        actor=reversal.actor or "",
        act="points.reversed",
        subject=show("mem", posted.member_id),
        reason=reversal.reason or "",
        details={"transfer": receipt.reference, "line": posted.line, "amount": reversal.amount},
    )
    return receipt
