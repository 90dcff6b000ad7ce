"""News that members may have chosen to be told by mail, and who chose it."""

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
from plaudit.outreach.rules.letters import CATEGORY_OF
from plaudit.people.chosen import Choice

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
    """One row of news that somebody may have chosen."""

    mark: Mark
    topic: str
    happened_at: datetime
    payload: dict[str, Any]


def anybody_chose(organisation_id: int) -> bool:
    """Whether any member wants any news by mail."""
    return Choice.objects.filter(
        organisation_id=organisation_id, name__startswith="mail/", chosen=True
    ).exists()


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
                "topics": list(CATEGORY_OF),
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


def news_since(organisation_id: int) -> datetime | None:
    """When the oldest news happened that is still to be looked at for mail; None where nothing waits."""
    if not anybody_chose(organisation_id):
        return None
    place = Mailed.objects.filter(organisation_id=organisation_id).first()
    pieces, _ = read_news(organisation_id, read_cursor(place.cursor) if place else START, limit=1)
    return pieces[0].happened_at if pieces else None


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
