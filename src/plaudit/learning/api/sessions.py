"""Sessions over HTTP: opened, registered for, attended, closed and called off."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import (
    After,
    Answer,
    Asked,
    Because,
    Limit,
    MemberRef,
    Moment,
    Page,
    Text,
    page,
    whole,
)
from plaudit.learning.actions.attendance import mark_present, unmark
from plaudit.learning.actions.registering import cancel_registration, register
from plaudit.learning.actions.sessions import cancel_session, close_session, open_session
from plaudit.learning.api.shapes import (
    Key,
    Minutes,
    OnlyKey,
    SessionRef,
    ShownRegistration,
    ShownSession,
    shown_registration,
    shown_session,
)
from plaudit.learning.queries.sessions import roster, session, sessions
from plaudit.learning.seats import session_id_of
from plaudit.people.queries import member_id_of

router = Router(tags=["Learning"])


class NewSession(Asked):
    """When and where something is given. `minutes` are the offering's where none are given."""

    programme: Key
    offering: Key
    starts_at: Moment
    ends_at: Moment
    place: Text = ""
    places: Annotated[int, Field(ge=1, le=100_000)] | None = None
    minutes: Minutes | None = None


class Who(Asked):
    """Whom it is about."""

    member: MemberRef


class Closed(Answer):
    """The session, and how many completions were counted by closing it."""

    session: ShownSession
    counted: int


@router.post(
    "/learning/sessions", response={201: ShownSession}, operation_id="open_session", summary="Open a session"
)
@allows(scopes=["learning:write"], to="open sessions")
def post_session(request: HttpRequest, new: NewSession) -> Status[ShownSession]:
    """Members can register for it at once."""
    actor = actor_of(request)
    made = open_session(
        actor.organisation_id,
        programme=new.programme,
        offering=new.offering,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        place=new.place,
        places=new.places,
        minutes=new.minutes,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return Status(201, shown_session(made))


@router.get(
    "/learning/sessions",
    response=Page[ShownSession],
    operation_id="list_sessions",
    summary="List sessions",
)
@allows(scopes=["learning:read"], to="read sessions")
def list_sessions(
    request: HttpRequest,
    programme: OnlyKey = "",
    offering: OnlyKey = "",
    state: Annotated[
        Literal["open", "closed", "cancelled"] | None, Field(description="In this state only.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownSession]:
    """Sessions in the order in which they were opened."""
    found = sessions(
        actor_of(request).organisation_id,
        programme=programme,
        offering=offering,
        state=state or "",
        after=read_cursor(after, one_id),
        limit=limit + 1,
    )
    return page(found, limit, shown_session, lambda one: write_cursor(one.id))


@router.get(
    "/learning/sessions/{session_id}",
    response=ShownSession,
    operation_id="get_session",
    summary="Read a session",
)
@allows(scopes=["learning:read"], to="read sessions")
def get_session(request: HttpRequest, session_id: SessionRef) -> ShownSession:
    """One session, and how many of its places are taken."""
    return shown_session(session(actor_of(request).organisation_id, session_id_of(session_id)))


@router.get(
    "/learning/sessions/{session_id}/registrations",
    response=Page[ShownRegistration],
    operation_id="list_registrations",
    summary="List who comes to a session",
)
@allows(scopes=["learning:read"], to="read sessions")
def list_registrations(request: HttpRequest, session_id: SessionRef) -> Page[ShownRegistration]:
    """Everybody who comes, waits, came, did not come or cancelled."""
    found = session(actor_of(request).organisation_id, session_id_of(session_id))
    return whole(shown_registration(seat.registration) for seat in roster(found))


@router.post(
    "/learning/sessions/{session_id}/registrations",
    response={201: ShownRegistration},
    operation_id="register_for_session",
    summary="Register a member for a session",
)
@allows(scopes=["learning:write"], to="register members")
def post_registration(request: HttpRequest, session_id: SessionRef, who: Who) -> Status[ShownRegistration]:
    """On a place, or at the end of the waiting list."""
    actor = actor_of(request)
    made = register(
        actor.organisation_id,
        session_id=session_id_of(session_id),
        member_id=member_id_of(actor.organisation_id, who.member),
        actor=actor.ref,
    )
    return Status(201, shown_registration(made))


@router.post(
    "/learning/sessions/{session_id}/registrations/cancel",
    response=ShownRegistration,
    operation_id="cancel_registration",
    summary="Cancel a registration",
)
@allows(scopes=["learning:write"], to="register members")
def post_cancellation(request: HttpRequest, session_id: SessionRef, who: Who) -> ShownRegistration:
    """Whoever has waited longest gets the place."""
    actor = actor_of(request)
    made = cancel_registration(
        actor.organisation_id,
        session_id=session_id_of(session_id),
        member_id=member_id_of(actor.organisation_id, who.member),
        actor=actor.ref,
    )
    return shown_registration(made)


@router.post(
    "/learning/sessions/{session_id}/attendance",
    response=ShownRegistration,
    operation_id="mark_present",
    summary="Note that a member is there",
)
@allows(scopes=["learning:write"], to="take attendance")
def post_attendance(request: HttpRequest, session_id: SessionRef, who: Who) -> ShownRegistration:
    """Who was not registered walked in, and counts the minutes that are left."""
    actor = actor_of(request)
    made = mark_present(
        actor.organisation_id,
        session_id=session_id_of(session_id),
        member_id=member_id_of(actor.organisation_id, who.member),
        actor=actor.ref,
    )
    return shown_registration(made)


@router.post(
    "/learning/sessions/{session_id}/attendance/undo",
    response=ShownRegistration,
    operation_id="unmark_present",
    summary="Take back that a member is there",
)
@allows(scopes=["learning:write"], to="take attendance")
def post_absence(request: HttpRequest, session_id: SessionRef, who: Who) -> ShownRegistration:
    """They are registered, as before."""
    actor = actor_of(request)
    made = unmark(
        actor.organisation_id,
        session_id=session_id_of(session_id),
        member_id=member_id_of(actor.organisation_id, who.member),
        actor=actor.ref,
    )
    return shown_registration(made)


@router.post(
    "/learning/sessions/{session_id}/close",
    response=Closed,
    operation_id="close_session",
    summary="Close a session",
)
@allows(scopes=["learning:write"], to="close sessions")
def post_close(request: HttpRequest, session_id: SessionRef) -> Closed:
    """Everybody present has completed it, which earns; nobody else has."""
    actor = actor_of(request)
    counted = close_session(actor.organisation_id, session_id=session_id_of(session_id), actor=actor.ref)
    found = session(actor.organisation_id, session_id_of(session_id))
    return Closed(session=shown_session(found), counted=counted)


@router.post(
    "/learning/sessions/{session_id}/cancel",
    response=ShownSession,
    operation_id="cancel_session",
    summary="Call a session off",
)
@allows(scopes=["learning:write"], to="open sessions")
def post_calling_off(request: HttpRequest, session_id: SessionRef, because: Because) -> ShownSession:
    """Everybody who has a place or waits for one is told."""
    actor = actor_of(request)
    cancelled = cancel_session(
        actor.organisation_id,
        session_id=session_id_of(session_id),
        reason=because.reason,
        actor=actor.ref,
    )
    return shown_session(cancelled)
