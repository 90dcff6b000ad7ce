"""The only door to the ledger's tables for points that move: lock wallets, write down postings, post.

Everything here is set-based: one statement locks a batch's wallets, one adds its transfers, one moves
its balances. A caller holds the locks from `lock_wallets` until its transaction ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays, clock
from plaudit.ledger.models import Kind, Place
from plaudit.ledger.refusals import NotEnoughPoints
from plaudit.ledger.rules import Lot, in_burn_order, take_from_lots

Holding = tuple[UUID, int]  # (member id, unit id)


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

    `lots` holds the open lots of the wallets whose points this book takes or gives back: load them
    with `open_lots` before the first posting to such a wallet.
    """

    postings: list[Posting] = field(default_factory=list)
    burns: list[tuple[int, int, int, int]] = field(default_factory=list)  # wallet id, lot line, line, amount
    lots: dict[int, list[Lot]] = field(default_factory=dict)

    def add(self, posting: Posting, *, first_from: int | None = None) -> Posting:
        """Write a posting down: moves the wallet's balances, gives the transfer its line, burns lots.

        A debit of AVAILABLE consumes the lot `first_from` first (a reversal takes back the very points
        it gave), then the nearest expiry, then the oldest; what no lot covers is owed. A credit pays
        what is owed first. Raises `NotEnoughPoints` where the wallet may not owe.
        """
        wallet, amount = posting.wallet, posting.amount
        before = wallet.available
        if posting.source is Place.AVAILABLE and before < amount and not wallet.may_owe:
            raise NotEnoughPoints(needed=amount, available=before)
        _move(wallet, posting.source, -amount)
        _move(wallet, posting.target, amount)
        wallet.lines += 1
        wallet.touched = True
        posting.line = wallet.lines
        posting.available_after = wallet.available
        self.postings.append(posting)
        if posting.source is Place.AVAILABLE:
            taken = take_from_lots(in_burn_order(self.lots[wallet.id], first=first_from), amount)
            for lot, part in taken:
                self._burn(wallet.id, lot, posting.line, part)
        elif posting.target is Place.AVAILABLE and (before < 0 or wallet.id in self.lots):
            self._open_lot(posting, owed=max(0, -before))
        return posting

    def give_back(self, posting: Posting, burned: Sequence[tuple[int, int]]) -> Posting:
        """Write down a credit that restores the very lots a debit consumed, with their own expiry.

        `burned` is what the debit consumed and is not yet restored: (lot line, amount), in the order
        it was consumed. Restored newest first; what the debit had only owed comes back as a new lot.
        """
        self.add(posting)
        wallet = posting.wallet
        own = next(lot for lot in self.lots[wallet.id] if lot.line == posting.line)
        for lot_line, amount in reversed(burned):
            part = min(amount, own.remaining)
            if part:
                self._burn(wallet.id, own, posting.line, part)
                self._burn(wallet.id, self._lot(wallet.id, lot_line), posting.line, -part)
        return posting

    def _open_lot(self, posting: Posting, *, owed: int) -> None:
        lot = Lot(line=posting.line, remaining=posting.amount, expires_at=posting.expires_at)
        self.lots.setdefault(posting.wallet.id, []).append(lot)
        if owed:
            self._burn(posting.wallet.id, lot, posting.line, min(posting.amount, owed))

    def _lot(self, wallet_id: int, line: int) -> Lot:
        for lot in self.lots[wallet_id]:
            if lot.line == line:
                return lot
        emptied = Lot(line=line, remaining=0, expires_at=None)
        self.lots[wallet_id].append(emptied)
        return emptied

    def _burn(self, wallet_id: int, lot: Lot, line: int, amount: int) -> None:
        lot.remaining -= amount
        self.burns.append((wallet_id, lot.line, line, amount))


def _move(wallet: LockedWallet, place: Place, amount: int) -> None:
    if place is Place.AVAILABLE:
        wallet.available += amount
    elif place is Place.PENDING:
        wallet.pending += amount
    elif place is Place.HELD:
        wallet.held += amount


_LOCK = """
    select w.id, w.member_id, w.unit_id, w.available, w.pending, w.held, w.lines, w.may_owe
      from unnest(%s::uuid[], %s::int[]) as wanted (member_id, unit_id)
      join ledger_wallet w on w.organisation_id = %s and w.member_id = wanted.member_id
                          and w.unit_id = wanted.unit_id
     order by w.id
       for update of w
"""

