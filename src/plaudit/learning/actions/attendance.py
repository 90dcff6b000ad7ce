"""Takes attendance: by the roster, by the code on the door, and of whoever walks in."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.learning.models import Registration, RegistrationState, Session, SessionState
from plaudit.learning.refusals import NotRegistered
from plaudit.learning.seats import SEATED, has_room, hold_open_session, session_ref, take_place
from plaudit.people.actions.members import locked_member

ROSTER, CODE = "roster", "code"


def mark_present(
    organisation_id: int, *, session_id: UUID, member_id: UUID, actor: str, seen_by: str = ROSTER
) -> Registration:
    """Note that a member is there, from now. Who was not registered walked in. Marked again changes nothing.

    Whoever stands in the door is let in: with no place left a walk-in takes one beside them. By the roster nobody
    notes a moment, so everything counts; by the code it is that of the tap. Raises `NotOpen`, `NotFound`, and as
    `locked_member` does.
    """

    def step() -> Registration:
        locked_member(organisation_id, member_id)
        session = hold_open_session(organisation_id, session_id)
        mine = session.registrations.filter(member_id=member_id).first()
        if mine is not None and mine.state == RegistrationState.PRESENT:
            return mine
        if mine is None or mine.state not in SEATED:
            _seat(session)
        walked_in = mine is None or mine.state == RegistrationState.CANCELLED
        mine, _ = Registration.objects.update_or_create(
            session=session,
            member_id=member_id,
            defaults={
                "state": RegistrationState.PRESENT,
                "arrived_at": clock.now() if seen_by == CODE or walked_in else None,
                "seen_by": seen_by,
                "walked_in": walked_in,
            },
            create_defaults={
                "organisation_id": organisation_id,
                "state": RegistrationState.PRESENT,
                "asked_at": clock.now(),
                "arrived_at": clock.now(),
                "seen_by": seen_by,
                "walked_in": True,
            },
        )
        details = {"session": session_ref(session.id), "seen_by": seen_by}
        audit.note(actor=actor, act="session.attended", subject=show("mem", member_id), details=details)
        return mine

    return act(organisation_id, step)


def _seat(session: Session) -> None:
    """A place for somebody who is there; one more where none is left, for nobody is sent away."""
    if not has_room(session):
        assert session.places is not None, "there is always room in a session without places"
        session.places += 1
        session.save(update_fields=["places"])
    take_place(session)


def unmark(organisation_id: int, *, session_id: UUID, member_id: UUID, actor: str) -> Registration:
    """Take back that a member is there: they are registered, as before. Raises `NotOpen`, `NotRegistered`."""

    def step() -> Registration:
        session = hold_open_session(organisation_id, session_id)
        mine = session.registrations.filter(member_id=member_id).first()
        if mine is None or mine.state not in SEATED:
            raise NotRegistered
        mine.state, mine.arrived_at, mine.seen_by = RegistrationState.REGISTERED, None, ""
        mine.save(update_fields=["state", "arrived_at", "seen_by"])
        details = {"session": session_ref(session.id)}
        audit.note(actor=actor, act="session.unattended", subject=show("mem", member_id), details=details)
        return mine

    return act(organisation_id, step)


def check_in(organisation_id: int, *, secret: str, member_id: UUID, actor: str) -> Registration:
    """Mark the member present who opened the code of a session. Raises `NotFound` for a code of none that is open."""

    def step() -> Registration:
        session = Session.objects.filter(
            organisation_id=organisation_id, secret=secret, state=SessionState.OPEN
        ).first()
        if session is None:
            raise NotFound(kind="session", ref=secret[:40])
        return mark_present(
            organisation_id, session_id=session.id, member_id=member_id, actor=actor, seen_by=CODE
        )

    return act(organisation_id, step)
