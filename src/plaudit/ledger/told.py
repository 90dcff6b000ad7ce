"""Transfers in the words and numbers in which the floors above tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays
from plaudit.ledger.lots import Line
from plaudit.ledger.places import Kind, Place


@dataclass(frozen=True, slots=True)
class ToldTransfer:
    """One transfer as the floors above tell of it. Amounts are in the unit's smallest part."""

    wallet_id: int
    line: int
    member_id: UUID
    unit: str
    precision: int
    source: Place
    target: Place
    kind: Kind
    amount: int
    available_after: int
    occurred_at: datetime
    recorded_at: datetime
    expires_at: datetime | None
    spendable_at: datetime | None
    event_id: UUID | None
    rule_id: int | None
    reverses_line: int | None


_TOLD = """
    select t.wallet_id, t.line, w.member_id, u.key, u.precision, t.source, t.target, t.kind, t.amount,
           t.available_after, t.occurred_at, t.recorded_at, t.expires_at, t.spendable_at, t.event_id,
           t.rule_id, t.reverses_line
      from {transfers}
      join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
      join ledger_unit u on u.id = w.unit_id
     where t.organisation_id = %(organisation)s {where}
     order by {order}
"""
_TOLD_OF_EVENTS = _TOLD.format(
    transfers="ledger_transfer t",
    where="and t.event_id = any(%(events)s::uuid[])",
    order="t.event_id, t.wallet_id, t.line",
)
_TOLD_ON_LINES = _TOLD.format(
    transfers="""unnest(%(wallets)s::bigint[], %(lines)s::int[]) with ordinality as wanted (wallet_id, line, place)
      join ledger_transfer t on t.wallet_id = wanted.wallet_id and t.line = wanted.line""",
    where="",
    order="wanted.place",
)


def transfers_of_events(organisation_id: int, event_ids: Sequence[UUID]) -> list[ToldTransfer]:
    """Every transfer that these events caused, by event, wallet and line."""
    return _told(organisation_id, _TOLD_OF_EVENTS, {"events": arrays.uuids(event_ids)})


def transfers_on_lines(organisation_id: int, lines: Sequence[Line]) -> list[ToldTransfer]:
    """The transfers on these (wallet id, line), in the order asked for."""
    values = {
        "wallets": arrays.numbers([wallet_id for wallet_id, _ in lines]),
        "lines": arrays.numbers([line for _, line in lines]),
    }
    return _told(organisation_id, _TOLD_ON_LINES, values)


def _told(organisation_id: int, statement: str, values: dict[str, str]) -> list[ToldTransfer]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organisation": organisation_id, **values})
        return [
            ToldTransfer(*row[:5], Place(row[5]), Place(row[6]), Kind(row[7]), *row[8:])  # type: ignore[call-arg]  # row shapes are not typed
            for row in cursor.fetchall()
        ]
