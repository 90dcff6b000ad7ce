"""Answers who passed which scenario, and who shall refresh it: of one member, of many, and team by team."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from plaudit.foundation import arrays
from plaudit.learning.conversations import Scenario
from plaudit.learning.rules.hiding import TeamPassed
from plaudit.learning.scenario_models import ScenarioRevision, ScenarioStanding

Place = tuple[str, str]

# Whoever is in several teams counts in each of them; whoever is in none stands under the empty name.
_TEAMS = """
    with meant as (
        select m.id from people_member m
         where m.organisation_id = %(organisation)s and m.state = 'active' and m.kind = any(%(audience)s)
           and (%(members)s::uuid[] is null or m.id = any(%(members)s::uuid[]))),
    placed as (
        select n.id, coalesce(t.name, '') as team
          from meant n
          left join people_team_stay y on y.organisation_id = %(organisation)s and y.member_id = n.id
               and not y.leads and y.began_at <= %(now)s and (y.ended_at is null or y.ended_at > %(now)s)
          left join people_team t on t.organisation_id = y.organisation_id and t.id = y.team_id)
    select p.team, count(*), count(*) filter (where s.revision > 0 and s.refresher_since is null),
           count(*) filter (where s.refresher_since is not null)
      from placed p
      left join learning_scenario_standing s on s.organisation_id = %(organisation)s and s.member_id = p.id
           and s.programme = %(programme)s and s.scenario = %(scenario)s
     group by p.team order by p.team = '', p.team
"""

_TO_REFRESH = """
    select m.id, m.name, s.refresher_since
      from learning_scenario_standing s
      join people_member m on m.organisation_id = s.organisation_id and m.id = s.member_id
     where s.organisation_id = %(organisation)s and s.programme = %(programme)s and s.scenario = %(scenario)s
       and s.refresher_since is not null and m.state = 'active'
       and (%(members)s::uuid[] is null or m.id = any(%(members)s::uuid[]))
     order by m.name, m.id limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ToRefresh:
    """A member who was asked for a refresher, and since when."""

    member_id: UUID
    name: str
    since: datetime


def standings(
    organisation_id: int,
    *,
    members: Collection[UUID] | None = None,
    programme: str = "",
    scenario: str = "",
    after: UUID | None = None,
    limit: int = 200,
) -> list[ScenarioStanding]:
    """How members stand with scenarios, in the order in which they first played; all members where none are named."""
    found = ScenarioStanding.objects.filter(organisation_id=organisation_id)
    if members is not None:
        found = found.filter(member_id__in=list(members))
    if programme:
        found = found.filter(programme=programme)
    if scenario:
        found = found.filter(scenario=scenario)
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.order_by("id")[:limit])


def revisions(organisation_id: int) -> dict[Place, ScenarioRevision]:
    """The revision in force of every scenario that ever was, by programme and key."""
    found = ScenarioRevision.objects.filter(organisation_id=organisation_id)
    return {(row.programme, row.scenario): row for row in found}


def counted(organisation_id: int) -> dict[Place, tuple[int, int]]:
    """Of every scenario how many members passed it as it is now, and how many shall refresh it."""
    found = ScenarioStanding.objects.filter(organisation_id=organisation_id).order_by()
    current = Count("id", filter=Q(revision__gt=0, refresher_since__isnull=True))
    asked = Count("id", filter=Q(refresher_since__isnull=False))
    rows = found.values_list("programme", "scenario").annotate(current=current, asked=asked)
    return {(programme, scenario): (passed, again) for programme, scenario, passed, again in rows}


def passed_by_team(
    organisation_id: int,
    programme: str,
    scenario: Scenario,
    *,
    now: datetime,
    members: Collection[UUID] | None = None,
) -> list[TeamPassed]:
    """How far each team is with a scenario; of these members alone, where they are named."""
    with connection.cursor() as cursor:
        cursor.execute(_TEAMS, _asked(organisation_id, programme, scenario, members) | {"now": now})
        return [TeamPassed(*row) for row in cursor.fetchall()]


def to_refresh(
    organisation_id: int,
    programme: str,
    scenario: Scenario,
    *,
    members: Collection[UUID] | None = None,
    limit: int = 200,
) -> list[ToRefresh]:
    """Whoever was asked for a refresher and has not passed it, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_REFRESH, _asked(organisation_id, programme, scenario, members) | {"limit": limit})
        return [ToRefresh(*row) for row in cursor.fetchall()]


def _asked(
    organisation_id: int, programme: str, scenario: Scenario, members: Collection[UUID] | None
) -> dict[str, Any]:
    return {
        "organisation": organisation_id,
        "programme": programme,
        "scenario": scenario.key,
        "audience": list(scenario.audience),
        "members": arrays.uuids(list(members)) if members is not None else None,
    }
