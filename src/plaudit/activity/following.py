"""Follows the book: newly recorded events, page by page, each page once a follower, none ever skipped.

A follower keeps a place of its own in each organisation. What it makes of a page is written in the
transaction that moves its place, so that both happen or neither. Events come in the order of the news of
them, and only once every transaction that could still add to what is before them has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.activity.shares import share_of
from plaudit.activity.types import DeclaredType, types_by_id
from plaudit.foundation import arrays
from plaudit.foundation.exact import decode
from plaudit.foundation.settled import settled_before
from plaudit.foundation.tenancy import act

EVENTS_AT_A_TIME = 2_000

_RECORDED = "activity.recorded"
WITHDRAWN = "activity.withdrawn"
"""News that an import was taken back: its events in a range count no longer, though they stay in the book."""
_LAST_ROW = (1 << 63) - 1  # no row of news has this number: everything of an earlier transaction is before it


@dataclass(frozen=True, slots=True)
class FollowedEvent:
    """One event of the book, as it stands now.

    `is_new` where this page is its own place in the book; it is false where the event is given only because
    a correction changed what is undone of it. `type` is the type's name, and `type_id` the version of it
    that the event was recorded under. `corrects` is the id of the event that this one corrects, None where it
    corrects none or that one is not in the book yet. `undone` is how much of this event all its corrections
    in the book take back together, from 0 to 1: 1 is the whole event, as if it had never been; so is an event
    of an import that was taken back.
    """

    id: UUID
    is_new: bool
    type: str
    type_id: int
    member_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]
    corrects: UUID | None
    undone: Fraction


Take = Callable[[Sequence[FollowedEvent]], None]


def begin_to_follow(organisation_id: int, follower: str, *, from_beginning: bool = False) -> None:
    """Give a follower its place, at the end of the book or at its beginning; it keeps one it has.

    Called inside the organisation. From the end means: every event of a transaction that is still open now
    will be given.
    """
    place = (0, 0) if from_beginning else (settled_before() - 1, _LAST_ROW)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into activity_follower (organisation_id, name, xid, news_id) values (%s, %s, %s, %s)"
            " on conflict (organisation_id, name) do nothing",
            [organisation_id, follower, *place],
        )


def follow(organisation_id: int, follower: str, take: Take, *, at_most: int = EVENTS_AT_A_TIME) -> int:
    """Give `take` the next page of events, and move the follower's place past it in the same transaction.

    Returns how many events the page had: 0 where nothing is new, and for a follower that never began.
    An event is given when it is recorded, and again, right behind the correction, whenever one changes how
    much of it is undone, or its import is taken back: who keeps something for an event replaces it by the event's id. Followers of the
    same name at once wait for one another, and each page is given to one of them. Where the transaction
    lost a race `take` is called again for the same page, and nothing of the first time remains.
    """
    return act(organisation_id, partial(_next_page, organisation_id, follower, take, at_most))


def waits_since(organisation_id: int, follower: str) -> datetime | None:
    """When the oldest events happened to be told that this follower has not seen; None where there are none.

    Called inside the organisation; events that cannot be given yet do not count.
    """
    place = _place(organisation_id, follower, "")
    if place is None:
        return None
    told = _told(organisation_id, place, limit=1)
    return told[0].happened_at if told else None


@dataclass(frozen=True, slots=True)
class _Place:
    xid: int
    news_id: int
    event_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Told:
    """A row of news about recorded events: the first of them not given yet, and the last."""

    xid: int
    news_id: int
    happened_at: datetime
    first: UUID
    last: UUID
    batch_id: int | None
    """The import that was taken back; None for events that were recorded."""


def _next_page(organisation_id: int, follower: str, take: Take, at_most: int) -> int:
    place = _place(organisation_id, follower, "for update")
    if place is None:
        return 0
    told = _told(organisation_id, place, limit=at_most)
    if not told:
        return 0
    rows = _read(organisation_id, told, at_most)
    arrived = [row for row in rows if row[1]]
    assert arrived, "news of recorded events names events that are there"
    whole = len(arrived) < at_most
    reached = told[-1] if whole else told[arrived[-1][0] - 1]
    event_id: UUID | None = None if whole or arrived[-1][3] == reached.last else arrived[-1][3]
    take(_events(organisation_id, rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "update activity_follower set xid = %s, news_id = %s, event_id = %s"
            " where organisation_id = %s and name = %s",
            [reached.xid, reached.news_id, event_id, organisation_id, follower],
        )
    return len(arrived)


def _place(organisation_id: int, follower: str, lock: str) -> _Place | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select xid, news_id, event_id from activity_follower where organisation_id = %s and name = %s {lock}",
            [organisation_id, follower],
        )
        row = cursor.fetchone()
    return _Place(*row) if row else None


_TOLD = """
    select xid, id, happened_at, (payload->>'first')::uuid, (payload->>'last')::uuid, substr(payload->>'import', 5)::int
      from foundation_news
     where organisation_id = %(organisation)s and (xid, id) {after} (%(xid)s, %(id)s) and xid < %(before)s
       and topic = any(%(topics)s)
     order by xid, id limit %(limit)s
