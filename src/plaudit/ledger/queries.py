"""Answers from the ledger: balances, statements, and what a rule has granted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

_GRANTED = """
    select coalesce(sum(granted.amount - granted.taken_back), 0)::bigint,
           count(*) filter (where granted.amount > granted.taken_back)
      from (select t.amount,
                   coalesce((select sum(r.amount) from ledger_transfer r
                              where r.organisation_id = t.organisation_id and r.wallet_id = t.wallet_id
                                and r.reverses_line = t.line and r.kind = 7), 0) as taken_back
              from ledger_wallet w
              join ledger_transfer t on t.organisation_id = w.organisation_id and t.wallet_id = w.id
             where w.organisation_id = %s and w.member_id = %s and t.rule_id = any(%s) and t.kind = 1
               and t.occurred_at >= %s and t.occurred_at < %s) granted
"""


def granted_between(
    organisation_id: int, member_id: UUID, rule_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> tuple[int, int]:
    """What these rules granted one member for events in [starts_at, ends_at), net of reversals: (points, times)."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, [organisation_id, member_id, list(rule_ids), starts_at, ends_at])
        points, times = cursor.fetchone()
    return int(points), int(times)
