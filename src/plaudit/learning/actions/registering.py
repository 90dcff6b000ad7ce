"""Registers members for sessions, on a place or on the waiting list, and cancels that again."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import act
from plaudit.learning.completing import done_by
from plaudit.learning.models import Registration, RegistrationState, Session
from plaudit.learning.offered import offering_of
from plaudit.learning.refusals import FirstLearn, NotRegistered
from plaudit.learning.rules.steps import prerequisites_missing
from plaudit.learning.seats import (
    SEATED,
    give_back_place,
    has_room,
    hold_open_session,
    session_ref,
    take_place,
)
from plaudit.people.actions.members import locked_member


def register(organisation_id: int, *, session_id: UUID, member_id: UUID, actor: str) -> Registration:
    """Give a member a place, or the last place on the waiting list. Registered again changes nothing.

    Raises `NotOpen`, `FirstLearn`, `NotFound`, and as `locked_member` does.
    """

    def step() -> Registration:
        locked_member(organisation_id, member_id)
        session = hold_open_session(organisation_id, session_id)
        _check_prerequisites(organisation_id, session, member_id)
        mine = session.registrations.filter(member_id=member_id).first()
        if mine is not None and mine.state != RegistrationState.CANCELLED:
            return mine
        state = RegistrationState.REGISTERED if has_room(session) else RegistrationState.WAITING
        if state == RegistrationState.REGISTERED:
            take_place(session)
        mine, _ = Registration.objects.update_or_create(
            session=session,
            member_id=member_id,
            defaults={
                "organisation_id": organisation_id,
                "state": state,
                "asked_at": clock.now(),
                "arrived_at": None,
            },
        )
        _note(session, member_id, "session.registered", actor)
        return mine

    return act(organisation_id, step)


def cancel_registration(
    organisation_id: int, *, session_id: UUID, member_id: UUID, actor: str
) -> Registration:
    """Give a place back, or stop waiting; whoever has waited longest moves up. Cancelled again it stays so.

    Raises `NotOpen`, `NotRegistered`, `NotFound`.
    """

    def step() -> Registration:
        session = hold_open_session(organisation_id, session_id)
        mine = session.registrations.filter(member_id=member_id).first()
        if mine is None or mine.state == RegistrationState.PRESENT:
            raise NotRegistered
        before = mine.state
        if before == RegistrationState.CANCELLED:
            return mine
        mine.state = RegistrationState.CANCELLED
        mine.save(update_fields=["state"])
        if before in SEATED:
            give_back_place(session)
        _note(session, member_id, "session.unregistered", actor)
        return mine

    return act(organisation_id, step)


def _check_prerequisites(organisation_id: int, session: Session, member_id: UUID) -> None:
    learning, offering = offering_of(organisation_id, session.programme, session.offering)
    if not offering.after:
        return
    done = done_by(organisation_id, learning, [member_id]).get(member_id, [])
    missing = prerequisites_missing(offering, [one.offering for one in done])
    if missing:
        named = [found.name for key in missing if (found := learning.offering(key)) is not None]
        raise FirstLearn(name=offering.name, missing=", ".join(named))


def _note(session: Session, member_id: UUID, act: str, actor: str) -> None:
    details = {"session": session_ref(session.id)}
    audit.note(actor=actor, act=act, subject=show("mem", member_id), details=details)
