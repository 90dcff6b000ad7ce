"""News that people are told, and who chose to be told it by mail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays
from plaudit.foundation.exact import decode
from plaudit.foundation.settled import settled_before
from plaudit.outreach.models import Mailed
from plaudit.outreach.rules.cursors import START, Mark, read_cursor
from plaudit.outreach.rules.letters import READ

AT_A_TIME = 500

_NEWS = """
    select xid, id, topic, happened_at, payload from foundation_news
     where organisation_id = %(organisation)s and (xid, id) > (%(xid)s, %(id)s) and xid < %(before)s
       and topic = any(%(topics)s)
     order by xid, id limit %(limit)s
"""
_CHOSE = """
    select w.name, w.member_id, w.happened_at from unnest(%(names)s::text[], %(members)s::uuid[], %(moments)s::timestamptz[])
        as w (name, member_id, happened_at)
      join people_choice c on c.organisation_id = %(organisation)s and c.member_id = w.member_id
                          and c.name = w.name and c.chosen and c.chosen_at <= w.happened_at
      join people_member m on m.organisation_id = %(organisation)s and m.id = w.member_id
                          and m.state = 'active' and m.email <> ''
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One row of news that concerns somebody."""

    mark: Mark
    topic: str
    happened_at: datetime
    payload: dict[str, Any]


def read_news(organisation_id: int, mark: Mark, *, limit: int = AT_A_TIME) -> tuple[list[Piece], Mark]:
    """The next pieces after the mark, and the mark to go on from: past all there is where there are no more."""
    before = settled_before()
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWS,
            {
                "organisation": organisation_id,
                "xid": mark.xid,
                "id": mark.news_id,
                "before": before,
                "topics": list(READ),
                "limit": limit,
            },
        )
        rows = cursor.fetchall()
    pieces = [
        Piece(Mark(xid, id), topic, happened_at, decode(payload))
        for xid, id, topic, happened_at, payload in rows
    ]
    if len(pieces) == limit:
        return pieces, pieces[-1].mark
    return pieces, max(mark, Mark(before - 1, (1 << 63) - 1), key=lambda one: (one.xid, one.news_id))


# Most news concerns nobody's inbox: past so much of it there is enough to do in moving the place.
_SINCE = """
    select happened_at, topic = any(%(topics)s)
      from (select happened_at, topic, xid, id from foundation_news
             where organisation_id = %(organisation)s and (xid, id) > (%(xid)s, %(id)s) and xid < %(before)s
             order by xid, id limit %(limit)s) ahead
     order by xid, id
"""


def news_since(organisation_id: int, *, limit: int = 1_000) -> datetime | None:
    """When the oldest news happened that is still to be told, or that there is much to pass over; None for neither."""
    place = Mailed.objects.filter(organisation_id=organisation_id).first()
    mark = read_cursor(place.cursor) if place else START
    values: dict[str, int | list[str]] = {
        "organisation": organisation_id, "xid": mark.xid, "id": mark.news_id, "before": settled_before(),
        "topics": list(READ), "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, values)
        ahead = cursor.fetchall()
    told = next((happened_at for happened_at, concerns in ahead if concerns), None)
    return told if told is not None or len(ahead) < limit else ahead[-1][0]


def who_wants(
    organisation_id: int, wanted: Collection[tuple[str, UUID, datetime]]
) -> set[tuple[str, UUID, datetime]]:
    """Of these (choice, member, moment), those whose member had chosen it by then and can be reached by mail."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CHOSE,
            {
                "organisation": organisation_id,
                "names": arrays.texts([name for name, _, _ in wanted]),
                "members": arrays.uuids([member_id for _, member_id, _ in wanted]),
                "moments": arrays.times([moment for _, _, moment in wanted]),
            },
        )
        return set(cursor.fetchall())
