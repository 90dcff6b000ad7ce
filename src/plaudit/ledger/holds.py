"""Holds as they are read: what is set aside, for how long, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.foundation.refusals import NotFound
from plaudit.ledger.references import read_transfer, show_transfer


@dataclass(frozen=True, slots=True)
class HeldPoints:
    """Points set aside, in the unit's smallest part. `transfer` is the reference of what set them aside.

    `captured` and `released` are the references of what spent them and of what gave them back.
    """

    transfer: str
    member_id: UUID
    unit: str
    amount: int
    state: str
    held_at: datetime
    expires_at: datetime | None
    reason: str | None
    captured: str | None
    released: str | None


_ONE = """
    select w.member_id, u.key, h.amount, h.state, t.occurred_at, h.expires_at, t.reason,
           (select min(s.line) from ledger_transfer s where s.organisation_id = h.organisation_id
               and s.wallet_id = h.wallet_id and s.reverses_line = h.line and s.kind = 5),
           (select min(s.line) from ledger_transfer s where s.organisation_id = h.organisation_id
               and s.wallet_id = h.wallet_id and s.reverses_line = h.line and s.kind = 6)
      from ledger_hold h
      join ledger_transfer t on t.organisation_id = h.organisation_id and t.wallet_id = h.wallet_id and t.line = h.line
      join ledger_wallet w on w.organisation_id = h.organisation_id and w.id = h.wallet_id
      join ledger_unit u on u.id = w.unit_id
     where h.organisation_id = %s and h.wallet_id = %s and h.line = %s
"""


def held_points(organisation_id: int, reference: str) -> HeldPoints:
    """One hold by the reference of the transfer that made it. Raises `NotFound`."""
    wallet_id, line = read_transfer(reference)
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [organisation_id, wallet_id, line])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(kind="hold", ref=reference)
    settled = (show_transfer(wallet_id, other) if other is not None else None for other in row[7:])
    return HeldPoints(show_transfer(wallet_id, line), *row[:7], *settled)
