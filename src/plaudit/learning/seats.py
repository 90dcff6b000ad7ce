"""Sessions under lock, their places, and who waits for one.

Every function here is called inside an action.
"""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.ids import read, show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.learning.models import Registration, RegistrationState, Session, SessionState
from plaudit.learning.refusals import NotOpen

SEATED = (RegistrationState.REGISTERED, RegistrationState.PRESENT)
"""Whoever holds a place."""


def session_ref(session_id: UUID) -> str:
    """How people and programs name a session."""
    return show("ssn", session_id)


def session_id_of(reference: str) -> UUID:
    """The id behind `ssn_…`. Raises `NotFound`."""
    return read("ssn", reference, kind="session")


def hold_session(organisation_id: int, session_id: UUID) -> Session:
    """The session under lock until the transaction ends. Raises `NotFound`."""
    found = Session.objects.select_for_update().filter(organisation_id=organisation_id, id=session_id).first()
    if found is None:
        raise NotFound(kind="session", ref=session_ref(session_id))
    return found


def hold_open_session(organisation_id: int, session_id: UUID) -> Session:
    """The session under lock. Raises `NotOpen` where it is closed or cancelled, and `NotFound`."""
    session = hold_session(organisation_id, session_id)
    if session.state != SessionState.OPEN:
        raise NotOpen(state=session.state)
    return session


def has_room(session: Session) -> bool:
    """Whether a place is left."""
    return session.places is None or session.taken < session.places


def take_place(session: Session) -> None:
    """Take one of the places of a session that is locked."""
    session.taken += 1
    session.save(update_fields=["taken"])


def give_back_place(session: Session) -> None:
    """Let a place go; whoever has waited longest gets it, and is told."""
    session.taken -= 1
    waiting = session.registrations.filter(state=RegistrationState.WAITING)
    first: Registration | None = waiting.order_by("asked_at", "id").first()
    if first is not None and has_room(session):
        first.state = RegistrationState.REGISTERED
        first.save(update_fields=["state"])
        session.taken += 1
        told = {
            "member": show("mem", first.member_id),
            "session": session_ref(session.id),
            "programme": session.programme,
            "offering": session.offering,
        }
        tell(session.organisation_id, "session.place_free", told, happened_at=clock.now())
    session.save(update_fields=["taken"])
