"""What somebody may see of recognitions: those for everybody, those of their teams, and their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.people.merging import everybody_who_is

PAGE = 20


class Which(StrEnum):
    """All that somebody may see, what they received, or what they gave."""

    SEEN = "seen"
    RECEIVED = "received"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Person:
    """A recipient, as far as whoever asks may see one; without a name when they are not there any more."""

    id: UUID
    name: str
    visible: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One recognition as whoever asks sees it: only the recipients they may see, and the words to those."""

    id: UUID
    programme: str
    behaviour: str
    given_at: datetime
    deed_at: datetime | None
    points: int
    unit: str
    period: str
    giver_id: UUID | None
    giver: str
    source: str
    words: str
    ended_at: datetime | None
    reason: str
    hidden_for: str
    recipients: tuple[Person, ...]


_MINE = """
    recursive selves (id) as (
        select %(me)s::uuid
        union select m.absorbed_id from selves join people_merge m on m.survivor_id = selves.id
                 and m.organisation_id = %(organisation)s and m.unmerged_at is null),
    mine as materialized (
        select team_id, leads from people_team_stay
         where organisation_id = %(organisation)s and member_id = %(me)s
           and began_at <= %(now)s and (ended_at is null or ended_at > %(now)s))
"""

_OF_TEAMS = """
    select t.recognition_id from mine cross join lateral (
           select recognition_id from recognition_received r
            where r.organisation_id = %(organisation)s and r.team_id = mine.team_id and r.stands
              and not r.hidden and (r.visible >= 1 or mine.leads)
              and r.recognition_id < %(before)s order by r.recognition_id desc limit %(limit)s) t
"""
_FOR_EVERYONE = """
    (select recognition_id from recognition_received
      where organisation_id = %(organisation)s and visible = 2 and stands and not hidden and recognition_id < %(before)s
      order by recognition_id desc limit %(limit)s)
"""
_RECEIVED = """
    select t.recognition_id from selves cross join lateral (
           select recognition_id from recognition_received
            where organisation_id = %(organisation)s and member_id = selves.id and stands
              and recognition_id < %(before)s order by given_at desc limit %(limit)s) t
"""
_GIVEN = """
    select t.recognition_id from selves cross join lateral (
           select id as recognition_id from recognition_recognition
            where organisation_id = %(organisation)s and giver_id = selves.id and ended_at is null
              and id < %(before)s order by id desc limit %(limit)s) t
"""
_PICKED = {
    Which.SEEN: f"{_FOR_EVERYONE} union {_OF_TEAMS} union {_RECEIVED} union {_GIVEN}",
    Which.RECEIVED: _RECEIVED,
    Which.GIVEN: _GIVEN,
}

_COLUMNS = """
    select g.id, g.programme, g.behaviour, g.given_at, r.deed_at, g.points, g.unit, g.period, {giver},
           coalesce(giver.name, ''), r.source, r.words, g.ended_at, g.reason, g.hidden_for,
           {recipient}, coalesce(m.name, ''), r.visible
"""
_ROWS = """
      from picked
      join recognition_recognition g on g.organisation_id = %(organisation)s and g.id = picked.recognition_id
      join recognition_received r on r.organisation_id = %(organisation)s and r.recognition_id = g.id
      left join people_member m on m.organisation_id = %(organisation)s and m.id = r.member_id
      left join people_member giver on giver.organisation_id = %(organisation)s and giver.id = g.giver_id
"""
_SHOWN = _COLUMNS.format(giver="g.giver_id", recipient="r.member_id") + _ROWS
# What somebody gave and got before they were found to be one with another is theirs.
_SHOWN_AS_MINE = (
    _COLUMNS.format(
        giver="case when g.giver_id in (select id from selves) then %(me)s::uuid else g.giver_id end",
        recipient="case when r.member_id in (select id from selves) then %(me)s::uuid else r.member_id end",
    )
    + _ROWS
)

