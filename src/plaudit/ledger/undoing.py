"""Everything that taking points back needs, under lock: wallets, lots, burns, and where moved points went.

What is left of a transfer is read only after its wallet is locked: two that take back at once would
otherwise both find it whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.lots import Line, burned_by, open_lots
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import Holding, lock_wallets
from plaudit.ledger.reversing import Posted, posted_at, posted_for_events, take_back
from plaudit.ledger.rules import Part, without_last


@dataclass(slots=True)
class Undoing:
    """Locked wallets and a book in which transfers are taken back; post it when done."""

    organisation_id: int
    posted: list[Posted]
    wallets: dict[Holding, LockedWallet]
    homes: dict[UUID, UUID]
    book: Book = field(default_factory=Book)
    burned: dict[Line, list[Part]] = field(default_factory=dict)
    moved: dict[int, list[Line]] = field(default_factory=dict)

    def take_back(
        self,
        posted: Posted,
        amount: int,
        *,
        occurred_at: datetime,
        event_id: UUID | None = None,
        key: str | None = None,
        actor: str | None = None,
        reason: str | None = None,
        writing_off: bool = False,
    ) -> int:
        """Write down the reversal of `amount` of what was posted; the amount taken back is returned.

        It is less than asked only where a wallet may not owe and the points are already spent. Points
        that moved on when their member was merged are called back first. See `reversing.take_back`.
        """
        wallet = self.wallets[(posted.member_id, posted.unit_id)]
        home = self.homes.get(posted.member_id)
        if home is not None:
            self._call_back(posted, wallet, self.wallets[(home, posted.unit_id)], amount, occurred_at)
        return take_back(
            self.book,
            wallet,
            posted,
            amount,
            occurred_at=occurred_at,
            burned=self.burned[(posted.wallet_id, posted.debit_line)],
            event_id=event_id,
            key=key,
            actor=actor,
            reason=reason,
            writing_off=writing_off,
        )

    def _call_back(
        self, posted: Posted, wallet: LockedWallet, home: LockedWallet, amount: int, occurred_at: datetime
    ) -> None:
        """Move back from the member they were merged into the points that are to be taken, their own lot first."""
        if posted.target is not Place.AVAILABLE and posted.spendable_line == posted.line:
            return
        missing = amount - max(0, wallet.available) - sum(part.amount for part in posted.lapsed)
        if not home.may_owe:
            missing = min(missing, max(0, home.available))
        for debit in self.moved.get(wallet.id, ()):
            parts = sorted(self.burned[debit], key=lambda part: part.lot_line == posted.spendable_line)
            amount = min(missing, sum(part.amount for part in parts))
            if amount > 0:
                self._call(home, amount, occurred_at, like=parts[-1].expires_at)
                self.book.give_back(_arrival(wallet, amount, occurred_at, of=debit[1]), parts)
                self.burned[debit] = without_last(parts, amount)
                missing -= amount
        if missing > 0:
            self._call(home, missing, occurred_at)
            self.book.add(_arrival(wallet, missing, occurred_at))

    def _call(
        self, home: LockedWallet, amount: int, occurred_at: datetime, *, like: datetime | None = None
    ) -> None:
        """Take points out of the home wallet: of a lot that expires like those that moved in, if there is one."""
        lots = self.book.lots[home.id].lots
        first = next((lot.line for lot in lots if lot.remaining and lot.expires_at == like), None)
        leaving = Posting(home, Place.AVAILABLE, Place.MOVED, amount, Kind.UNMERGE, occurred_at)
        self.book.add(leaving, first_from=first)


def _arrival(wallet: LockedWallet, amount: int, occurred_at: datetime, *, of: int | None = None) -> Posting:
    return Posting(wallet, Place.MOVED, Place.AVAILABLE, amount, Kind.UNMERGE, occurred_at, reverses_line=of)


_HOLDINGS_OF_EVENTS = """
    select distinct w.member_id, w.unit_id
      from ledger_transfer t join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
     where t.organisation_id = %s and t.event_id = any(%s::uuid[])
