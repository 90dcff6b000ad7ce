"""Who can be recognised, and by whom: teams of a giver, and when each of them was last noticed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock
from plaudit.people.models import MemberKind


@dataclass(frozen=True, slots=True)
class Shared:
    """A team that somebody shares with the giver now: its id, and whether the giver leads it."""

    team_id: int
    led: bool


_SHARED = """
    select theirs.member_id, theirs.team_id, mine.leads
      from people_team_stay mine
      join people_team_stay theirs on theirs.organisation_id = mine.organisation_id
                                  and theirs.team_id = mine.team_id and theirs.member_id = any(%(members)s)
                                  and theirs.began_at <= %(now)s
                                  and (theirs.ended_at is null or theirs.ended_at > %(now)s)
     where mine.organisation_id = %(organisation)s and mine.member_id = %(giver)s
       and mine.began_at <= %(now)s and (mine.ended_at is null or mine.ended_at > %(now)s)
     order by theirs.member_id, mine.leads, theirs.team_id desc
"""


def teams_shared(organisation_id: int, giver_id: UUID, members: Collection[UUID]) -> Mapping[UUID, Shared]:
    """Of these members, those in a team with the giver now: one that the giver leads before any other."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SHARED,
            {
                "organisation": organisation_id,
                "giver": giver_id,
                "members": list(members),
                "now": clock.now(),
            },
        )
        return {member_id: Shared(team_id, led) for member_id, team_id, led in cursor.fetchall()}


_TEAM_OF = """
    select distinct on (member_id) member_id, team_id from people_team_stay
     where organisation_id = %(organisation)s and member_id = any(%(members)s)
       and began_at <= %(now)s and (ended_at is null or ended_at > %(now)s)
     order by member_id, leads, team_id
"""


def team_of_each(organisation_id: int, members: Collection[UUID]) -> Mapping[UUID, int]:
    """A team each of these members is in now, one they do not lead before one they do."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TEAM_OF, {"organisation": organisation_id, "members": list(members), "now": clock.now()}
        )
        return dict(cursor.fetchall())


_LEADS = """
    select exists (select from people_team_stay
                    where organisation_id = %s and member_id = %s and leads
                      and began_at <= %s and (ended_at is null or ended_at > %s))
"""


def leads_a_team(organisation_id: int, member_id: UUID) -> bool:
    """Whether a member leads any team now, and so gives from a supervisor's allowance."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_LEADS, [organisation_id, member_id, now, now])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody in a team of the giver, and when they were last recognised: by anybody, and by this giver."""

    id: UUID
    name: str
    kind: str
    team_id: int
    team: str
    led: bool
    noticed_at: datetime | None
    noticed_by_giver_at: datetime | None


_COLLEAGUES = """
    with mine as materialized (
        select team_id, leads from people_team_stay
         where organisation_id = %(organisation)s and member_id = %(giver)s and (leads or not %(led)s)
           and began_at <= %(now)s and (ended_at is null or ended_at > %(now)s)),
    theirs as (
        select distinct on (s.member_id) s.member_id, s.team_id, mine.leads
          from mine join people_team_stay s on s.organisation_id = %(organisation)s
                                           and s.team_id = mine.team_id and s.member_id <> %(giver)s
                                           and s.began_at <= %(now)s
                                           and (s.ended_at is null or s.ended_at > %(now)s)
         order by s.member_id, mine.leads desc, s.team_id)
    select m.id, m.name, m.kind, t.id, t.name, theirs.leads, noticed.at, noticed.by_giver
      from theirs
      join people_member m on m.id = theirs.member_id and m.state = 'active'
      join people_team t on t.id = theirs.team_id
      left join lateral (
           select max(given_at) as at, max(given_at) filter (where giver_id = %(giver)s) as by_giver
             from recognition_received r
            where r.organisation_id = %(organisation)s and r.member_id = theirs.member_id and r.stands) noticed on true
     order by noticed.by_giver nulls first, noticed.at nulls first, m.name, m.id
     limit %(limit)s
"""
COLLEAGUES_MAX = 200


def colleagues(organisation_id: int, giver_id: UUID, *, led: bool = False) -> Sequence[Colleague]:
    """Whoever is in a team with the giver now, or in one they lead; whom they noticed longest ago first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COLLEAGUES,
            {
                "organisation": organisation_id,
                "giver": giver_id,
                "now": clock.now(),
                "led": led,
                "limit": COLLEAGUES_MAX,
            },
        )
        return [Colleague(*row) for row in cursor.fetchall()]


FOUND_MAX = 10


# A name is written in one of few ways, each a range of an index: the row policy allows no other way to an index here.
_NAMED = """
    select distinct found.id, found.name
      from unnest(%(begins)s::text[], %(ends)s::text[]) as w (begins, ends)
      cross join lateral (
           select m.id, m.name from people_member m
            where m.organisation_id = %(organisation)s and m.name ~>=~ w.begins and m.name ~<~ w.ends
              and m.kind = any(%(kinds)s) and m.state = 'active' and m.id <> %(giver)s {staff}
            order by m.name using ~<~, m.id limit %(limit)s) found
     order by found.name, found.id limit %(limit)s
"""
_LAST = "\U0010ffff"


def others_named(
    organisation_id: int, giver_id: UUID, name: str, kinds: Collection[str]
) -> Sequence[tuple[UUID, str]]:
    """Members of these kinds whose name begins so, without the giver: id and name.

    As it was typed, or as names are mostly written: each word or the first with a capital, all small, all capital.
    """
    ways = sorted({name, name.title(), name.capitalize(), name.lower(), name.upper()})
    with connection.cursor() as cursor:
        cursor.execute(
            _NAMED.format(staff="" if MemberKind.CUSTOMER in kinds else "and m.kind <> 'customer'"),
            {
                "organisation": organisation_id,
                "giver": giver_id,
                "kinds": list(kinds),
                "begins": ways,
                "ends": [way + _LAST for way in ways],
                "limit": FOUND_MAX,
            },
        )
        return list(cursor.fetchall())
