"""What learning answers: offerings, sessions, registrations, completions, certificates and claims."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from plaudit.foundation.api.shapes import Answer
from plaudit.foundation.ids import show
from plaudit.learning.completing import completion_ref
from plaudit.learning.definitions import Learning, Offering
from plaudit.learning.models import Certificate, Claim, Completion, Registration, Session
from plaudit.learning.rules.credits import credits_of
from plaudit.learning.rules.steps import minutes_in
from plaudit.learning.seats import session_ref

SessionRef = Annotated[str, Field(max_length=100, description="A session, `ssn_…`.")]
CompletionRef = Annotated[str, Field(max_length=100, description="A completion, `cpl_…`.")]
Key = Annotated[str, Field(max_length=50, description="A key of the programme file.")]
OnlyKey = Annotated[
    str, Field(max_length=50, description="A key of the programme file; any, where none is named.")
]
Minutes = Annotated[int, Field(ge=0, le=100_000, description="Minutes of instruction.")]


class ShownOffering(Answer):
    """Something to learn. `credits` are what its minutes make by themselves, or those of all its steps.

    `activity` is the address by which statements of the Experience API speak of it, and `move_on` what they must say.
    """

    programme: str
    offering: str
    name: str
    kind: str
    description: str
    provider: str
    partner: str
    minutes: int
    credits: int
    counts: str
    certificate: bool
    certificate_months: int
    after: list[str]
    steps: list[str]
    renewal: list[str]
    needed_by: list[str]
    claim: bool
    activity: str
    move_on: str


class ShownSession(Answer):
    """A session. `places` is null where there is room for everybody."""

    id: str
    programme: str
    offering: str
    place: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    places: int | None
    taken: int
    state: Literal["open", "closed", "cancelled"]


class ShownRegistration(Answer):
    """Somebody's registration for a session, and whether they came."""

    session: str
    member: str
    state: Literal["registered", "waiting", "present", "missed", "cancelled"]
    asked_at: datetime
    arrived_at: datetime | None
    walked_in: bool


class ShownCompletion(Answer):
    """That a member completed something; `credits` are what its minutes make by themselves."""

    id: str
    member: str
    programme: str
    offering: str
    completed_on: date
    minutes: int
    credits: int
    withdrawn_at: datetime | None
    reason: str


class ShownCertificate(Answer):
    """What shows that something was completed, through `last_day`, null for ever."""

    id: str
    completion: str
    member: str
    programme: str
    offering: str
    name: str
    issued_on: date
    last_day: date | None
    revoked_at: datetime | None
    reason: str


class ShownClaim(Answer):
    """What a member says they learned, and what was decided."""

    id: str
    member: str
    programme: str
    offering: str
    done_on: date
    minutes: int
    words: str
    has_proof: bool
    state: Literal["waiting", "approved", "declined"]
    claimed_at: datetime
    answer: str


def shown_offering(learning: Learning, one: Offering) -> ShownOffering:
    """An offering as the API answers it."""
    return ShownOffering(
        programme=learning.programme,
        offering=one.key,
        name=one.name,
        kind=one.kind.value,
        description=one.description,
        provider=one.provider,
        partner=one.partner,
        minutes=one.minutes,
        credits=credits_of([minutes_in(learning, one)]),
        counts=one.counts.value,
        certificate=one.has_certificate,
        certificate_months=one.certificate_months,
        after=list(one.after),
        steps=list(one.steps),
        renewal=list(one.renewal),
        needed_by=list(one.needed_by),
        claim=one.claim,
        activity=one.activity,
        move_on=one.move_on.value,
    )


def shown_session(one: Session) -> ShownSession:
    """A session as the API answers it."""
    return ShownSession(
        id=session_ref(one.id),
        programme=one.programme,
        offering=one.offering,
        place=one.place,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        minutes=one.minutes,
        places=one.places,
        taken=one.taken,
        state=one.state,  # type: ignore[arg-type]  # one of the choices
    )


def shown_registration(one: Registration) -> ShownRegistration:
    """A registration as the API answers it."""
    return ShownRegistration(
        session=session_ref(one.session_id),
        member=show("mem", one.member_id),
        state=one.state,  # type: ignore[arg-type]  # one of the choices
        asked_at=one.asked_at,
        arrived_at=one.arrived_at,
        walked_in=one.walked_in,
    )


def shown_completion(one: Completion) -> ShownCompletion:
    """A completion as the API answers it."""
    return ShownCompletion(
        id=completion_ref(one.id),
        member=show("mem", one.member_id),
        programme=one.programme,
        offering=one.offering,
        completed_on=one.completed_on,
        minutes=one.minutes,
        credits=credits_of([one.minutes]),
        withdrawn_at=one.withdrawn_at,
        reason=one.reason,
    )


def shown_certificate(one: Certificate) -> ShownCertificate:
    """A certificate as the API answers it."""
    return ShownCertificate(
        id=show("crt", one.id),
        completion=completion_ref(one.completion_id),
        member=show("mem", one.member_id),
        programme=one.programme,
        offering=one.offering,
        name=one.name,
        issued_on=one.issued_on,
        last_day=one.last_day,
        revoked_at=one.revoked_at,
        reason=one.reason,
    )


def shown_claim(one: Claim) -> ShownClaim:
    """A claim as the API answers it, without what proves it."""
    return ShownClaim(
        id=show("lcl", one.id),
        member=show("mem", one.member_id),
        programme=one.programme,
        offering=one.offering,
        done_on=one.done_on,
        minutes=one.minutes,
        words=one.words,
        has_proof=bool(one.digest),
        state=one.state,  # type: ignore[arg-type]  # one of the choices
        claimed_at=one.claimed_at,
        answer=one.answer,
    )
