"""What a team's wall shows: what its members themselves let others see, and how many thanks there were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock

WALL_MAX = 6
WALL_DAYS = 7


@dataclass(frozen=True, slots=True)
class OnWall:
    """One recognition on a wall: to whom, from what sort of giver, for what, in which words."""

    id: UUID
    programme: str
    behaviour: str
    source: str
    words: str
    given_at: datetime
    names: tuple[str, ...]


_WALL = """
    select g.id, g.programme, g.behaviour, min(r.source), min(r.words), g.given_at,
           array_agg(m.name order by m.name)
      from recognition_received r
      join recognition_recognition g on g.organisation_id = r.organisation_id and g.id = r.recognition_id
      join people_member m on m.organisation_id = r.organisation_id and m.id = r.member_id
                          and m.state = 'active' and m.name <> ''
     where r.organisation_id = %s and r.team_id = %s and r.stands and not r.hidden
       and r.chosen and r.visible >= 1
     group by g.id, g.programme, g.behaviour, g.given_at
     order by g.id desc limit %s
"""


def on_wall(organisation_id: int, team_id: int) -> Sequence[OnWall]:
    """The newest that recipients of this team themselves let others see: nobody is shown who did not choose it."""
    with connection.cursor() as cursor:
        cursor.execute(_WALL, [organisation_id, team_id, WALL_MAX])
        return [OnWall(*(*row[:-1], tuple(row[-1]))) for row in cursor.fetchall()]


_COUNT = """
    select count(distinct recognition_id) from recognition_received
     where organisation_id = %s and team_id = %s and stands and given_at > %s
"""


def thanks_lately(organisation_id: int, team_id: int) -> int:
    """How many recognitions the team got in the last seven days, whoever may see them."""
    with connection.cursor() as cursor:
        since = clock.now() - timedelta(days=WALL_DAYS)
        cursor.execute(_COUNT, [organisation_id, team_id, since])
        return int(cursor.fetchone()[0])
