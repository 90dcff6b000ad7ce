"""Answers about sessions: which there are, who comes, and who came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from plaudit.foundation.refusals import NotFound
from plaudit.learning.models import Registration, RegistrationState, Session, SessionState
from plaudit.learning.seats import session_ref
from plaudit.people.models import Member


def session(organisation_id: int, session_id: UUID) -> Session:
    """One session. Raises `NotFound`."""
    found = Session.objects.filter(organisation_id=organisation_id, id=session_id).first()
    if found is None:
        raise NotFound(kind="session", ref=session_ref(session_id))
    return found


def sessions(
    organisation_id: int,
    *,
    programme: str = "",
    offering: str = "",
    state: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[Session]:
    """Sessions in the order in which they were opened."""
    found = Session.objects.filter(organisation_id=organisation_id)
    wanted = {"programme": programme, "offering": offering, "state": state}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.order_by("id")[:limit])


def sessions_to_come(organisation_id: int, *, since: datetime, limit: int = 200) -> list[Session]:
    """Open sessions that have not ended yet, the next first."""
    found = Session.objects.filter(
        organisation_id=organisation_id, state=SessionState.OPEN, ends_at__gt=since
    )
    return list(found.order_by("starts_at", "id")[:limit])


@dataclass(frozen=True, slots=True)
class Seat:
    """One line of a roster: the registration, and who that is; None for somebody who was erased."""

    registration: Registration
    member: Member | None


def roster(session: Session, *, limit: int = 1_000) -> list[Seat]:
    """Everybody who comes, waits, came or did not, by name; those who cancelled last."""
    rows = list(session.registrations.order_by("asked_at", "id")[:limit])
    who = Member.objects.filter(organisation_id=session.organisation_id).in_bulk(
        [row.member_id for row in rows]
    )
    seats = [Seat(row, who.get(row.member_id)) for row in rows]
    last = RegistrationState.CANCELLED
    return sorted(
        seats,
        key=lambda seat: (
            seat.registration.state == last,
            seat.registration.state == RegistrationState.WAITING,
            seat.member.name.casefold() if seat.member else "",
        ),
    )


def how_many(organisation_id: int, sessions: Collection[UUID]) -> dict[UUID, Counter[str]]:
    """How many registrations each of these sessions has, state by state."""
    rows = Registration.objects.filter(organisation_id=organisation_id, session_id__in=sessions)
    found: dict[UUID, Counter[str]] = {}
    for row in rows.values("session_id", "state").annotate(count=Count("id")):
        found.setdefault(row["session_id"], Counter())[row["state"]] = row["count"]
    return found


def registrations_of(
    organisation_id: int, members: Collection[UUID], *, limit: int = 200
) -> list[Registration]:
    """Where these members come, wait, came or did not, with the sessions, the newest first."""
    found = Registration.objects.filter(organisation_id=organisation_id, member_id__in=members)
    return list(found.select_related("session").order_by("-session__starts_at", "-id")[:limit])
