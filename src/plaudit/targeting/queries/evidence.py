"""What counted for one member, event by event: what a reason shows of a level or a segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays
from plaudit.targeting.queries.counted import FAMILY


@dataclass(frozen=True, slots=True)
class CountedEvent:
    """One event that counts, on its day, with what it counts now."""

    event_id: UUID
    day: date
    amount: int


_NEWEST = f"""
    with {FAMILY}
    select c.event_id, c.day, c.amount
      from family f
      join targeting_counted c on c.organisation_id = %(organisation)s and c.measure_id = %(measure)s
                              and c.member_id = f.member_id
     where c.times > 0 and c.day between %(since)s and %(until)s
     order by c.day desc, c.event_id desc limit %(limit)s
"""


def newest_counted(
    organisation_id: int, measure_id: int, member_id: UUID, *, since: date, until: date, limit: int
) -> Sequence[CountedEvent]:
    """The newest events that count for a member under a measure, with those of whoever was merged into them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWEST,
            {
                "organisation": organisation_id,
                "measure": measure_id,
                "members": arrays.uuids([member_id]),
                "since": since,
                "until": until,
                "limit": limit,
            },
        )
        return [CountedEvent(*row) for row in cursor.fetchall()]
