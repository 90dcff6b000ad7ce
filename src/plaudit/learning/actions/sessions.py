"""Opens sessions, cancels them, and closes them once it is settled who came."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell, tell_each
from plaudit.foundation.tenancy import act
from plaudit.learning.completing import Learned, complete_all
from plaudit.learning.models import RegistrationState, Session, SessionState
from plaudit.learning.offered import day_of, offering_of
from plaudit.learning.refusals import EndsBeforeItBegins, KeyUsed, MadeOfSteps, NoPlaces
from plaudit.learning.rules.credits import minutes_attended
from plaudit.learning.seats import SEATED, hold_open_session, hold_session, session_ref
from plaudit.ledger.posting import open_books


def open_session(
    organisation_id: int,
    *,
    programme: str,
    offering: str,
    starts_at: datetime,
    ends_at: datetime,
    key: str,
    actor: str,
    place: str = "",
    places: int | None = None,
    minutes: int | None = None,
) -> Session:
    """Offer something at a time, in a place or wherever it says; the same key opens one session.

    `minutes` are of instruction, the offering's where none are given. Raises `NothingToLearn`, `MadeOfSteps`,
    `EndsBeforeItBegins`, `NoPlaces`, `KeyUsed`.
    """
    _check_shape(starts_at, ends_at, places)

    def step() -> Session:
        _, what = offering_of(organisation_id, programme, offering)
        if what.steps:
            raise MadeOfSteps(name=what.name)
        known = Session.objects.filter(organisation_id=organisation_id, key=key).first()
        if known is not None:
            if (known.programme, known.offering, known.starts_at) != (programme, offering, starts_at):
                raise KeyUsed(key=key)
            return known
        made = Session.objects.create(
            organisation_id=organisation_id,
            programme=programme,
            offering=offering,
            place=place.strip(),
            starts_at=starts_at,
            ends_at=ends_at,
            minutes=what.minutes if minutes is None else minutes,
            places=places,
            secret=secrets.token_urlsafe(18),
            key=key,
        )
        subject = session_ref(made.id)
        audit.note(actor=actor, act="session.opened", subject=subject, details={"offering": offering})
        tell(organisation_id, "session.opened", _told(made), happened_at=clock.now())
        return made

    return act(organisation_id, step)


def _check_shape(starts_at: datetime, ends_at: datetime, places: int | None) -> None:
    if ends_at <= starts_at:
        raise EndsBeforeItBegins
    if places is not None and places < 1:
        raise NoPlaces


def cancel_session(organisation_id: int, *, session_id: UUID, reason: str, actor: str) -> Session:
    """Call a session off; everybody who has or waits for a place is told. Cancelled again it stays so.

    Raises `NotOpen` for one that is closed, and `NotFound`.
    """

    def step() -> Session:
        session = hold_session(organisation_id, session_id)
        if session.state == SessionState.CANCELLED:
            return session
        session = hold_open_session(organisation_id, session_id)
        came = session.registrations.filter(state__in=(*SEATED, RegistrationState.WAITING)).order_by("id")
        told = [{**_told(session), "member": show("mem", one.member_id)} for one in came]
        came.order_by().update(state=RegistrationState.CANCELLED)
        session.state, session.taken = SessionState.CANCELLED, 0
        session.save(update_fields=["state", "taken"])
        audit.note(actor=actor, act="session.cancelled", subject=session_ref(session.id), reason=reason)
        tell_each(organisation_id, "session.cancelled", told, happened_at=clock.now())
        return session

    return act(organisation_id, step)


def close_session(organisation_id: int, *, session_id: UUID, actor: str) -> int:
    """Settle who came: everybody present has completed it, nobody else has; how many were counted now.

    Whoever came late counts the minutes that were left. Closed again it counts nobody new. Raises `NotOpen` for
    one that is cancelled, and `NotFound`.
    """

    def step() -> int:
        open_books(organisation_id)
        session = hold_session(organisation_id, session_id)
        if session.state == SessionState.CLOSED:
            return 0
        session = hold_open_session(organisation_id, session_id)
        learning, offering = offering_of(organisation_id, session.programme, session.offering)
        absent = (RegistrationState.REGISTERED, RegistrationState.WAITING)
        session.registrations.filter(state__in=absent).update(state=RegistrationState.MISSED)
        day = day_of(learning, session.starts_at)
        present = session.registrations.filter(state=RegistrationState.PRESENT)
        learned = [
            Learned(one.member_id, day, _minutes(session, one.arrived_at), session_ref(session.id))
            for one in present
        ]
        session.state = SessionState.CLOSED
        session.save(update_fields=["state"])
        counted = complete_all(organisation_id, learning, offering, learned)
        facts = {"came": len(learned), "counted": len(counted)}
        audit.note(actor=actor, act="session.closed", subject=session_ref(session.id), details=facts)
        return len(counted)

    return act(organisation_id, step)


def _minutes(session: Session, arrived_at: datetime | None) -> int:
    return minutes_attended(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        minutes=session.minutes,
        arrived_at=arrived_at,
    )


def _told(session: Session) -> dict[str, object]:
    return {
        "session": session_ref(session.id),
        "programme": session.programme,
        "offering": session.offering,
        "starts_at": session.starts_at.isoformat(),
    }