_OPEN = """
    insert into ledger_wallet (organisation_id, member_id, unit_id, available, pending, held, lines, may_owe)
    select %s, wanted.member_id, wanted.unit_id, 0, 0, 0, 0, u.may_owe
      from unnest(%s::uuid[], %s::int[]) as wanted (member_id, unit_id)
      join ledger_unit u on u.id = wanted.unit_id
     order by wanted.member_id, wanted.unit_id
        on conflict (organisation_id, member_id, unit_id) do nothing
"""


def lock_wallets(organisation_id: int, holdings: Iterable[Holding]) -> dict[Holding, LockedWallet]:
    """Lock these wallets in one order for everybody, opening those that do not exist yet.

    An absent row takes no lock, so a new wallet is opened with zero first and locked with the rest.
    """
    wanted = sorted(set(holdings))
    if not wanted:
        return {}
    found = _locked(organisation_id, wanted)
    if len(found) < len(wanted):
        missing = [holding for holding in wanted if holding not in found]
        with connection.cursor() as cursor:
            cursor.execute(
                _OPEN,
                [
                    organisation_id,
                    arrays.uuids([m for m, _ in missing]),
                    arrays.numbers([u for _, u in missing]),
                ],
            )
        found.update(_locked(organisation_id, missing))
    return found


def _locked(organisation_id: int, wanted: Sequence[Holding]) -> dict[Holding, LockedWallet]:
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK,
            [arrays.uuids([m for m, _ in wanted]), arrays.numbers([u for _, u in wanted]), organisation_id],
        )
        return {(row[1], row[2]): LockedWallet(*row) for row in cursor.fetchall()}


_OPEN_LOTS = """
    select t.wallet_id, t.line, t.amount - coalesce(b.burned, 0), t.expires_at
      from ledger_transfer t
      left join (select wallet_id, lot_line, sum(amount)::bigint as burned from ledger_burn
                  where organisation_id = %(organisation)s and wallet_id = any(%(wallets)s)
                  group by wallet_id, lot_line) b
        on b.wallet_id = t.wallet_id and b.lot_line = t.line
     where t.organisation_id = %(organisation)s and t.wallet_id = any(%(wallets)s)
       and t.target = 1 and t.amount > coalesce(b.burned, 0)
"""


def open_lots(organisation_id: int, wallet_ids: Iterable[int]) -> dict[int, list[Lot]]:
    """The lots of these (locked) wallets that still hold points. Every wallet asked for has an entry."""
    lots: dict[int, list[Lot]] = {wallet_id: [] for wallet_id in wallet_ids}
    if lots:
        with connection.cursor() as cursor:
            cursor.execute(_OPEN_LOTS, {"organisation": organisation_id, "wallets": list(lots)})
            for wallet_id, line, remaining, expires_at in cursor.fetchall():
                lots[wallet_id].append(Lot(line=line, remaining=remaining, expires_at=expires_at))
    return lots


_BURNED = """
    select burned.wallet_id, burned.line, burned.lot_line, burned.amount + coalesce(back.amount, 0)
      from unnest(%(wallets)s::bigint[], %(lines)s::int[]) as wanted (wallet_id, line)
      join ledger_burn burned on burned.organisation_id = %(organisation)s
           and burned.wallet_id = wanted.wallet_id and burned.line = wanted.line
      join ledger_transfer lot on lot.organisation_id = burned.organisation_id
           and lot.wallet_id = burned.wallet_id and lot.line = burned.lot_line
      left join lateral (
            select sum(b.amount)::bigint as amount from ledger_transfer r
              join ledger_burn b on b.organisation_id = r.organisation_id and b.wallet_id = r.wallet_id
                                and b.line = r.line and b.lot_line = burned.lot_line
             where r.organisation_id = %(organisation)s and r.wallet_id = wanted.wallet_id
               and r.reverses_line = wanted.line and b.amount < 0) back on true
     where burned.amount > 0 and burned.lot_line <> burned.line
     order by burned.wallet_id, burned.line, lot.expires_at nulls last, burned.lot_line
"""


