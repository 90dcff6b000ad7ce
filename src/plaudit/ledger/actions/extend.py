"""Gives points longer to live: what is left of a lot is taken out and granted anew, with a later expiry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from plaudit.foundation import audit
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import lock_wallets_by_id, open_books, open_lots, post
from plaudit.ledger.receipts import Receipt, find_receipt, keyed, receipt_for, tell_of
from plaudit.ledger.references import read_transfer
from plaudit.ledger.refusals import NothingLeftToExtend, NotLater, ReasonNeeded
from plaudit.ledger.reversing import posted_at
from plaudit.ledger.rules import Lot
from plaudit.ledger.settling import settle
from plaudit.ledger.units import units_by_id


def extend(
    organisation_id: int, reference: str, *, until: datetime, reason: str, key: str, actor: str
) -> Receipt:
    """Let what is left of the lot that this transfer opened expire at `until` instead; the new lot's receipt.

    Two lines tell of it: one that takes the points out of their lot, one that gives them back in a lot of
    their own. A correction of what had earned them takes these very points. The same key extends once.
    Raises `NotFound`, `ReasonNeeded`, `NothingLeftToExtend` (nothing of it is there to be spent, or it
    never expires), `NotLater` and `KeyUsedOtherwise`.
    """
    wallet_id, line = read_transfer(reference)
    if not reason.strip():
        raise ReasonNeeded

    def step() -> Receipt:
        now = open_books(organisation_id)
        wallet = lock_wallets_by_id(organisation_id, [wallet_id]).get(wallet_id)
        posted = posted_at(organisation_id, wallet_id, line) if wallet is not None else None
        if wallet is None or posted is None:
            raise NotFound(kind="transfer", ref=reference)
        own_key = keyed(Kind.EXTENSION, key)
        earlier = find_receipt(organisation_id, own_key, same={"wallet_id": wallet_id, "expires_at": until})
        if earlier is not None:
            return earlier
        book = Book(lots=open_lots(organisation_id, [wallet_id]))
        settle(organisation_id, book, [wallet], now=now)
        lot = _open_lot(book, wallet, line)
        was = lot.expires_at
        assert was is not None, "a lot that never expires is refused"
        if until <= max(was, now):
            raise NotLater(line=line, expires_at=was)
        # Where it was extended before, the first lot of all is named: it is what its event is known by.
        root = posted.reverses_line if posted.kind is Kind.EXTENSION else line
        given = Posting(
            wallet, Place.MOVED, Place.AVAILABLE, lot.remaining, Kind.EXTENSION, now, reverses_line=root
        )
        given.expires_at, given.key, given.actor, given.reason = until, own_key, actor, reason.strip()
        _give_anew(book, lot, given)
        post(organisation_id, book, recorded_at=now)
        return _tell(organisation_id, book, given, was=was)

    return act(organisation_id, step)


def _give_anew(book: Book, lot: Lot, given: Posting) -> None:
    """Take what is left of the lot out, and grant it in a lot of its own."""
    taken = replace(given, source=Place.AVAILABLE, target=Place.MOVED, reverses_line=lot.line)
    taken.expires_at = taken.key = None
    book.add(taken, consuming=[(lot, lot.remaining)])
    book.add(given)


def _open_lot(book: Book, wallet: LockedWallet, line: int) -> Lot:
    lot = book.lots[wallet.id].lot(line)
    if lot is None or lot.remaining == 0 or lot.expires_at is None:
        raise NothingLeftToExtend(line=line)
    return lot


def _tell(organisation_id: int, book: Book, given: Posting, *, was: datetime) -> Receipt:
    receipt = receipt_for(given)
    assert given.expires_at is not None
    units = units_by_id(organisation_id)
    tell_of(organisation_id, "points.extended", book.postings, units=units, happened_at=given.occurred_at)
    audit.note(
        actor=given.actor or "",
        act="points.extended",
        subject=show("mem", given.wallet.member_id),
        reason=given.reason or "",
        details={
            "transfer": receipt.reference,
            "of": given.reverses_line,
            "unit": units[given.wallet.unit_id].key,
            "amount": given.amount,
            "from": was.isoformat(),
            "to": given.expires_at.isoformat(),
        },
    )
    return receipt
