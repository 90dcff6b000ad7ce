"""What one action is about to post, worked out in memory while its wallets are locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from plaudit.ledger.places import Kind, Place
from plaudit.ledger.refusals import NotEnoughPoints
from plaudit.ledger.rules import (
    Debt,
    Lot,
    OpenLots,
    Part,
    earlier,
    in_burn_order,
    latest_expiry,
    take_from_lots,
)

# Named once: an enum's member is looked up in its class as slowly as a posting is added up.
AVAILABLE, PENDING, HELD = Place.AVAILABLE, Place.PENDING, Place.HELD


@dataclass(slots=True)
class LockedWallet:
    """A wallet whose row this transaction has locked, with its balances as they stand after each posting."""

    id: int
    member_id: UUID
    unit_id: int
    available: int
    pending: int
    held: int
    lines: int
    may_owe: bool
    open_from: int = 1
    due_at: datetime | None = None
    counts: str = ""
    touched: bool = False


@dataclass(slots=True)
class Posting:
    """One transfer about to be posted. `wallet` is locked; `amount` is in the unit's smallest part."""

    wallet: LockedWallet
    source: Place
    target: Place
    amount: int
    kind: Kind
    occurred_at: datetime
    event_id: UUID | None = None
    rule_id: int | None = None
    expires_at: datetime | None = None
    spendable_at: datetime | None = None
    reverses_line: int | None = None
    key: str | None = None
    actor: str | None = None
    approver: str | None = None
    reason: str | None = None
    line: int = 0
    available_after: int = 0


@dataclass(slots=True)
class Book:
    """What one action is about to post: transfers in order, and the burns of the lots they consume.

    `lots` holds the open lots and debts of the wallets whose points this book takes or gives back, and of
    every wallet that owes: load them with `lots.open_lots` before the first posting to such a wallet.
    """

    postings: list[Posting] = field(default_factory=list)
    burns: list[tuple[int, int, int, int]] = field(default_factory=list)  # wallet id, lot line, line, amount
    lots: dict[int, OpenLots] = field(default_factory=dict)
    settled: dict[int, LockedWallet] = field(default_factory=dict)  # bounds to write even where nothing moved

    def add(
        self,
        posting: Posting,
        *,
        first_from: int | None = None,
        consuming: Sequence[tuple[Lot, int]] | None = None,
    ) -> Posting:
        """Write a posting down: moves the wallet's balances, gives the transfer its line, burns lots.

        A debit of AVAILABLE consumes the lot `first_from` first (a reversal takes back the very points
        it gave), then the nearest expiry, then the oldest; or exactly what `consuming` names. What no
        lot covers is owed. A credit pays what is owed first. Raises `NotEnoughPoints` where the wallet
        may not owe.
        """
        wallet = posting.wallet
        if posting.source is AVAILABLE:
            if wallet.available < posting.amount and not wallet.may_owe:
                raise NotEnoughPoints(needed=posting.amount, available=wallet.available)
            self._write_down(posting)
            self._consume(posting, first_from, consuming)
        else:
            owes = wallet.available < 0
            self._write_down(posting)
            if posting.target is AVAILABLE:
                assert not owes or wallet.id in self.lots, "the debts of a wallet that owes are loaded"
                if wallet.id in self.lots:
                    self._open_lot(posting)
        return posting

    def give_back(self, posting: Posting, consumed: Sequence[Part], *, paying_debts: bool = True) -> Posting:
        """Write down a credit that restores the very lots a debit consumed, with their own expiry.

        `consumed` is what the debit took from lots and is not yet restored, in the order it was taken
        (see `lots.burned_by`). It is undone from its end, as though the debit had been smaller: what it
        still owes first, then what was taken last. Other debts are paid before anything is restored,
        except where the points are taken again at once (`paying_debts`).
        """
        wallet = posting.wallet
        open_lots = self.lots[wallet.id]
        parts = list(consumed)
        for debt in open_lots.debts:
            if debt.line == posting.reverses_line:
                parts += debt.paid
        posting.expires_at = posting.expires_at or latest_expiry(parts)
        self._write_down(posting)
        own = self._open_lot(posting, paying_debts=paying_debts)
        restored = 0
        for part in reversed(parts):
            amount = min(part.amount, own.remaining - restored)
            if amount > 0:
                self._burn(wallet.id, self._lot(open_lots, part), posting.line, -amount)
                wallet.due_at = earlier(wallet.due_at, part.expires_at)
                restored += amount
        if restored:
            self._burn(wallet.id, own, posting.line, restored)
        return posting

    def _write_down(self, posting: Posting) -> None:
        wallet = posting.wallet
        _move(wallet, posting.source, -posting.amount)
        _move(wallet, posting.target, posting.amount)
        wallet.lines += 1
        wallet.touched = True
        due_at = posting.expires_at if posting.spendable_at is None else posting.spendable_at
        if due_at is not None and (wallet.due_at is None or due_at < wallet.due_at):
            wallet.due_at = due_at
        posting.line = wallet.lines
        posting.available_after = wallet.available
        self.postings.append(posting)

    def _consume(
        self, posting: Posting, first: int | None, consuming: Sequence[tuple[Lot, int]] | None
    ) -> None:
        open_lots = self.lots[posting.wallet.id]
        if consuming is None:
            consuming = take_from_lots(in_burn_order(open_lots.lots, first=first), posting.amount)
        left = posting.amount
        for lot, part in consuming:
            self._burn(posting.wallet.id, lot, posting.line, part)
            left -= part
        assert left >= 0, "no more is consumed than is taken"
        if left:
            open_lots.debts.append(Debt(posting.line, left))

    def _open_lot(self, posting: Posting, *, paying_debts: bool = True) -> Lot:
        """Open the credit's lot and let it pay what is owed: by the debit it undoes first, then the oldest."""
        lot = Lot(line=posting.line, remaining=posting.amount, expires_at=posting.expires_at)
        open_lots = self.lots[posting.wallet.id]
        open_lots.lots.append(lot)
        debts = open_lots.debts if paying_debts else ()
        for debt in sorted(debts, key=lambda debt: (debt.line != posting.reverses_line, debt.line)):
            part = min(lot.remaining, debt.owed)
            if part:
                self._burn(posting.wallet.id, lot, debt.line, part)
                debt.owed -= part
                if debt.line != posting.reverses_line:
                    debt.paid.append(Part(lot.line, part, lot.expires_at))
        return lot

    def _lot(self, open_lots: OpenLots, part: Part) -> Lot:
        lot = open_lots.lot(part.lot_line)
        if lot is None:
            lot = Lot(line=part.lot_line, remaining=0, expires_at=part.expires_at)
            open_lots.lots.append(lot)
        lot.restored = True
        return lot

    def _burn(self, wallet_id: int, lot: Lot, line: int, amount: int) -> None:
        lot.remaining -= amount
        self.burns.append((wallet_id, lot.line, line, amount))


def _move(wallet: LockedWallet, place: Place, amount: int) -> None:
    if place is AVAILABLE:
        wallet.available += amount
    elif place is PENDING:
        wallet.pending += amount
    elif place is HELD:
        wallet.held += amount
