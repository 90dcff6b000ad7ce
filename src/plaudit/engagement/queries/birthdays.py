"""Whose birthday it is, or will be, and who was not given anything for it yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.engagement.definitions import Birthdays
from plaudit.engagement.published import PublishedSet, published_sets
from plaudit.engagement.rules.birthdays import begins, ends, month_days_of
from plaudit.foundation import arrays
from plaudit.foundation.zones import zone_named

KINDS = ("customer", "staff", "partner")
_DAYS_LISTED = 400
_ROUND_THE_WORLD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Celebrated:
    """A birthday of members who live in one time zone, by the name they have it under ("" where they have none)."""

    day: date
    zone_name: str
    zone: ZoneInfo


WHOSE = """
      from unnest(%(births)s::text[], %(days)s::date[]) as d (birth, day)
      join people_member m
        on m.organisation_id = %(organisation)s and m.attributes ? 'birth_date'
       and right(m.attributes ->> 'birth_date', 5) = d.birth
     where m.state = 'active' and m.kind = any(%(kinds)s)
       and left(m.attributes ->> 'birth_date', 4) < to_char(d.day, 'YYYY')
       and not exists (
           select from engagement_birthday b
            where b.organisation_id = %(organisation)s and b.programme = %(programme)s
              and b.member_id = m.id and b.year = extract(year from d.day)::int)
"""
"""Members with one of these months and days of birth who were given nothing for it in the year of its day."""


def asking(organisation_id: int) -> Iterator[tuple[PublishedSet, Birthdays]]:
    """The programmes that celebrate birthdays now."""
    for one in published_sets(organisation_id).now():
        if one.definition.birthdays is not None:
            yield one, one.definition.birthdays


def celebrated(
    organisation_id: int, one: PublishedSet, birthdays: Birthdays, first: date, last: date
) -> list[Celebrated]:
    """The birthdays from one day through another for which somebody was given nothing yet; one statement."""
    days = [first + timedelta(days=days) for days in range((last - first).days + 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select distinct d.day, coalesce(m.attributes ->> 'time_zone', '') {WHOSE} order by 1, 2",
            wanted(organisation_id, one, birthdays, days),
        )
        found = cursor.fetchall()
    return [Celebrated(day, name, zone_named(name, one.time_zone)) for day, name in found]


def wanted(
    organisation_id: int, one: PublishedSet, birthdays: Birthdays, days: Iterable[date]
) -> dict[str, Any]:
    """What `WHOSE` is asked with."""
    births = [(birth, day) for day in days for birth in month_days_of(day, birthdays.leap_day)]
    return {
        "organisation": organisation_id,
        "programme": one.programme,
        "kinds": list(birthdays.audience or KINDS),
        "births": arrays.texts([birth for birth, _ in births]),
        "days": arrays.texts([day.isoformat() for _, day in births]),
    }


def coming(organisation_id: int, now: datetime, until: datetime) -> Iterator[datetime]:
    """Every moment up to another at which something is given, or could be by now, in no order."""
    for one, birthdays in asking(organisation_id):
        first = (now - _ROUND_THE_WORLD).date() - timedelta(days=birthdays.after_days)
        last = (until + _ROUND_THE_WORLD).date() + timedelta(days=birthdays.before_days)
        last = min(last, first + timedelta(days=_DAYS_LISTED))
        for found in celebrated(organisation_id, one, birthdays, first, last):
            if ends(birthdays, found.day, found.zone) > now:
                yield begins(birthdays, found.day, found.zone)
