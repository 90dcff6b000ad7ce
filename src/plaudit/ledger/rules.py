"""Decides which lots a debit consumes. Knows no database and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Lot:
    """What is left of the points that one transfer made spendable, named by that transfer's line."""

    line: int
    remaining: int
    expires_at: datetime | None


def in_burn_order(lots: Iterable[Lot], *, first: int | None = None) -> list[Lot]:
    """Lots in the order they are consumed: the one named first, then nearest expiry, then oldest."""
    return sorted(lots, key=lambda lot: (lot.line != first, lot.expires_at or _NEVER, lot.line))


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