"""


def _told(organisation_id: int, place: _Place, *, limit: int) -> list[_Told]:
    """Settled news of recorded events after the place; first the row it stands inside, if it does."""
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "xid": place.xid,
        "id": place.news_id,
        "before": settled_before(),
        "topics": [_RECORDED, WITHDRAWN],
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOLD.format(after=">" if place.event_id is None else ">="), values)
        told = [_Told(*row) for row in cursor.fetchall()]
    if place.event_id is not None:
        inside = told[0]
        after = UUID(int=place.event_id.int + 1)
        told[0] = replace(inside, first=after)
    return told


# What arrived or was withdrawn, then what it corrects; with each, every correction of it that is in the book.
_PAGE = """
    with arrived as materialized (
        select t.place, t.withdrawn, e.*
          from unnest(%(first)s::uuid[], %(last)s::uuid[], %(withdrawn)s::int[]) with ordinality
            as t (first, last, withdrawn, place)
         cross join lateral (
               select * from activity_event e
                where e.organisation_id = %(organisation)s and e.id between t.first and t.last
                  and (t.withdrawn is null or e.batch_id = t.withdrawn)
                order by e.id limit %(at_most)s) e
         order by t.place, e.id limit %(at_most)s),
    given as (
        select a.place, true as placed, a.withdrawn is null as new, a.id as because, a.id, a.source_id, a.key,
               a.type_id, a.member_id, a.occurred_at, a.recorded_at, a.data, e.id as corrects, a.batch_id
          from arrived a
          left join activity_event e on a.corrects_key is not null and e.organisation_id = %(organisation)s
                                    and e.source_id = a.source_id and e.key = a.corrects_key
        union all
        select a.place, false, false, a.id, e.id, e.source_id, e.key, e.type_id, e.member_id,
               e.occurred_at, e.recorded_at, e.data, null, e.batch_id
          from arrived a
          join activity_event e on e.organisation_id = %(organisation)s and e.source_id = a.source_id
                               and e.key = a.corrects_key)
    select place, placed, new, id, type_id, member_id, occurred_at, recorded_at, data, corrects,
           (select jsonb_agg(jsonb_build_array(c.type_id, c.data) order by c.id)
              from activity_event c
             where c.organisation_id = %(organisation)s and c.source_id = given.source_id
               and c.corrects_key = given.key),
           batch_id is not null and exists (
               select from activity_import_batch b
                where b.organisation_id = %(organisation)s and b.id = given.batch_id
                  and b.state in ('reversing', 'reversed'))
      from given order by place, because, placed desc
"""


def _read(organisation_id: int, told: Sequence[_Told], at_most: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _PAGE,
            {
                "organisation": organisation_id,
                "first": arrays.uuids([one.first for one in told]),
                "last": arrays.uuids([one.last for one in told]),
                "withdrawn": arrays.numbers([one.batch_id for one in told]),
                "at_most": at_most,
            },
        )
        return list(cursor.fetchall())


def _events(organisation_id: int, rows: Iterable[tuple[Any, ...]]) -> list[FollowedEvent]:
    """Each event once, at the last place it stands: behind its corrections of the same page."""
    types = types_by_id(organisation_id)
    found: dict[UUID, FollowedEvent] = {}
    corrects: dict[UUID, UUID] = {}
    arrived: set[UUID] = set()
    for row in rows:
        _, _, new, id, type_id, member_id, occurred_at, recorded_at, text, corrected, corrections, gone = row
        if new:
            arrived.add(id)
        if new and corrected is not None:
            corrects[id] = corrected
        data = decode(text)
        undone = Fraction(1) if gone else _undone(types, data, decode(corrections or "[]"))
        found.pop(id, None)
        found[id] = FollowedEvent(
            id,
            id in arrived,
            types[type_id].name,
            type_id,
            member_id,
            occurred_at,
            recorded_at,
            data,
            corrects.get(id),
            undone,
        )
    return list(found.values())


def _undone(
    types: dict[int, DeclaredType], data: dict[str, Any], corrections: Iterable[tuple[int, dict[str, Any]]]
) -> Fraction:
    share = sum((share_of(types[type_id].part, said, data) for type_id, said in corrections), Fraction(0))
    return max(Fraction(0), min(Fraction(1), share))
