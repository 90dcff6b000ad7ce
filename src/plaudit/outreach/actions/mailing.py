"""Has members told by mail what they chose to be told: each piece of news once, from the moment they chose it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from plaudit.foundation.ids import read
from plaudit.foundation.tenancy import act
from plaudit.outreach.models import Mailed
from plaudit.outreach.queries.letters import members_of_redemptions
from plaudit.outreach.queries.mailing import AT_A_TIME, Piece, anybody_chose, read_news, who_wants
from plaudit.outreach.rules.cursors import START, read_cursor
from plaudit.outreach.rules.letters import CATEGORY_OF, told_about
from plaudit.people.choices import news_by_mail

Queue = Callable[[UUID, str, Mapping[str, Any]], None]


def mail_news(organisation_id: int, queue: Queue) -> int:
    """Queue a mail for every new piece of news that a member chose; how many were queued.

    The place in the news moves in the transaction that queues them. Where nobody chose anything nothing is
    read; whoever chooses is told what happens from then on.
    """
    queued, more = 0, True
    while more:
        some, more = act(organisation_id, lambda: _some(organisation_id, queue))
        queued += some
    return queued


def _some(organisation_id: int, queue: Queue) -> tuple[int, bool]:
    if not anybody_chose(organisation_id):
        return 0, False
    Mailed.objects.get_or_create(organisation_id=organisation_id, defaults={"cursor": START.write()})
    place = Mailed.objects.select_for_update().get(organisation_id=organisation_id)
    pieces, reached = read_news(organisation_id, read_cursor(place.cursor))
    letters = _letters(organisation_id, pieces)
    asked = [(news_by_mail(CATEGORY_OF[piece.topic]), who, piece.happened_at) for piece, who, _ in letters]
    chose = who_wants(organisation_id, set(asked)) if asked else set()
    due = [letter for letter, one in zip(letters, asked, strict=True) if one in chose]
    for piece, who, facts in due:
        queue(who, piece.topic, facts)
    place.cursor = reached.write()
    place.save()
    return len(due), len(pieces) == AT_A_TIME


def _letters(organisation_id: int, pieces: list[Piece]) -> list[tuple[Piece, UUID, Mapping[str, Any]]]:
    """Each piece once for everybody it is about, with the facts that concern them."""
    redemptions = [piece.payload["redemption"] for piece in pieces if "redemption" in piece.payload]
    owners = members_of_redemptions(organisation_id, redemptions) if redemptions else {}
    found: list[tuple[Piece, UUID, Mapping[str, Any]]] = []
    for piece in pieces:
        owner = owners.get(piece.payload.get("redemption", ""))
        if owner is not None:
            found.append((piece, owner, piece.payload))
            continue
        for member, facts in told_about(piece.topic, piece.payload):
            found.append((piece, read("mem", member, kind="member"), facts))
    return found
