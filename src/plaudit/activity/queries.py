"""Answers from the activity book: one event, and pages of many, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation.exact import decode
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound

EVENTS_MAX = 200

# How many events one page looks through for a rare type. A page may so be short, or empty, and not the last.
LOOKED_AT_MAX = 20_000


@dataclass(frozen=True, slots=True)
class BookedEvent:
    """One event of the book. `key` is the id its source gave it, `corrects_key` that of what it corrects."""

    id: UUID
    source: str
    key: str
    type: str
    type_version: int
    title: str
    member_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    corrects_key: str | None
    batch_id: int | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events newest first. `older` is the event after which the next page begins, None on the last."""

    events: list[BookedEvent]
    older: UUID | None


_COLUMNS = """e.id, s.name, e.key, y.name, y.version, y.title, e.member_id, e.occurred_at, e.recorded_at,
           e.corrects_key, e.batch_id, e.data"""

_ONE = f"""
    select {_COLUMNS}
      from activity_event e
      join activity_source s on s.id = e.source_id
      join activity_event_type y on y.id = e.type_id
     where e.organisation_id = %s and e.id = %s
"""


def booked_event(organisation_id: int, event_id: UUID) -> BookedEvent:
    """One event. Raises `NotFound`."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [organisation_id, event_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(kind="activity", ref=show("act", event_id))
    return _event(row)


def event_by_key(organisation_id: int, source: str, key: str) -> UUID | None:
    """The id of the event that this source knows by this key; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.id from activity_source s join activity_event e on e.organisation_id = s.organisation_id"
            " and e.source_id = s.id and e.key = %s where s.organisation_id = %s and s.name = %s",
            [key, organisation_id, source],
        )
        row = cursor.fetchone()
    return row[0] if row else None


# The window is cut before the type is asked, so that a page costs the same however rare the type is.
_PAGE = f"""
    with looked_at as (
        select e.* from activity_event e
         where e.organisation_id = %(organisation)s
           and (%(member)s::uuid is null or e.member_id = %(member)s::uuid)
           and e.id < %(before)s
         order by e.id desc
         limit %(looked_at)s),
    found as (
        select {_COLUMNS}
          from looked_at e
          join activity_source s on s.id = e.source_id
          join activity_event_type y on y.id = e.type_id
         where %(type)s::text is null or y.name = %(type)s::text
         order by e.id desc
         limit %(limit)s)
    select found.*, (select min(id::text)::uuid from looked_at), (select count(*) from looked_at)
      from (select 1) one left join found on true
     order by found.id desc nulls last
"""


def booked_events(
    organisation_id: int,
    *,
    member_id: UUID | None = None,
    type: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> EventPage:
    """A page of events, newest first: of one member, of one type (whatever its version), or of all.

    Of a rare type a page looks through a bounded number of events, so it may be short and not the last.
    """
    assert 0 < limit <= EVENTS_MAX
    looking = limit + 1 if type is None else LOOKED_AT_MAX
    with connection.cursor() as cursor:
        cursor.execute(
            _PAGE,
            {
                "organisation": organisation_id,
                "member": member_id,
                "type": type,
                "before": before or UUID(int=(1 << 128) - 1),
                "looked_at": looking,
                "limit": limit + 1,
            },
        )
        rows = cursor.fetchall()
    *_, last_looked_at, looked_at = rows[0]
    events = [_event(row[:12]) for row in rows if row[0] is not None]
    if len(events) > limit:
        return EventPage(events[:limit], events[limit - 1].id)
    return EventPage(events, last_looked_at if looked_at == looking else None)


def _event(row: tuple[Any, ...]) -> BookedEvent:
    *facts, data = row
    return BookedEvent(*facts, data=decode(data))  # type: ignore[misc]  # row shapes are not typed


_NAMING = """
    select e.id, y.name
      from activity_event e
      join activity_event_type y on y.id = e.type_id
     where e.organisation_id = %s and e.data ->> %s = %s and e.occurred_at >= %s and e.occurred_at < %s
       and e.corrects_key is null and e.id > %s
     order by e.id
     limit %s
"""


def events_naming(
    organisation_id: int,
    field: str,
    value: str,
    *,
    starts_at: datetime,
    ends_at: datetime,
    after: UUID | None = None,
    limit: int = 5_000,
) -> list[tuple[UUID, str]]:
    """Events of [starts_at, ends_at) whose data has this text in this field, in the order of recording.

    Each is its id and its type; corrections are left out. `after` is the last event of the page before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _NAMING, [organisation_id, field, value, starts_at, ends_at, after or UUID(int=0), limit]
        )
        return [(event_id, type_name) for event_id, type_name in cursor.fetchall()]
