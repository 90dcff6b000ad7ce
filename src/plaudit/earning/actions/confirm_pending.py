"""Carries confirmations out: an event that names another makes spendable what that one earned and what waits for it.

A confirmation names the event by its id in the same source, in its field `confirms`. One that arrives
before the event it confirms waits in the book, where it is found by their member.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from plaudit.activity.types import types_by_id
from plaudit.earning.lineups import Lineup
from plaudit.earning.published import published_rule
from plaudit.foundation import arrays
from plaudit.foundation.prepared import prepared
from plaudit.ledger.actions.confirm import confirm
from plaudit.ledger.book import Posting

_PAIRS = """
    select e.id, c.type_id, c.occurred_at
      from activity_event c
      join activity_event e on e.organisation_id = c.organisation_id and e.source_id = c.source_id
                           and e.key = c.data ->> 'confirms'
     where c.organisation_id = (select %s::int) and c.id = any(%s::uuid[]) and c.type_id = any(%s::int[])
     union
    select e.id, c.type_id, c.occurred_at
      from activity_event e
      join activity_event c on c.organisation_id = e.organisation_id and c.member_id = e.member_id
                           and c.type_id = any(%s::int[]) and c.source_id = e.source_id
                           and c.data ->> 'confirms' = e.key
     where e.organisation_id = (select %s::int) and e.id = any(%s::uuid[])
"""

_RULES = """
    select distinct t.event_id, t.rule_id from ledger_transfer t
     where t.organisation_id = (select %s::int) and t.event_id = any(%s::uuid[]) and t.kind = 1 and t.target = 2
       and t.rule_id is not null
"""


def carry_out_confirmations(
    organisation_id: int,
    lineup: Lineup,
    event_ids: Sequence[UUID],
    *,
    waiting: Collection[UUID],
    recorded_at: datetime,
) -> list[Posting]:
    """Carry out every confirmation that these newly recorded events complete; what was posted for them.

    `waiting` are those of them whose points wait for one.
    """
    types = types_by_id(organisation_id)
    ids = sorted(id for id, declared in types.items() if declared.name in lineup.confirming)
    confirming, waits = arrays.numbers(ids), arrays.uuids(sorted(waiting))
    arrived = arrays.uuids(event_ids)
    with prepared() as cursor:
        cursor.execute(_PAIRS, [organisation_id, arrived, confirming, confirming, organisation_id, waits])
        pairs = cursor.fetchall()
        if not pairs:
            return []
        cursor.execute(_RULES, [organisation_id, arrays.uuids(sorted({event for event, _, _ in pairs}))])
        granted = cursor.fetchall()
    first: dict[tuple[UUID, str], datetime] = {}
    for event_id, type_id, occurred_at in pairs:
        key = (event_id, types[type_id].name)
        first[key] = min(occurred_at, first.get(key, occurred_at))
    confirmed = {}
    for event_id, rule_id in granted:
        until = published_rule(organisation_id, rule_id).rule.pending_until
        if until and (event_id, until) in first:
            confirmed[(event_id, rule_id)] = first[(event_id, until)]
    return confirm(organisation_id, confirmed, recorded_at=recorded_at) if confirmed else []
