"""Celebrates birthdays: once a calendar year, in the member's own time zone, for all whose day it is together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.engagement.own_activities import BIRTHDAY
from plaudit.engagement.published import PublishedSet
from plaudit.engagement.queries.birthdays import WHOSE, Celebrated, asking, celebrated, wanted
from plaudit.engagement.rules.birthdays import days_open
from plaudit.foundation import arrays, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.foundation.tenancy import act

MEMBERS_AT_A_TIME = 1_000
_DAY = timedelta(days=1)

_KEEP = f"""
    insert into engagement_birthday (organisation_id, programme, member_id, year)
    select %(organisation)s, %(programme)s, m.id, extract(year from d.day)::int {WHOSE}
       and (d.day, coalesce(m.attributes ->> 'time_zone', '')) in (
           select * from unnest(%(open_days)s::date[], %(open_zones)s::text[]))
     limit %(at_most)s
        on conflict (organisation_id, programme, member_id, year) do nothing
    returning member_id, year
"""


def celebrate(organisation_id: int, *, at_most: int = MEMBERS_AT_A_TIME) -> int:
    """Report every birthday for which something is given by now; how many there were.

    Each thousand in a transaction of its own. Whoever changes their date of birth, or becomes another member
    by a merge, is celebrated once a calendar year all the same.
    """
    done = 0
    while given := act(organisation_id, partial(_celebrate_some, organisation_id, at_most)):
        done += given
    return done


def _celebrate_some(organisation_id: int, at_most: int) -> int:
    done = 0
    now = clock.now()
    for one, birthdays in asking(organisation_id):
        # First the days that it is anywhere, then those that it is where the members live.
        days = {day for around in (-1, 0, 1) for day in days_open(birthdays, now.date() + around * _DAY)}
        found = [
            pair
            for pair in celebrated(organisation_id, one, birthdays, min(days), max(days))
            if pair.day in days_open(birthdays, now.astimezone(pair.zone).date())
        ]
        if found:
            asked = (
                wanted(organisation_id, one, birthdays, sorted(days)) | _open(found) | {"at_most": at_most}
            )
            with connection.cursor() as cursor:
                cursor.execute(_KEEP, asked)
                done += _report(organisation_id, one, cursor.fetchall())
    return done


def _open(found: Sequence[Celebrated]) -> dict[str, Any]:
    return {
        "open_days": arrays.texts([pair.day.isoformat() for pair in found]),
        "open_zones": arrays.texts([pair.zone_name for pair in found]),
    }


def _report(organisation_id: int, one: PublishedSet, kept: Sequence[tuple[UUID, int]]) -> int:
    """What is reported says the year and nothing of the date."""
    now = clock.now()
    facts = [(member_id, {"programme": one.programme, "year": year}) for member_id, year in sorted(kept)]
    record_own(
        organisation_id,
        [
            OwnActivity(
                f"birthday:{one.programme}:{fact['year']}:{member_id}", BIRTHDAY.name, member_id, now, fact
            )
            for member_id, fact in facts
        ],
    )
    told = [{"member": show("mem", member_id), **fact} for member_id, fact in facts]
    tell_each(organisation_id, BIRTHDAY.name, told, happened_at=now)
    return len(kept)
