"""Moves a member's points to another member and back: when two are merged into one, and when that is undone.

One debit leaves each wallet; what arrives is one lot for each expiry that left, so nothing lives longer or
shorter for having moved. What is pending stays until it becomes spendable, what is held until it is
settled; `move_on` sends both after the rest. Coming back, what is left goes into the very lots it left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plaudit.foundation import audit
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.holdings import refuse_strangers
from plaudit.ledger.lots import burned_by, open_lots
from plaudit.ledger.models import Transfer, Wallet
from plaudit.ledger.places import Kind, Place
from plaudit.ledger.posting import lock_wallets, open_books, post
from plaudit.ledger.receipts import find_receipts, tell_of
from plaudit.ledger.refusals import NothingToMove
from plaudit.ledger.rules import Lot, Part, in_burn_order, last_of, take_from_lots
from plaudit.ledger.undoing import homes_of
from plaudit.ledger.units import units_by_id
from plaudit.people.models import Merge


@dataclass(frozen=True, slots=True)
class Moved:
    """How much of each unit moved (unit key: amount in its smallest part)."""

    points: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Moving:
    """Who moves what between whom, and the book it is written down in."""

    organisation_id: int
    book: Book
    pairs: list[tuple[LockedWallet, LockedWallet]]
    now: datetime
    actor: str
    reason: str
    postings: list[Posting]

    def leave(
        self, wallet: LockedWallet, amount: int, kind: Kind, key: str, lots: Sequence[tuple[Lot, int]]
    ) -> None:
        """Write down that points leave, out of these lots; beyond them they are owed."""
        posting = self._posting(wallet, Place.AVAILABLE, Place.MOVED, amount, kind, key)
        self.postings.append(self.book.add(posting, consuming=lots))

    def arrive(self, wallet: LockedWallet, amount: int, key: str, expires_at: datetime | None) -> None:
        """Write down that points arrive, as a lot with this expiry."""
        posting = self._posting(wallet, Place.MOVED, Place.AVAILABLE, amount, Kind.MERGE, key)
        posting.expires_at = expires_at
        self.postings.append(self.book.add(posting))

    def come_back(
        self, wallet: LockedWallet, amount: int, key: str, out_line: int, parts: Sequence[Part]
    ) -> None:
        """Write down that points come back into the lots that the debit `out_line` had taken them from."""
        posting = self._posting(wallet, Place.MOVED, Place.AVAILABLE, amount, Kind.UNMERGE, key)
        posting.reverses_line = out_line
        self.postings.append(self.book.give_back(posting, parts))

    def _posting(
        self, wallet: LockedWallet, source: Place, target: Place, amount: int, kind: Kind, key: str
    ) -> Posting:
        return Posting(
            wallet, source, target, amount, kind, self.now, key=key, actor=self.actor, reason=self.reason
        )

    def finish(self, topic: str) -> None:
        """Post what was written down, and tell of it."""
        if not self.postings:
            return
        post(self.organisation_id, self.book, recorded_at=self.now)
        units = units_by_id(self.organisation_id)
        tell_of(self.organisation_id, topic, self.book.postings, units=units, happened_at=self.now)
        leaving, arriving = self.pairs[0]
        audit.note(
            actor=self.actor,
            act=topic,
            subject=show("mem", leaving.member_id),
            reason=self.reason,
            details={"to": show("mem", arriving.member_id), "transfers": len(self.postings)},
        )


def move(
    organisation_id: int, *, from_member_id: UUID, to_member_id: UUID, key: str, reason: str, actor: str
) -> Moved:
    """Move all that a member can spend, or owes, to another, in every unit. The same key moves once.

    Raises `NotFound` and `NothingToMove` (a member to itself).
    """

    def step() -> Moved:
        moving = _begin(organisation_id, from_member_id, to_member_id, actor, reason)
        points = {}
        units = units_by_id(organisation_id)
        for leaving, arriving in moving.pairs:
            name = f"merge:{key}:{leaving.unit_id}"
            earlier = find_receipts(organisation_id, [f"{name}:out"]).get(f"{name}:out")
            amount = _move(moving, leaving, arriving, name) if earlier is None else earlier.amount
            if amount:
                points[units[leaving.unit_id].key] = amount
        moving.finish("points.moved")
        return Moved(points)

    return act(organisation_id, step)


def _move(moving: _Moving, leaving: LockedWallet, arriving: LockedWallet, name: str) -> int:
    """One debit, and one credit for each expiry among the lots it took. A debt moves the other way round."""
    amount = abs(leaving.available)
    source, target = (leaving, arriving) if leaving.available > 0 else (arriving, leaving)
    if not amount:
        return 0
    taken = take_from_lots(in_burn_order(moving.book.lots[source.id].lots), amount)
    expiries: dict[datetime | None, int] = {}
    for lot, part in taken:
        expiries[lot.expires_at] = expiries.get(lot.expires_at, 0) + part
    uncovered = amount - sum(expiries.values())
    if uncovered:
        expiries[None] = expiries.get(None, 0) + uncovered
    moving.leave(source, amount, Kind.MERGE, f"{name}:out", taken)
    for number, (expires_at, part) in enumerate(expiries.items()):
        moving.arrive(target, part, f"{name}:in:{number}", expires_at)
    return amount


def move_back(
    organisation_id: int, *, from_member_id: UUID, to_member_id: UUID, key: str, reason: str, actor: str
) -> Moved:
    """Undo every `move` from `to_member_id` into `from_member_id`: what is left of it goes back.

    What was spent meanwhile stays spent, and a debt that was paid stays paid. Raises as `move` does.
    """

    def step() -> Moved:
        moving = _begin(organisation_id, from_member_id, to_member_id, actor, reason)
        points: dict[str, int] = {}
        units = units_by_id(organisation_id)
        for leaving, arriving in moving.pairs:
            for out in _moves_out_of(organisation_id, arriving):
                name = f"unmerge:{key}:{leaving.unit_id}:{out.line}"
                earlier = find_receipts(organisation_id, [f"{name}:out"]).get(f"{name}:out")
                amount = (
                    _move_back(moving, leaving, arriving, out, name) if earlier is None else earlier.amount
                )
                if amount:
                    unit = units[leaving.unit_id].key
                    points[unit] = points.get(unit, 0) + amount
        moving.finish("points.moved_back")
        return Moved(points)

    return act(organisation_id, step)


def _move_back(
    moving: _Moving, leaving: LockedWallet, arriving: LockedWallet, out: Transfer, name: str
) -> int:
    """What is left of the lots that one move brought goes back into the lots it had left."""
    debit = (arriving.id, out.line)
    parts = burned_by(moving.organisation_id, [debit])[debit]
    taking: list[tuple[Lot, int]] = []
    returning: list[Part] = []
    for lot in _brought_by(moving, leaving, out, len({part.expires_at for part in parts})):
        alike = [part for part in parts if part.expires_at == lot.expires_at]
        amount = min(lot.remaining, sum(part.amount for part in alike))
        if amount:
            taking.append((lot, amount))
            returning += last_of(alike, amount)
    total = sum(amount for _, amount in taking)
    if total:
        moving.leave(leaving, total, Kind.UNMERGE, f"{name}:out", taking)
        moving.come_back(arriving, total, f"{name}:in", out.line, returning)
    return total


def _moves_out_of(organisation_id: int, wallet: LockedWallet) -> list[Transfer]:
    moves = Transfer.objects.filter(
        organisation_id=organisation_id, wallet_id=wallet.id, kind=Kind.MERGE, source=Place.AVAILABLE
    )
    return list(moves.order_by("-line"))


def _brought_by(moving: _Moving, wallet: LockedWallet, out: Transfer, expiries: int) -> list[Lot]:
    """The lots that one move opened in this wallet, those with points left."""
    assert out.key is not None, "a move is keyed"
    name = out.key.removesuffix(":out")
    lines = Transfer.objects.filter(
        organisation_id=moving.organisation_id,
        wallet_id=wallet.id,
        key__in=[f"{name}:in:{number}" for number in range(expiries + 1)],
    ).values_list("line", flat=True)
    lots = moving.book.lots[wallet.id]
    return [lot for line in lines.order_by("line") if (lot := lots.lot(line)) is not None]


def _begin(
    organisation_id: int, from_member_id: UUID, to_member_id: UUID, actor: str, reason: str
) -> _Moving:
    """Lock the wallets of both members, unit by unit for those the first has, and load their lots."""
    if from_member_id == to_member_id:
        raise NothingToMove(member=show("mem", from_member_id))
    now = open_books(organisation_id)
    both = (from_member_id, to_member_id)
    refuse_strangers(organisation_id, list(both))
    unit_ids = list(
        Wallet.objects.filter(organisation_id=organisation_id, member_id=from_member_id)
        .order_by("unit_id")
        .values_list("unit_id", flat=True)
    )
    wallets = lock_wallets(organisation_id, [(member_id, unit) for member_id in both for unit in unit_ids])
    pairs = [(wallets[(from_member_id, unit)], wallets[(to_member_id, unit)]) for unit in unit_ids]
    book = Book(lots=open_lots(organisation_id, [wallet.id for pair in pairs for wallet in pair]))
    return _Moving(organisation_id, book, pairs, now, actor, reason, [])


def move_on(organisation_id: int) -> int:
    """Send on what has arrived in the wallets of members that were merged into others; how many moved."""
    with in_organisation(organisation_id):
        left_behind = list(
            Wallet.objects.filter(organisation_id=organisation_id, member_id__in=_absorbed(organisation_id))
            .exclude(available=0)
            .order_by("id")
            .values_list("member_id", "lines")
        )
        homes = homes_of(organisation_id, [member_id for member_id, _ in left_behind])
    for member_id, lines in left_behind:
        move(
            organisation_id,
            from_member_id=member_id,
            to_member_id=homes[member_id],
            key=f"on:{member_id}:{lines}",
            reason="Arrived after the merge.",
            actor="plaudit",
        )
    return len(left_behind)


def _absorbed(organisation_id: int) -> list[UUID]:
    """Every member that lives on as another."""
    merges = Merge.objects.filter(organisation_id=organisation_id, unmerged_at__isnull=True)
    return list(merges.values_list("absorbed_id", flat=True))
