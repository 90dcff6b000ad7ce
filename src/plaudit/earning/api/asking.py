"""GET /events: what was recorded, page by page or one, and why it earned what it did."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from plaudit.activity.queries import booked_event, booked_events
from plaudit.earning.api.events import router
from plaudit.earning.api.shapes import (
    EventRef,
    ExplainedEvent,
    ShownEvent,
    shown_event,
    shown_explanation,
)
from plaudit.earning.explaining import explain_event
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Limit, MemberRef, Page
from plaudit.foundation.ids import read
from plaudit.people.queries import member as member_named

TypeName = Annotated[str, Field(min_length=1, max_length=255, description="An activity type, by its name.")]


@router.get(
    "/events", response=Page[ShownEvent], operation_id="list_events", summary="List activity, newest first"
)
@allows(scopes=["activity:read"], to="read activity")
def list_events(
    request: HttpRequest,
    member: MemberRef | None = None,
    type: TypeName | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownEvent]:
    """Events as they were recorded: of one member, of one type, or all.

    For a type that is rare a page may be short, or even empty, and not the last: go on while `has_more`.
    """
    organisation_id = actor_of(request).organisation_id
    found = booked_events(
        organisation_id,
        member_id=member_named(organisation_id, member).id if member is not None else None,
        type=type,
        before=read_cursor(after, one_id),
        limit=limit,
    )
    return Page[ShownEvent](
        items=[shown_event(event) for event in found.events],
        has_more=found.older is not None,
        next=write_cursor(found.older) if found.older is not None else None,
    )


@router.get(
    "/events/{event}", response=ShownEvent, operation_id="get_event", summary="Read one event as recorded"
)
@allows(scopes=["activity:read"], to="read activity")
def get_event(request: HttpRequest, event: EventRef) -> ShownEvent:
    """One event, with its data as it was sent, to the last digit."""
    return shown_event(booked_event(actor_of(request).organisation_id, _event_id(event)))


@router.get(
    "/events/{event}/explanation",
    response=ExplainedEvent,
    operation_id="explain_event",
    summary="Explain what one event earned",
)
@allows(scopes=["activity:read"], to="read activity")
def get_explanation(request: HttpRequest, event: EventRef) -> ExplainedEvent:
    """What every rule in force then made of the event: its verdict, its arithmetic, what would change it."""
    organisation_id, event_id = actor_of(request).organisation_id, _event_id(event)
    return ExplainedEvent(
        event=shown_event(booked_event(organisation_id, event_id)),
        explanation=shown_explanation(explain_event(organisation_id, event_id)),
    )


def _event_id(reference: str) -> UUID:
    return read("act", reference, kind="activity")
