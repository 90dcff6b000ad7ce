"""Answers who still needs what: members of a role that lack a completion, or whose certificate ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.learning.definitions import Learning, Offering

_COVERED = """
    with needing as (
        select m.id, m.attributes ->> %(role)s as role from people_member m
         where m.organisation_id = %(organisation)s and m.state = 'active'
           and m.attributes ->> %(role)s = any(%(roles)s)),
    held as (
        select c.member_id, max(coalesce(k.last_day, 'infinity'::date)) as last_day
          from learning_completion c left join learning_certificate k on k.completion_id = c.id
         where c.organisation_id = %(organisation)s and c.programme = %(programme)s and c.offering = %(offering)s
           and c.withdrawn_at is null
         group by c.member_id)
"""

_COUNT = (
    _COVERED
    + """
    select n.role, count(*), count(*) filter (where h.last_day >= %(today)s),
           count(*) filter (where h.last_day >= %(today)s and h.last_day <= %(soon)s)
      from needing n left join held h on h.member_id = n.id group by n.role order by n.role
"""
)

_LACKING = (
    _COVERED
    + """
    select n.id, m.name, n.role, nullif(h.last_day, 'infinity'::date)
      from needing n join people_member m on m.id = n.id left join held h on h.member_id = n.id
     where (h.last_day is null or h.last_day <= %(soon)s) and n.id > %(after)s
     order by n.id limit %(limit)s
"""
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of those of a role who need something: how many there are, have it, and have it no longer soon."""

    role: str
    needing: int
    covered: int
    ending: int

    @property
    def lacking(self) -> int:
        """How many need it and do not have it."""
        return self.needing - self.covered

    @property
    def percent(self) -> int:
        """How many in a hundred have it, rounded down."""
        return self.covered * 100 // self.needing if self.needing else 100


@dataclass(frozen=True, slots=True)
class Lacking:
    """A member who needs something: never completed it, or holds it through `last_day` only."""

    member_id: UUID
    name: str
    role: str
    last_day: date | None


def coverage(
    organisation_id: int, learning: Learning, offering: Offering, *, today: date, soon: date
) -> list[Coverage]:
    """How far the roles are that need an offering; `soon` is the last day that counts as ending."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _asked(organisation_id, learning, offering) | {"today": today, "soon": soon})
        return [Coverage(*row) for row in cursor.fetchall()]


def lacking(
    organisation_id: int,
    learning: Learning,
    offering: Offering,
    *,
    soon: date,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Lacking]:
    """Who needs an offering and does not have it, or not beyond `soon`."""
    more = {"soon": soon, "after": after or UUID(int=0), "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, _asked(organisation_id, learning, offering) | more)
        return [Lacking(*row) for row in cursor.fetchall()]


def _asked(organisation_id: int, learning: Learning, offering: Offering) -> dict[str, Any]:
    return {
        "organisation": organisation_id,
        "programme": learning.programme,
        "offering": offering.key,
        "role": learning.role,
        "roles": list(offering.needed_by),
    }
