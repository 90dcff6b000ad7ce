"""Makes pending points spendable that wait for something to be confirmed, not for a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from plaudit.foundation import arrays
from plaudit.foundation.prepared import prepared
from plaudit.ledger.book import Book, Posting
from plaudit.ledger.lots import open_lots
from plaudit.ledger.posting import lock_wallets_by_id, post
from plaudit.ledger.settling import activation, pending_of
from plaudit.ledger.units import time_zone_of, units_by_id

_WAITING = """
    select t.wallet_id, t.line, t.event_id, t.rule_id, t.occurred_at from ledger_transfer t
     where t.organisation_id = (select %s::int) and t.event_id = any(%s::uuid[]) and t.target = 2
       and t.kind = 1 and t.spendable_at is null
     order by t.wallet_id, t.line
"""


def confirm(
    organisation_id: int, confirmed: Mapping[tuple[UUID, int], datetime], *, recorded_at: datetime
) -> list[Posting]:
    """Make spendable what waits for these confirmations: by (event, rule that granted), when it was confirmed.

    What was confirmed before, or taken back while it waited, stays as it is. Points expire by their unit's
    policy, counted from the confirmation, or from what earned them where that is later. Inside a transaction.
    """
    with prepared() as cursor:
        cursor.execute(
            _WAITING, [organisation_id, arrays.uuids(sorted({event_id for event_id, _ in confirmed}))]
        )
        waiting = {
            (wallet_id, line): max(confirmed[(event_id, rule_id)], occurred_at)
            for wallet_id, line, event_id, rule_id, occurred_at in cursor.fetchall()
            if (event_id, rule_id) in confirmed
        }
    if not waiting:
        return []
    wallets = lock_wallets_by_id(organisation_id, {wallet_id for wallet_id, _ in waiting})
    units, time_zone = units_by_id(organisation_id), time_zone_of(organisation_id)
    book = Book(lots=open_lots(organisation_id, wallets))
    # What is left of them is read under the lock, so that two confirmations cannot both make it spendable.
    for wallet_id, pendings in pending_of(organisation_id, wallets).items():
        for pending in pendings:
            at = waiting.get((wallet_id, pending.line))
            if at is not None:
                wallet = wallets[wallet_id]
                book.add(activation(wallet, pending, at, units[wallet.unit_id], time_zone))
    post(organisation_id, book, recorded_at=recorded_at)
    return book.postings