def burned_by(
    organisation_id: int, debits: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """What each debit (wallet id, line) consumed and was not yet given back: [(lot line, amount), …]."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {debit: [] for debit in debits}
    if found:
        with connection.cursor() as cursor:
            cursor.execute(
                _BURNED,
                {
                    "organisation": organisation_id,
                    "wallets": [wallet_id for wallet_id, _ in found],
                    "lines": [line for _, line in found],
                },
            )
            for wallet_id, line, lot_line, amount in cursor.fetchall():
                if amount > 0:
                    found[(wallet_id, line)].append((lot_line, amount))
    return found


_ADD_TRANSFERS = """
    insert into ledger_transfer (organisation_id, wallet_id, line, event_id, amount, available_after,
        occurred_at, recorded_at, expires_at, rule_id, reverses_line, source, target, kind, key, actor,
        approver, reason)
    select %s, wallet_id, line, event_id, amount, available_after, occurred_at, %s, expires_at, rule_id,
           reverses_line, source, target, kind, key, actor, approver, reason
      from unnest(%s::bigint[], %s::int[], %s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[],
                  %s::timestamptz[], %s::int[], %s::int[], %s::smallint[], %s::smallint[], %s::smallint[],
                  %s::text[], %s::text[], %s::text[], %s::text[])
        as t (wallet_id, line, event_id, amount, available_after, occurred_at, expires_at, rule_id,
              reverses_line, source, target, kind, key, actor, approver, reason)
"""

_MOVE_BALANCES = """
    update ledger_wallet w
       set available = t.available, pending = t.pending, held = t.held, lines = t.lines
      from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[])
        as t (id, available, pending, held, lines)
     where w.organisation_id = %s and w.id = t.id
"""

_ADD_BURNS = """
    insert into ledger_burn (organisation_id, wallet_id, lot_line, line, amount)
    select %s, * from unnest(%s::bigint[], %s::int[], %s::int[], %s::bigint[])
"""


def post(organisation_id: int, book: Book, *, recorded_at: datetime) -> None:
    """Post everything in `book`: its transfers, its burns, and the balances of the wallets it touched."""
    if not book.postings:
        return
    wallets = {p.wallet.id: p.wallet for p in book.postings if p.wallet.touched}
    with connection.cursor() as cursor:
        cursor.execute(_ADD_TRANSFERS, [organisation_id, recorded_at, *_columns(book.postings)])
        cursor.execute(
            _MOVE_BALANCES,
            [
                arrays.numbers(wallets),
                arrays.numbers([w.available for w in wallets.values()]),
                arrays.numbers([w.pending for w in wallets.values()]),
                arrays.numbers([w.held for w in wallets.values()]),
                arrays.numbers([w.lines for w in wallets.values()]),
                organisation_id,
            ],
        )
        assert cursor.rowcount == len(wallets), "every wallet posted to is locked and there"
        if book.burns:
            cursor.execute(
                _ADD_BURNS,
                [organisation_id, *(arrays.numbers(column) for column in zip(*book.burns, strict=True))],
            )


def _columns(postings: Sequence[Posting]) -> list[str]:
    """The transfers as columns, in the order `_ADD_TRANSFERS` unnests them."""
    return [
        arrays.numbers([p.wallet.id for p in postings]),
        arrays.numbers([p.line for p in postings]),
        arrays.uuids([p.event_id for p in postings]),
        arrays.numbers([p.amount for p in postings]),
        arrays.numbers([p.available_after for p in postings]),
        arrays.times([p.occurred_at for p in postings]),
        arrays.times([p.expires_at for p in postings]),
        arrays.numbers([p.rule_id for p in postings]),
        arrays.numbers([p.reverses_line for p in postings]),
        arrays.numbers([p.source.value for p in postings]),
        arrays.numbers([p.target.value for p in postings]),
        arrays.numbers([p.kind.value for p in postings]),
        arrays.texts([p.key for p in postings]),
        arrays.texts([p.actor for p in postings]),
        arrays.texts([p.approver for p in postings]),
        arrays.texts([p.reason for p in postings]),
    ]


def open_books(organisation_id: int) -> datetime:
    """Begin posting: keeps any period from being sealed until this transaction ends, and tells its time."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s, hashtext('seal'))", [organisation_id])
    return clock.now()
