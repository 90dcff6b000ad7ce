"""Which teams members were in at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

_AT = """
    select wanted.place, t.key
      from unnest(%s::int[], %s::uuid[], %s::timestamptz[]) as wanted (place, member_id, at)
      join people_team_stay s on s.organisation_id = %s and s.member_id = wanted.member_id
                             and s.began_at <= wanted.at and (s.ended_at is null or s.ended_at > wanted.at)
      join people_team t on t.id = s.team_id
     order by wanted.place, t.key
"""


def teams_at(
    organisation_id: int, moments: Iterable[tuple[int, UUID, datetime]]
) -> Mapping[int, tuple[str, ...]]:
    """The keys of the teams each member was in at that moment: {place: (team key, …)}."""
    asked = list(moments)
    found: dict[int, tuple[str, ...]] = {}
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(
                _AT,
                [
                    [p for p, _, _ in asked],
                    [m for _, m, _ in asked],
                    [a for _, _, a in asked],
                    organisation_id,
                ],
            )
            for place, key in cursor.fetchall():
                found[place] = (*found.get(place, ()), key)
    return found
