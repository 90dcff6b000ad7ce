"""The feed: everything that happened, in an order that never changes, for those who cannot take pushes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Flag, Limit
from plaudit.foundation.exact import encode
from plaudit.outreach.queries.feed import cursor_now
from plaudit.outreach.queries.feed import feed as messages_after

router = Router(tags=["News"])


class ShownMessage(Answer):
    """One thing that happened. Its id is the same however often it is read, and in the webhook that tells it."""

    id: str
    type: str
    timestamp: datetime
    data: dict[str, Any]


class FeedPage(Answer):
    """Messages oldest first. `next` goes on from here; while nothing is new it stays the same."""

    items: list[ShownMessage]
    has_more: bool
    next: str


@router.get("/events/feed", response=FeedPage, operation_id="read_feed", summary="Read the feed of news")
@allows(scopes=["webhooks:read"], to="read the feed")
def read_feed(
    request: HttpRequest,
    after: Annotated[
        str | None, Field(max_length=200, description="The `next` of before; from the beginning if left out.")
    ] = None,
    limit: Limit = 100,
    *,
    from_now: Annotated[
        Flag, Field(description="Only the cursor after which what is to come comes.")
    ] = False,
) -> HttpResponse:
    """Everything that happened after a cursor: nothing is skipped and nothing told twice.

    Keep `next` with what you made of the page, and ask again from there. It never runs out.
    """
    organisation_id = actor_of(request).organisation_id
    if from_now:
        shown: dict[str, Any] = {"items": [], "has_more": False, "next": cursor_now(organisation_id)}
    else:
        found = messages_after(organisation_id, after=after, limit=limit)
        shown = {
            "items": [message.shown() for message in found.messages],
            "has_more": found.has_more,
            "next": found.cursor,
        }
    return HttpResponse(encode(shown), content_type="application/json; charset=utf-8")
