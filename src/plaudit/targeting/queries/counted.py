"""What counts for members: by day, with whoever was merged into them, and who they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays

TAKE_PART = ("active", "suspended")
"""The states of members who stand on ladders and are in segments: not merged into another, nor erased."""

FAMILY = """
    recursive family (home_id, member_id) as (
        select m, m from unnest(%(members)s::uuid[]) as m
         union
        select f.home_id, g.absorbed_id from family f
          join people_merge g on g.organisation_id = %(organisation)s and g.survivor_id = f.member_id
                             and g.unmerged_at is null)
"""

_DAYS = f"""
    with {FAMILY}
    select f.home_id, d.day, sum(d.times)::int, sum(d.amount)::bigint
      from family f
      join targeting_daily d on d.organisation_id = %(organisation)s and d.measure_id = %(measure)s
                            and d.member_id = f.member_id
     group by f.home_id, d.day
    having sum(d.times) <> 0 or sum(d.amount) <> 0
"""

_WHO = """
    select m.id, m.kind, m.state, m.joined_at,
           (select s.value #>> '{}' from people_standing s
             where s.organisation_id = m.organisation_id and s.member_id = m.id and s.name = 'member_since')
      from people_member m
     where m.organisation_id = %(organisation)s and m.id = any(%(members)s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Day:
    """What counts on one day: how many events, and how much."""

    times: int
    amount: int


@dataclass(frozen=True, slots=True)
class Who:
    """A member as ladders and segments ask: `since` is the day a membership says it began, if one does."""

    kind: str
    state: str
    joined_at: datetime
    since: date | None


def days_of(organisation_id: int, measure_id: int, members: Collection[UUID]) -> dict[UUID, dict[date, Day]]:
    """What counts for these members by day, with what counts for everyone who was merged into them."""
    found: dict[UUID, dict[date, Day]] = defaultdict(dict)
    for home_id, day, times, amount in _asked(_DAYS, organisation_id, members, measure=measure_id):
        found[home_id][day] = Day(times, amount)
    return found


def who_are(organisation_id: int, members: Collection[UUID]) -> Mapping[UUID, Who]:
    """Who these members are."""
    return {
        member_id: Who(kind, state, joined_at, date.fromisoformat(since) if since else None)
        for member_id, kind, state, joined_at, since in _asked(_WHO, organisation_id, members)
    }


def _asked(
    statement: str, organisation_id: int, members: Collection[UUID], **values: Any
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"organisation": organisation_id, "members": arrays.uuids(list(members)), **values}
        )
        return list(cursor.fetchall())
