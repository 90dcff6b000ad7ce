"""Has members who chose it told once a week what they and their teams were recognised for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.tenancy import act
from plaudit.people.choices import news_by_mail
from plaudit.recognition.rules.weeks import mailed_at

DIGEST = news_by_mail("recognition")

# Whoever chose it before the moment, can be reached, and was noticed in the week, or somebody of their teams was.
_DUE = """
    insert into recognition_digest (organisation_id, member_id, week)
    select c.organisation_id, c.member_id, %(week)s
      from people_choice c
      join people_member m on m.organisation_id = c.organisation_id and m.id = c.member_id
                          and m.state = 'active' and m.email <> ''
     where c.organisation_id = %(organisation)s and c.name = %(name)s and c.chosen and c.chosen_at <= %(moment)s
       and (exists (select from recognition_received r
                     where r.organisation_id = c.organisation_id and r.member_id = c.member_id
                       and r.stands and r.given_at > %(since)s and r.given_at <= %(moment)s)
            or exists (select from people_team_stay s
                         join recognition_received r on r.organisation_id = s.organisation_id
                                                    and r.team_id = s.team_id and r.visible >= 1
                                                    and r.stands and not r.hidden
                                                    and r.given_at > %(since)s and r.given_at <= %(moment)s
                        where s.organisation_id = c.organisation_id and s.member_id = c.member_id
                          and s.began_at <= %(moment)s and (s.ended_at is null or s.ended_at > %(moment)s)))
        on conflict do nothing
    returning member_id
"""


def send_digests(organisation_id: int, time_zone: str, queue: Callable[[UUID, datetime], None]) -> int:
    """Queue this week's summaries that were not queued yet, in the transaction that notes them; how many.

    They are due on Monday at seven in the organisation's `time_zone`, and are about the seven days before.
    """

    def step() -> int:
        moment = mailed_at(clock.now(), ZoneInfo(time_zone))
        with connection.cursor() as cursor:
            cursor.execute(
                _DUE,
                {
                    "organisation": organisation_id,
                    "name": DIGEST,
                    "moment": moment,
                    "since": moment - timedelta(days=7),
                    "week": moment.date(),
                },
            )
            due = [member_id for (member_id,) in cursor.fetchall()]
        for member_id in due:
            queue(member_id, moment)
        return len(due)

    return act(organisation_id, step)
