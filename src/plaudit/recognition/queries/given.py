"""Who recognised whom in a time, and where both stood, for a look at who recognises one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.people.merging import survivors
from plaudit.people.resolving import attributes_of
from plaudit.recognition.published import standards
from plaudit.recognition.rules.expecting import Place

SHIFT = "shift"
"""The field of members by which a programme says who works at the same time, where it declares one."""
NAMED_MAX = 4
"""What thanks more people than this at once says nothing about any two of them, and is left out."""


@dataclass(frozen=True, slots=True)
class Given:
    """How often each recognised each, where they stood, and the points that went along between two members."""

    counts: Mapping[tuple[Place, Place], int]
    points: Mapping[tuple[UUID, UUID], int]

    @property
    def recognitions(self) -> int:
        """How many there were."""
        return sum(self.counts.values())


_GIVEN = """
    with acts as (
        select r.giver_id, r.member_id, r.team_id, r.given_at, g.points,
               count(*) over (partition by r.recognition_id) as named
          from recognition_received r
          join recognition_recognition g on g.organisation_id = r.organisation_id and g.id = r.recognition_id
         where r.organisation_id = %(organisation)s and r.given_at >= %(since)s and r.given_at < %(until)s
           and r.stands and r.giver_id is not null)
    select a.giver_id, a.member_id, coalesce(stood.team_id, 0), coalesce(a.team_id, 0), count(*), sum(a.points)
      from acts a
      left join lateral (
           select s.team_id from people_team_stay s
            where s.organisation_id = %(organisation)s and s.member_id = a.giver_id
              and s.began_at <= a.given_at and (s.ended_at is null or s.ended_at > a.given_at)
            order by (s.team_id = a.team_id) desc, s.leads, s.team_id limit 1) stood on true
     where a.named <= %(named_max)s
     group by 1, 2, 3, 4
"""


def given_between(organisation_id: int, since: datetime, until: datetime) -> Given:
    """What people gave one another from a moment up to another, without what was undone or taken back.

    Whoever was found to be one with another counts as them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _GIVEN,
            {"organisation": organisation_id, "since": since, "until": until, "named_max": NAMED_MAX},
        )
        rows = cursor.fetchall()
    now_as = survivors(organisation_id)
    shifts = _shifts(organisation_id, {member for row in rows for member in row[:2]})
    counts: Counter[tuple[Place, Place]] = Counter()
    points: Counter[tuple[UUID, UUID]] = Counter()
    for giver, recipient, gave_in, got_in, times, worth in rows:
        one, other = now_as.get(giver, giver), now_as.get(recipient, recipient)
        if one != other:
            counts[_place(one, gave_in, shifts), _place(other, got_in, shifts)] += times
            points[one, other] += int(worth)
    return Given(counts, points)


def _place(member_id: UUID, team_id: int, shifts: Mapping[UUID, str]) -> Place:
    """Whoever is in no team is one of their own."""
    return Place(member_id, team_id or member_id, shifts.get(member_id, ""))


def _shifts(organisation_id: int, members: set[UUID]) -> Mapping[UUID, str]:
    if not any(SHIFT in one.member_fields for one in standards(organisation_id)):
        return {}
    return {
        member_id: str(said[SHIFT])
        for member_id, said in attributes_of(organisation_id, members).items()
        if said.get(SHIFT) is not None
    }
