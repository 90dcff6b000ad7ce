"""The ledger once more, as simply as it can be said: every single point is a thing that is somewhere.

Nothing here is shared with the product. A point knows the lot it came with and when it expires; a debit is
a row of slots, each filled with the point that was spent, or empty where it is still owed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Point:
    """One point: which lot it belongs to, in the order the lots came, and when it expires."""

    expires_at: datetime
    lot: int


@dataclass
class Debit:
    """Points that were taken. `later` are those that paid afterwards what was owed at first."""

    taken: list[Point] = field(default_factory=list)
    later: list[Point] = field(default_factory=list)
    owed: int = 0
    left: int = 0  # of the amount, not yet reversed

    def restore(self, count: int) -> list[Point]:
        """Take the last points out again."""
        back = []
        for _ in range(count):
            slots = self.later or self.taken
            back.append(slots.pop(slots.index(max(slots, key=lambda point: (point.expires_at, point.lot)))))
        return back


@dataclass
class Grant:
    """An accrual: its amount not yet reversed, where it waits, and the lot it became."""

    left: int
    spendable_at: datetime | None = None
    lot: int = 0

    def is_ripe(self, now: datetime) -> bool:
        """Whether it waits, and need not any longer."""
        return self.spendable_at is not None and self.spendable_at <= now


class Model:
    """One wallet."""

    def __init__(self, *, may_owe: bool) -> None:
        self.may_owe = may_owe
        self.lots = 0
        self.free: list[Point] = []
        self.expired: list[Point] = []
        self.debits: list[Debit] = []
        self.pending: list[Grant] = []
        self.held = 0

    @property
    def available(self) -> int:
        """What can be spent, or below zero what is owed."""
        return len(self.free) - sum(debit.owed for debit in self.debits)

    def shape(self) -> Counter[datetime]:
        """How many points can be spent until when."""
        return Counter(point.expires_at for point in self.free)

    def earn(self, count: int, expires_at: datetime | None) -> Grant:
        """Points that can be spent at once."""
        lot = self._new_lot()
        self._arrive([Point(expires_at or _NEVER, lot)] * count)
        return Grant(count, lot=lot)

    def earn_pending(self, count: int, spendable_at: datetime) -> Grant:
        """Points that can be spent later."""
        self.pending.append(Grant(count, spendable_at))
        return self.pending[-1]

    def take(self, count: int, first: Sequence[Point] = ()) -> Debit:
        """Spend: the nearest expiry first, then the oldest; what is not there is owed."""
        debit = Debit(left=count)
        for point in first:
            self.free.remove(point)
            debit.taken.append(point)
        self.free.sort(key=lambda point: (point.expires_at, point.lot))
        debit.taken += self.free[: count - len(debit.taken)]
        self.free = self.free[len(debit.taken) - len(first) :]
        debit.owed = count - len(debit.taken)
        self.debits.append(debit)
        return debit

    def give_back(self, debit: Debit, count: int) -> None:
        """Undo a debit from its end: what it owes, then what others owe, then its last points come free."""
        own = min(count, debit.owed)
        debit.owed -= own
        lot = self._new_lot()
        parts = [*debit.taken, *debit.later]
        expires_at = max((point.expires_at for point in parts), default=_NEVER)
        spare = self._pay([Point(expires_at, lot)] * (count - own))
        self.free += debit.restore(len(spare))

    def reverse_grant(self, grant: Grant, count: int) -> int:
        """Take a grant back: its own points, those of it that expired, then any; how many were taken."""
        if grant.spendable_at is not None:
            grant.left -= count
            return count
        own = [point for point in self.free if point.lot == grant.lot][:count]
        lapsed = [point for point in self.expired if point.lot == grant.lot][: count - len(own)]
        for point in lapsed:
            self.expired.remove(point)
        self.free += lapsed
        if not self.may_owe:
            count = min(count, max(self.available, 0))
        grant.left -= count
        if count:
            self.take(count, [*own, *lapsed])
        return count

    def settle(self, now: datetime) -> None:
        """Let happen what fell due."""
        self.activate(now)
        self.expire(now)

    def activate(self, now: datetime) -> None:
        """Pending points that ripened can be spent; they never expire here."""
        for grant in sorted(self.pending, key=lambda grant: grant.spendable_at or now):
            if grant.is_ripe(now):
                self.pending.remove(grant)
                grant.spendable_at, grant.lot = None, self._new_lot()
                self._arrive([Point(_NEVER, grant.lot)] * grant.left)

    def expire(self, now: datetime) -> None:
        """Points past their time are gone."""
        self.expired += [point for point in self.free if point.expires_at <= now]
        self.free = [point for point in self.free if point.expires_at > now]

    def _new_lot(self) -> int:
        self.lots += 1
        return self.lots

    def _arrive(self, points: list[Point]) -> None:
        self.free += self._pay(points)

    def _pay(self, points: list[Point]) -> list[Point]:
        """Points pay what is owed, the oldest first; those left over are returned."""
        points = list(points)
        for debit in self.debits:
            while debit.owed and points:
                debit.owed -= 1
                debit.later.append(points.pop())
        return points