_MAY_SEE = """
    (r.member_id in (select id from selves) or g.giver_id in (select id from selves)
     or not r.hidden and (r.visible = 2 or r.team_id in (select team_id from mine where leads or r.visible >= 1)))
"""
_FEED = f"""
    with {_MINE},
    picked as materialized (
        select recognition_id from ({{picked}}) found order by recognition_id desc limit %(limit)s)
    {_SHOWN_AS_MINE}
     where r.stands and {_MAY_SEE}
     order by g.id desc, m.name, r.member_id
"""
_LAST = UUID(int=(1 << 128) - 1)


def feed(
    organisation_id: int,
    me: UUID,
    which: Which = Which.SEEN,
    *,
    before: UUID | None = None,
    limit: int = PAGE,
) -> tuple[Sequence[Seen], UUID | None]:
    """What a member may see, the newest first, and the id to go on before; one statement, whoever asks."""
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "me": me,
        "now": clock.now(),
        "before": before or _LAST,
        "limit": limit + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FEED.format(picked=_PICKED[which]), values)
        found = _seen(cursor.fetchall())
    return found[:limit], found[limit - 1].id if len(found) > limit else None


_ONE = f"with picked as (select %(id)s::uuid as recognition_id) {_SHOWN} order by m.name, r.member_id"


def recognition(organisation_id: int, recognition_id: UUID) -> Seen:
    """One of them with every recipient, also when it was taken back. Raises `NotFound`."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, {"organisation": organisation_id, "id": recognition_id})
        found = _seen(cursor.fetchall())
    if not found:
        raise NotFound(kind="recognition", ref=show("rcg", recognition_id))
    return found[0]


_SEEN = f"""
    with {_MINE}, picked as (select %(id)s::uuid as recognition_id)
    {_SHOWN_AS_MINE}
     where (r.stands or r.member_id in (select id from selves) or g.giver_id in (select id from selves))
       and {_MAY_SEE}
     order by m.name, r.member_id
"""


def seen(organisation_id: int, recognition_id: UUID, me: UUID) -> Seen:
    """One that a member may see, with the recipients they may see of it. Raises `NotFound`."""
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "id": recognition_id,
        "me": me,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, values)
        found = _seen(cursor.fetchall())
    if not found:
        raise NotFound(kind="recognition", ref=show("rcg", recognition_id))
    return found[0]


_LISTED = f"""
    with picked as materialized (
        select g.id as recognition_id from recognition_recognition g
         where g.organisation_id = %(organisation)s and g.id < %(before)s
           and (%(among)s::uuid[] is null or g.id = any(%(among)s::uuid[]))
           and (%(giver)s::uuid is null or g.giver_id = %(giver)s)
           and (%(members)s::uuid[] is null and %(source)s::text is null or exists (
                select from recognition_received r
                 where r.organisation_id = %(organisation)s and r.recognition_id = g.id
                   and (%(members)s::uuid[] is null or r.member_id = any(%(members)s))
                   and (%(source)s::text is null or r.source = %(source)s)))
         order by g.id desc limit %(limit)s)
    {_SHOWN}
     order by g.id desc, m.name, r.member_id
"""


def recognitions(
    organisation_id: int,
    *,
    giver_id: UUID | None = None,
    member_id: UUID | None = None,
    among: Collection[UUID] | None = None,
    source: str | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Sequence[Seen]:
    """All of them, the newest first, also those taken back: of one giver, recipient or source, or among these, where named."""
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "giver": giver_id,
        "members": everybody_who_is(organisation_id, member_id) if member_id is not None else None,
        "among": list(among) if among is not None else None,
        "source": source,
        "before": before or _LAST,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, values)
        return _seen(cursor.fetchall())


def _seen(rows: Sequence[tuple[Any, ...]]) -> list[Seen]:
    """One for each recognition: its recipients stand in rows one after another."""
    found = []
    for _, same in groupby(rows, key=lambda row: row[0]):
        those = list(same)
        people = tuple(Person(*row[-3:]) for row in those)
        found.append(Seen(*(*those[0][:-3], people)))
    return found
