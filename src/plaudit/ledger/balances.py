"""What a member has: now, and as of any moment by either clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from plaudit.foundation import arrays, clock
from plaudit.foundation.prepared import prepared
from plaudit.ledger.lots import open_lots
from plaudit.ledger.settling import pending_of


@dataclass(frozen=True, slots=True)
class Balance:
    """What one member has of one unit, in its smallest part. `available` is below zero where points are owed."""

    unit: str
    precision: int
    wallet_id: int
    available: int
    pending: int
    held: int


class Clock(Enum):
    """By which clock "as of" is meant: when things happened, or when the book knew of them."""

    OCCURRED = "occurred_at"
    RECORDED = "recorded_at"


_NOW = """
    select u.key, u.precision, w.id, w.available, w.pending, w.held, w.due_at is not null and w.due_at <= %s
      from ledger_wallet w join ledger_unit u on u.id = w.unit_id
     where w.organisation_id = (select %s::int) and w.member_id = %s and w.lines > 0
     order by u.id
"""


def balances(organisation_id: int, member_id: UUID) -> list[Balance]:
    """What a member has of every unit they ever held, exact to this moment.

    What has lapsed or become spendable since the last run that writes such things down is counted as
    though it had been written down.
    """
    now = clock.now()
    with prepared() as cursor:
        cursor.execute(_NOW, [now, organisation_id, member_id])
        found = [(Balance(*row[:6]), row[6]) for row in cursor.fetchall()]
    due = [balance.wallet_id for balance, is_due in found if is_due]
    return [balance for balance, _ in found] if not due else _settled(organisation_id, found, due, now)


_NOW_OF_MANY = """
    select w.member_id, u.key, u.precision, w.id, w.available, w.pending, w.held, w.due_at is not null and w.due_at <= %s
      from ledger_wallet w join ledger_unit u on u.id = w.unit_id
     where w.organisation_id = (select %s::int) and w.member_id = any(%s::uuid[]) and w.lines > 0
     order by u.id
"""


def balances_of_members(organisation_id: int, member_ids: Collection[UUID]) -> dict[UUID, list[Balance]]:
    """What each of these members has, as `balances` says it; whoever never held anything is absent."""
    if not member_ids:
        return {}
    now = clock.now()
    with prepared() as cursor:
        cursor.execute(_NOW_OF_MANY, [now, organisation_id, arrays.uuids(member_ids)])
        rows = cursor.fetchall()
    found = [(Balance(*row[1:7]), row[7]) for row in rows]
    due = [balance.wallet_id for balance, is_due in found if is_due]
    exact = _settled(organisation_id, found, due, now) if due else [balance for balance, _ in found]
    held: dict[UUID, list[Balance]] = {}
    for row, balance in zip(rows, exact, strict=True):
        held.setdefault(row[0], []).append(balance)
    return held


def _settled(
    organisation_id: int, found: Sequence[tuple[Balance, bool]], due: Sequence[int], now: datetime
) -> list[Balance]:
    lots, waiting = open_lots(organisation_id, due), pending_of(organisation_id, due)
    settled = []
    for balance, is_due in found:
        lapsed = ripe = 0
        if is_due:
            lapsed = sum(lot.remaining for lot in lots[balance.wallet_id].lapsed(now))
            ripe = sum(
                p.left
                for p in waiting[balance.wallet_id]
                if p.spendable_at is not None and p.spendable_at <= now
            )
        settled.append(
            Balance(
                balance.unit,
                balance.precision,
                balance.wallet_id,
                balance.available - lapsed + ripe,
                balance.pending - ripe,
                balance.held,
            )
        )
    return settled


_AS_OF = """
    select u.key, u.precision, w.id,
           coalesce(sum(t.amount) filter (where t.target = 1), 0) - coalesce(sum(t.amount) filter (where t.source = 1), 0),
           coalesce(sum(t.amount) filter (where t.target = 2), 0) - coalesce(sum(t.amount) filter (where t.source = 2), 0),
           coalesce(sum(t.amount) filter (where t.target = 3), 0) - coalesce(sum(t.amount) filter (where t.source = 3), 0)
      from ledger_wallet w
      join ledger_unit u on u.id = w.unit_id
      left join ledger_transfer t on t.organisation_id = w.organisation_id and t.wallet_id = w.id
                                 and t.{clock} <= %s
     where w.organisation_id = (select %s::int) and w.member_id = %s
     group by u.id, u.key, u.precision, w.id
     order by u.id
"""


def balances_as_of(organisation_id: int, member_id: UUID, moment: datetime, *, by: Clock) -> list[Balance]:
    """What the book says a member had at that moment, the moment itself included.

    By the clock of what was recorded it is what anybody was told then. By that of what occurred it is
    what is known today of then: what arrived late is counted, what was taken back later is not missing.
    """
    with prepared() as cursor:
        cursor.execute(_AS_OF.format(clock=by.value), [moment, organisation_id, member_id])
        return [Balance(*row[:3], *(int(amount) for amount in row[3:])) for row in cursor.fetchall()]
