"""How fast members earn: what those who earned anything earned in a stretch of time, by unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Earning:
    """What members earned of one unit, in its smallest part, less what was taken back of it.

    `members` counts those who earned anything. `median` is what the one in the middle earned, and `slow`
    the one of whom a fifth earned no more: values of real members, by nearest rank.
    """

    unit_id: int
    members: int
    median: int
    slow: int


# percentile_disc is the nearest rank: the first value that so many of all are not above.
_EARNED = """
    select e.unit_id, count(*), percentile_disc(0.5) within group (order by e.earned)::bigint,
           percentile_disc(0.2) within group (order by e.earned)::bigint
      from (select w.unit_id, sum(t.amount - coalesce(back.amount, 0)) as earned
              from ledger_transfer t
              join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
              left join lateral (select sum(r.amount)::bigint as amount from ledger_transfer r
                                  where r.organisation_id = t.organisation_id and r.wallet_id = t.wallet_id
                                    and r.reverses_line = t.line and r.kind = 7) back on true
             where t.organisation_id = (select %s::int) and t.kind = 1
               and t.occurred_at >= %s and t.occurred_at < %s
             group by t.wallet_id, w.unit_id) e
     where e.earned > 0
     group by e.unit_id order by e.unit_id
"""


def earning_between(organisation_id: int, since: datetime, until: datetime) -> dict[int, Earning]:
    """How much was earned from `since` up to, not including, `until`, by unit id; units nobody earned are absent."""
    with connection.cursor() as cursor:
        cursor.execute(_EARNED, [organisation_id, since, until])
        return {row[0]: Earning(*row) for row in cursor.fetchall()}
