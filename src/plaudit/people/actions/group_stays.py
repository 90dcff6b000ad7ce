"""Begins and ends the stays in teams that a directory's groups stand for, all of a change in one statement."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock

_MEANT = """
    select m.id as member_id, g.team_id
      from people_provisioned_stay s
      join people_provisioned_team g on g.id = s.group_id
      join people_provisioned_person p on p.id = s.person_id
      join people_member m on m.organisation_id = s.organisation_id and m.user_id = p.user_id and m.state = 'active'
     where s.organisation_id = %(organisation)s
       and (%(people)s::uuid[] is null or s.person_id = any(%(people)s))
       and (%(group)s::uuid is null or s.group_id = %(group)s)
"""
_BEGIN = f"""
    insert into people_team_stay (organisation_id, member_id, team_id, leads, began_at)
    select %(organisation)s, meant.member_id, meant.team_id, false, %(now)s
      from ({_MEANT}) meant
     where not exists (
           select from people_team_stay t
            where t.organisation_id = %(organisation)s and t.member_id = meant.member_id
              and t.team_id = meant.team_id and (t.ended_at is null or t.ended_at > %(now)s))
"""
_UNDO = f"""
    delete from people_team_stay t using ({_MEANT}) meant
     where t.organisation_id = %(organisation)s and t.member_id = meant.member_id and t.team_id = meant.team_id
       and t.ended_at is null and t.began_at >= %(now)s
"""
_END = f"""
    update people_team_stay t set ended_at = %(now)s from ({_MEANT}) meant
     where t.organisation_id = %(organisation)s and t.member_id = meant.member_id and t.team_id = meant.team_id
       and t.ended_at is null
"""


def begin_stays(
    organisation_id: int, *, people: Collection[UUID] | None = None, group: UUID | None = None
) -> None:
    """Let those of these people, or of this group, who are members be in the teams that their groups are."""
    _run(organisation_id, people, group, _BEGIN)


def end_stays(
    organisation_id: int, *, people: Collection[UUID] | None = None, group: UUID | None = None
) -> None:
    """End their stays in the teams of the groups they are in, or of this group alone, before they are taken out of it."""
    _run(organisation_id, people, group, _UNDO, _END)


def _run(organisation_id: int, people: Collection[UUID] | None, group: UUID | None, *statements: str) -> None:
    values = {
        "organisation": organisation_id,
        "people": None if people is None else list(people),
        "group": group,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
