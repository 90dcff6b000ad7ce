"""How well a supervisor notices: promptness, coverage of the plan, and from whom what a team gets comes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays, clock
from plaudit.recognition.definitions import NOTICE_DAYS, Source
from plaudit.recognition.models import Plan
from plaudit.targeting.rules.comparing import Share, share

WINDOW_DAYS = 90
WEEKS = 8


@dataclass(frozen=True, slots=True)
class Promptness:
    """How long it took from deeds to their recognitions: how many are known, the median and the 90th percentile.

    Both are values that occurred (the discrete percentile of SQL), None where none is known.
    """

    known: int
    median: timedelta | None
    ninetieth: timedelta | None


_PROMPTNESS = """
    select count(*), percentile_disc(0.5) within group (order by given_at - deed_at),
           percentile_disc(0.9) within group (order by given_at - deed_at)
      from recognition_received
     where organisation_id = %(organisation)s and stands and deed_at is not null and given_at >= %(since)s
       and (%(giver)s::uuid is null or giver_id = %(giver)s) and (%(team)s::int is null or team_id = %(team)s)
       and (source = 'supervisor' or %(team)s::int is not null)
"""


def promptness(
    organisation_id: int, *, giver_id: UUID | None = None, team_id: int | None = None
) -> Promptness:
    """Of one supervisor, or of all that a team got, in the last ninety days."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PROMPTNESS,
            {
                "organisation": organisation_id,
                "giver": giver_id,
                "team": team_id,
                "since": clock.now() - timedelta(days=WINDOW_DAYS),
            },
        )
        return Promptness(*cursor.fetchone())


_BY_SOURCE = """
    select source, count(*) from recognition_received
     where organisation_id = %(organisation)s and stands and given_at >= %(since)s
       and (%(teams)s::int[] is null or team_id = any(%(teams)s::int[]))
     group by source
"""


@dataclass(frozen=True, slots=True)
class BySource:
    """How many recognitions came from whom in the last ninety days, of those that stand; one for each recipient."""

    counts: Mapping[Source, int]

    @property
    def in_all(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def supervisors(self) -> Share:
        """The supervisors' share of them, with the interval in which it lies."""
        return share(self.counts[Source.SUPERVISOR], self.in_all)


def by_source(organisation_id: int, *, teams: Collection[int] | None = None) -> BySource:
    """From whom recognitions came: all of the organisation's, or those that these teams got."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_SOURCE,
            {
                "organisation": organisation_id,
                "teams": list(teams) if teams is not None else None,
                "since": clock.now() - timedelta(days=WINDOW_DAYS),
            },
        )
        found = dict(cursor.fetchall())
    return BySource({one: found.get(one.value, 0) for one in Source})


@dataclass(frozen=True, slots=True)
class Spotting:
    """A spotting plan: everybody every so many days, and the behaviour looked for, "" for any."""

    every_days: int
    behaviour: str = ""


def plan_of(organisation_id: int, leader_id: UUID, *, default: int = NOTICE_DAYS) -> Spotting:
    """A supervisor's own plan, or what the programme asks of everybody."""
    row = Plan.objects.filter(organisation_id=organisation_id, member_id=leader_id).first()
    return Spotting(row.every_days, row.behaviour) if row is not None else Spotting(default)


@dataclass(frozen=True, slots=True)
class Covered:
    """How many of a supervisor's people they had noticed within their plan on one day."""

    day: date
    noticed: int
    people: int


_COVERAGE = """
    select d.at, count(*) filter (where exists (
             select from recognition_received r
              where r.organisation_id = %(organisation)s and r.member_id = m.member_id
                and r.giver_id = %(leader)s and r.stands
                and r.given_at <= d.at and r.given_at > d.at - make_interval(days => %(every)s)))
      from unnest(%(moments)s::timestamptz[]) with ordinality as d (at, place)
      cross join unnest(%(members)s::uuid[]) as m (member_id)
     group by d.at, d.place order by d.place
"""


def coverage(
    organisation_id: int,
    leader_id: UUID,
    members: Sequence[UUID],
    spotting: Spotting,
    *,
    weeks: int = WEEKS,
) -> Sequence[Covered]:
    """The same for each of the last weeks, the present moment last: of the people they lead now."""
    now = clock.now()
    moments: list[datetime] = [now - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "leader": leader_id,
        "every": spotting.every_days,
        "moments": arrays.times(moments),
        "members": arrays.uuids(members),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, values)
        found = dict(cursor.fetchall())
    return [Covered(moment.date(), found.get(moment, 0), len(members)) for moment in moments]
