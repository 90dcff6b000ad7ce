"""Brings the teams of many members to what a list says, in a few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

_TEAMS = """
    with made as (
        insert into people_team (organisation_id, key, name) select %(organisation)s, key, key
          from unnest(%(keys)s::text[]) as wanted (key)
            on conflict (organisation_id, key) do nothing returning id, key)
    select key, id from made
     union all
    select key, id from people_team where organisation_id = %(organisation)s and key = any(%(keys)s)
"""

_OPEN = """
    select member_id, team_id, began_at from people_team_stay
     where organisation_id = %s and member_id = any(%s) and ended_at is null
       for update
"""

_UNDO = """
    delete from people_team_stay s
     using unnest(%s::uuid[], %s::int[]) as gone (member_id, team_id)
     where s.organisation_id = %s and s.member_id = gone.member_id and s.team_id = gone.team_id
       and s.ended_at is null and s.began_at >= %s
"""

_END = """
    update people_team_stay s set ended_at = %s
      from unnest(%s::uuid[], %s::int[]) as gone (member_id, team_id)
     where s.organisation_id = %s and s.member_id = gone.member_id and s.team_id = gone.team_id
       and s.ended_at is null
"""

_BEGIN = """
    insert into people_team_stay (organisation_id, member_id, team_id, leads, began_at)
    select %s, member_id, team_id, false, began_at
      from unnest(%s::uuid[], %s::int[], %s::timestamptz[]) as s (member_id, team_id, began_at)
"""


def set_teams(
    organisation_id: int,
    lists: Mapping[UUID, tuple[Sequence[str], datetime]],
    *,
    moment: datetime,
) -> None:
    """Let each member be in exactly these teams from `moment` on: {member: (team keys, since when)}.

    Stays that go on are untouched; others end at `moment`; new ones begin where the list says. A team
    whose key is new is made. A stay that would end as it begins never was.
    """
    if not lists:
        return
    keys = sorted({key for teams, _ in lists.values() for key in teams})
    with connection.cursor() as cursor:
        cursor.execute(_TEAMS, {"organisation": organisation_id, "keys": keys})
        team_ids: dict[str, int] = dict(cursor.fetchall())
        cursor.execute(_OPEN, [organisation_id, list(lists)])
        there = {(member_id, team_id) for member_id, team_id, _ in cursor.fetchall()}
        wanted = {
            (member_id, team_ids[key]): since for member_id, (teams, since) in lists.items() for key in teams
        }
        gone = sorted(there - wanted.keys())
        if gone:
            pairs = [[member_id for member_id, _ in gone], [team_id for _, team_id in gone]]
            cursor.execute(_UNDO, [*pairs, organisation_id, moment])
            cursor.execute(_END, [moment, *pairs, organisation_id])
        new = sorted(wanted.keys() - there)
        if new:
            columns: list[list[Any]] = [[member_id for member_id, _ in new], [team_id for _, team_id in new]]
            cursor.execute(_BEGIN, [organisation_id, *columns, [wanted[pair] for pair in new]])