"""

_HOLDING_OF_WALLET = "select member_id, unit_id from ledger_wallet where organisation_id = %s and id = %s"

# Whom each member lives on as: followed through merges that stand, to the last.
_HOMES = """
    with recursive lives_on (member_id, home_id) as (
        select m.absorbed_id, m.survivor_id from people_merge m
         where m.organisation_id = %(organisation)s and m.absorbed_id = any(%(members)s::uuid[])
           and m.unmerged_at is null
         union
        select l.member_id, m.survivor_id from lives_on l
          join people_merge m on m.organisation_id = %(organisation)s and m.absorbed_id = l.home_id
                             and m.unmerged_at is null)
    select member_id, home_id from lives_on l
     where not exists (select 1 from people_merge m
                        where m.organisation_id = %(organisation)s and m.absorbed_id = l.home_id
                          and m.unmerged_at is null)
"""

# What left a wallet when its member was merged into another (kind 11, from AVAILABLE).
_MOVED = """
    select t.wallet_id, t.line from ledger_transfer t
     where t.organisation_id = %s and t.wallet_id = any(%s::bigint[]) and t.kind = 11 and t.source = 1
     order by t.wallet_id, t.line desc
"""


def undoing_of_events(organisation_id: int, event_ids: Sequence[UUID]) -> Undoing:
    """Lock what these events' rules posted, and read under the lock how much of it is left."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDINGS_OF_EVENTS, [organisation_id, arrays.uuids(event_ids)])
        holdings = set(cursor.fetchall())
    undoing = _lock(organisation_id, holdings)
    undoing.posted = posted_for_events(organisation_id, event_ids)
    return _load(undoing)


def undoing_of_line(organisation_id: int, wallet_id: int, line: int) -> Undoing:
    """Lock the wallet of one transfer, and read under the lock how much of it is left; none where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING_OF_WALLET, [organisation_id, wallet_id])
        holdings = set(cursor.fetchall())
    undoing = _lock(organisation_id, holdings)
    posted = posted_at(organisation_id, wallet_id, line)
    undoing.posted = [posted] if posted else []
    return _load(undoing)


def homes_of(organisation_id: int, member_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Whom each of these members was merged into, to the last; members that stand for themselves are absent."""
    with connection.cursor() as cursor:
        cursor.execute(_HOMES, {"organisation": organisation_id, "members": arrays.uuids(member_ids)})
        return dict(cursor.fetchall())


def _lock(organisation_id: int, holdings: set[Holding]) -> Undoing:
    """Lock these holdings, and those of the members that theirs were merged into."""
    members = sorted({member_id for member_id, _ in holdings})
    homes = homes_of(organisation_id, members)
    while True:
        at_home = {(homes[member_id], unit_id) for member_id, unit_id in holdings if member_id in homes}
        wallets = lock_wallets(organisation_id, holdings | at_home)
        # A merge may have been under way: it held these locks, so what it did is to be seen now.
        now_at_home = homes_of(organisation_id, members)
        if now_at_home == homes:
            return Undoing(organisation_id, [], wallets, homes)
        homes = now_at_home


def _load(undoing: Undoing) -> Undoing:
    organisation_id = undoing.organisation_id
    undoing.book.lots = open_lots(organisation_id, [wallet.id for wallet in undoing.wallets.values()])
    merged = [w.id for (member_id, _), w in undoing.wallets.items() if member_id in undoing.homes]
    moved: dict[int, list[Line]] = defaultdict(list)
    if merged:
        with connection.cursor() as cursor:
            cursor.execute(_MOVED, [organisation_id, arrays.numbers(merged)])
            for wallet_id, line in cursor.fetchall():
                moved[wallet_id].append((wallet_id, line))
    undoing.moved = moved
    debits = [(one.wallet_id, one.debit_line) for one in undoing.posted]
    debits += [debit for lines in moved.values() for debit in lines]
    undoing.burned = burned_by(organisation_id, debits)
    return undoing
