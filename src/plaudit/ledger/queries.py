"""Answers from the ledger: what rules have granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plaudit.foundation import arrays
from plaudit.foundation.prepared import prepared


def counts_of(organisation_id: int, member_id: UUID) -> dict[int, str]:
    """What the floors above count with a member's wallets, by unit id, as it is now and without a lock."""
    with prepared() as cursor:
        cursor.execute(
            "select unit_id, counts from ledger_wallet where organisation_id = (select %s::int) and member_id = %s",
            [organisation_id, member_id],
        )
        return dict(cursor.fetchall())


# Each wallet is read once, however many of its periods are asked for. `offset 0` keeps the planner from
# reading the whole book where it does not know yet how large that is.
_GRANTED = """
    with asked as (
        select * from unnest(%(places)s::int[], %(members)s::uuid[], %(groups)s::int[], %(starts)s::timestamptz[],
                             %(ends)s::timestamptz[]) as a (place, member_id, rules, starts_at, ends_at)),
    wallets as materialized (
        select w.id, w.member_id
          from (select distinct member_id from asked) a
          join ledger_wallet w on w.organisation_id = (select %(organisation)s::int) and w.member_id = a.member_id),
    back as (
        select r.wallet_id, r.reverses_line, sum(r.amount) as amount
          from wallets w
          join ledger_transfer r on r.organisation_id = (select %(organisation)s::int) and r.wallet_id = w.id
                                and r.reverses_line is not null
         where r.kind = 7
         group by r.wallet_id, r.reverses_line),
    granted as materialized (
        select w.member_id, t.rule_id, t.occurred_at, t.amount - coalesce(back.amount, 0) as points
          from wallets w
         cross join lateral (
               select * from ledger_transfer
                where organisation_id = (select %(organisation)s::int) and wallet_id = w.id and kind = 1
                  and occurred_at >= %(first)s and occurred_at < %(last)s offset 0) t
          left join back on back.wallet_id = t.wallet_id and back.reverses_line = t.line)
    select a.place, sum(g.points)::bigint, count(*) filter (where g.points > 0)
      from asked a
      join unnest(%(group_of)s::int[], %(rule_ids)s::int[]) as r (rules, rule_id) on r.rules = a.rules
      join granted g on g.member_id = a.member_id and g.rule_id = r.rule_id
                    and g.occurred_at >= a.starts_at and g.occurred_at < a.ends_at
     group by a.place
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What these rules granted one member for events in [starts_at, ends_at)."""

    member_id: UUID
    rule_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime


def granted_between(organisation_id: int, asked: Sequence[Asked]) -> list[tuple[int, int]]:
    """What was granted, net of reversals, for each that is asked: (points, times). One statement for all."""
    if not asked:
        return []
    groups = {
        rule_ids: number for number, rule_ids in enumerate(dict.fromkeys(one.rule_ids for one in asked))
    }
    pairs = [(number, rule_id) for rule_ids, number in groups.items() for rule_id in rule_ids]
    with prepared() as cursor:
        cursor.execute(
            _GRANTED,
            {
                "organisation": organisation_id,
                "places": arrays.numbers(range(len(asked))),
                "members": arrays.uuids([one.member_id for one in asked]),
                "groups": arrays.numbers([groups[one.rule_ids] for one in asked]),
                "starts": arrays.times([one.starts_at for one in asked]),
                "ends": arrays.times([one.ends_at for one in asked]),
                "first": min(one.starts_at for one in asked),
                "last": max(one.ends_at for one in asked),
                "group_of": arrays.numbers([number for number, _ in pairs]),
                "rule_ids": arrays.numbers([rule_id for _, rule_id in pairs]),
            },
        )
        found = {place: (int(points), int(times)) for place, points, times in cursor.fetchall()}
    return [found.get(place, (0, 0)) for place in range(len(asked))]
