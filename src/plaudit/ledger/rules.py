"""Decides which lots a debit consumes and in what order they come back. Knows no database and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from plaudit.ledger.refusals import AmountRefused

# The most that one transfer may move, in a unit's smallest part: sums of thousands of them still fit.
AMOUNT_MAX = 10**15


def checked_amount(amount: object) -> int:
    """The amount, if it can be moved: a whole number from 1 to 10¹⁵. Raises `AmountRefused`."""
    if not isinstance(amount, int) or isinstance(amount, bool) or not 1 <= amount <= AMOUNT_MAX:
        raise AmountRefused(amount=amount)
    return amount


NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Lot:
    """What is left of the points that one transfer made spendable, named by that transfer's line.

    `restored` says that some of it was consumed and given back.
    """

    line: int
    remaining: int
    expires_at: datetime | None
    restored: bool = False


class Part(NamedTuple):
    """So much of one lot."""

    lot_line: int
    amount: int
    expires_at: datetime | None


@dataclass(slots=True)
class Debt:
    """What one debit took and no lot covered. `paid` is what lots have paid of it since it was loaded."""

    line: int
    owed: int
    paid: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class OpenLots:
    """What a wallet's spendable balance consists of: lots with points in them, or debts; never both."""

    lots: list[Lot] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)

    def lot(self, line: int) -> Lot | None:
        """The lot that this line opened, where it is known."""
        return next((lot for lot in self.lots if lot.line == line), None)

    def lapsed(self, now: datetime) -> list[Lot]:
        """The lots whose time is over and that still hold points, in burn order."""
        return in_burn_order(
            lot for lot in self.lots if lot.remaining and lot.expires_at is not None and lot.expires_at <= now
        )


def in_burn_order(lots: Iterable[Lot], *, first: int | None = None) -> list[Lot]:
    """Lots in the order they are consumed: the one named first, then nearest expiry, then oldest."""
    return sorted(lots, key=lambda lot: (lot.line != first, lot.expires_at or NEVER, lot.line))


def take_from_lots(lots: Sequence[Lot], amount: int) -> list[tuple[Lot, int]]:
    """How much of each lot a debit of `amount` takes, in order; less than `amount` where lots run out."""
    taken = []
    for lot in lots:
        if amount == 0:
            break
        part = min(lot.remaining, amount)
        if part > 0:
            taken.append((lot, part))
            amount -= part
    return taken


def latest_expiry(parts: Iterable[Part]) -> datetime | None:
    """The last moment any of these points lasts to; None where some never expire, or there are none."""
    moments = [part.expires_at for part in parts]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def without_last(parts: Iterable[Part], amount: int) -> list[Part]:
    """What is left of parts in the order they were taken when `amount` was given back from their end."""
    kept = []
    for part in reversed(list(parts)):
        gone = min(part.amount, amount)
        amount -= gone
        if part.amount > gone:
            kept.append(part._replace(amount=part.amount - gone))
    return kept[::-1]


def last_of(parts: Iterable[Part], amount: int) -> list[Part]:
    """The last of parts that make up `amount`, in the order they were taken."""
    found = []
    for part in reversed(list(parts)):
        some = min(part.amount, amount)
        amount -= some
        if some:
            found.append(part._replace(amount=some))
    return found[::-1]


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two moments, where None is never."""
    if one is None or other is None:
        return one or other
    return min(one, other)
