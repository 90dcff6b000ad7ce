"""What is put before a supervisor: moments of those they lead, newest deed first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.exact import decode
from plaudit.recognition.definitions import WAITS_DAYS

SHOWN_MAX = 20
LOOKED_AT_MAX = 100
"""Of one person so many of the newest are looked at."""


@dataclass(frozen=True, slots=True)
class OpenMoment:
    """A moment that waits for its supervisor, and what the programme shows of the event behind it.

    `alike` is how many moments of the same kind of the same person wait, with this one, the newest of them.
    """

    id: UUID
    name: str
    programme: str
    behaviour: str
    member_id: UUID
    member: str
    event_id: UUID
    happened_at: datetime
    alike: int
    evidence: dict[str, Any]


_OPEN = """
    with led as materialized (
        select distinct s.member_id
          from people_team_stay mine
          join people_team_stay s on s.organisation_id = mine.organisation_id and s.team_id = mine.team_id
                                 and s.member_id <> mine.member_id
                                 and s.began_at <= %(now)s and (s.ended_at is null or s.ended_at > %(now)s)
         where mine.organisation_id = %(organisation)s and mine.member_id = %(leader)s and mine.leads
           and mine.began_at <= %(now)s and (mine.ended_at is null or mine.ended_at > %(now)s))
    select f.id, f.name, f.programme, f.behaviour, f.member_id, m.name, f.event_id, f.happened_at, f.alike, f.evidence
      from led cross join lateral (
           select distinct on (n.programme, n.watch) n.*, count(*) over (partition by n.programme, n.watch) as alike
             from (select * from recognition_moment o
                    where o.organisation_id = %(organisation)s and o.member_id = led.member_id and o.state = 'open'
                      and o.happened_at > %(since)s
                      and (o.snoozed_until is null or o.snoozed_until <= %(now)s)
                    order by o.happened_at desc limit %(looked_at)s) n
            order by n.programme, n.watch, n.happened_at desc, n.id) f
      join people_member m on m.id = f.member_id
     order by f.happened_at desc, f.id limit %(limit)s
"""


def open_moments(organisation_id: int, leader_id: UUID, *, limit: int = SHOWN_MAX) -> Sequence[OpenMoment]:
    """The moments that wait for a supervisor now, without those they put off: of one kind and person the newest.

    What happened `WAITS_DAYS` ago or longer waits no more: the list is of what can still be thanked for in time.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            {
                "organisation": organisation_id,
                "leader": leader_id,
                "now": now,
                "since": now - timedelta(days=WAITS_DAYS),
                "limit": limit,
                "looked_at": LOOKED_AT_MAX,
            },
        )
        return [OpenMoment(*(*row[:-1], decode(row[-1]))) for row in cursor.fetchall()]
