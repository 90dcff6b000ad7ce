"""Nominations over HTTP: asking, deciding as a second person, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Limit, MemberRef, Page, page
from plaudit.foundation.ids import new_id, read, show
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member_id_of
from plaudit.recognition.actions.nominating import (
    ANSWER_MAX,
    Wish,
    approve_nomination,
    decline_nomination,
    nominate,
    withdraw_nomination,
)
from plaudit.recognition.actions.recognise import WORDS_MAX
from plaudit.recognition.api.giving import Key
from plaudit.recognition.models import Nomination, NominationState
from plaudit.recognition.queries.nominations import nomination, nominations

router = Router(tags=["Recognition"])

NominationRef = Annotated[str, Field(max_length=40, description="A nomination: `nom_…`.")]
Points = Annotated[int, Field(ge=0, le=10**15, description="In the unit's smallest part.")]
Words = Annotated[str, Field(max_length=ANSWER_MAX)]


class NewNomination(Asked):
    """Who asks that somebody be recognised for a behaviour with so many points, and why."""

    nominator: MemberRef
    nominee: MemberRef
    behaviour: Key
    words: Annotated[str, Field(min_length=1, max_length=WORDS_MAX)]
    points: Points
    programme: Key = ""


class Approval(Asked):
    """Who approves, a third person; with other points where they are named, and then why."""

    decider: MemberRef
    points: Points | None = None
    answer: Words = ""


class Declining(Asked):
    """Who says no, a third person, and why."""

    decider: MemberRef
    answer: Annotated[str, Field(min_length=1, max_length=ANSWER_MAX)]


class ShownNomination(Answer):
    """What was asked for and what was decided. `granted` is null until points were given."""

    id: str
    programme: str
    nominator: str
    nominee: str
    behaviour: str
    words: str
    unit: str
    points: int
    granted: int | None
    state: NominationState
    asked_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    answer: str
    recognition: str | None


@router.post(
    "/nominations",
    response={201: ShownNomination},
    operation_id="nominate",
    summary="Nominate somebody",
)
@allows(scopes=["recognition:write"], to="nominate")
def post_nomination(request: HttpRequest, new: NewNomination) -> Status[ShownNomination]:
    """For more than an allowance gives. It waits for a third person for thirty days."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        nominator_id = member_id_of(actor.organisation_id, new.nominator)
        nominee_id = member_id_of(actor.organisation_id, new.nominee)
    wish = Wish(
        member_id=nominee_id,
        behaviour=new.behaviour,
        words=new.words,
        points=new.points,
        programme=new.programme,
        key=str(new_id()),
    )
    made = nominate(actor.organisation_id, wish, nominator_id=nominator_id, actor=actor.ref)
    return Status(201, _shown(made))


@router.get(
    "/nominations",
    response=Page[ShownNomination],
    operation_id="list_nominations",
    summary="List nominations",
)
@allows(scopes=["recognition:read"], to="read nominations")
def list_nominations(request: HttpRequest, after: After = None, limit: Limit = 50) -> Page[ShownNomination]:
    """All of them, the newest first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = nominations(organisation_id, before=read_cursor(after, one_id), limit=limit + 1)
    return page(found, limit, _shown, lambda one: write_cursor(one.id))


@router.get(
    "/nominations/{nomination}",
    response=ShownNomination,
    operation_id="show_nomination",
    summary="Show a nomination",
)
@allows(scopes=["recognition:read"], to="read nominations")
def get_nomination(request: HttpRequest, nomination: NominationRef) -> ShownNomination:
    """One of them."""
    return _found(actor_of(request).organisation_id, nomination)


@router.post(
    "/nominations/{nomination}/approve",
    response=ShownNomination,
    operation_id="approve_nomination",
    summary="Approve a nomination",
)
@allows(scopes=["recognition:write"], to="approve nominations")
def post_approval(request: HttpRequest, nomination: NominationRef, by: Approval) -> ShownNomination:
    """As whoever leads a team of the nominee, or stands in for who does. Points come from the programme's budget."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        decider_id = member_id_of(actor.organisation_id, by.decider)
    approve_nomination(
        actor.organisation_id,
        read("nom", nomination, kind="nomination"),
        decider_id=decider_id,
        points=by.points,
        answer=by.answer,
        actor=actor.ref,
    )
    return _found(actor.organisation_id, nomination)


@router.post(
    "/nominations/{nomination}/decline",
    response=ShownNomination,
    operation_id="decline_nomination",
    summary="Decline a nomination",
)
@allows(scopes=["recognition:write"], to="decline nominations")
def post_declining(request: HttpRequest, nomination: NominationRef, by: Declining) -> ShownNomination:
    """As whoever leads a team of the nominee, or stands in for who does; the nominator reads why."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        decider_id = member_id_of(actor.organisation_id, by.decider)
    decline_nomination(
        actor.organisation_id,
        read("nom", nomination, kind="nomination"),
        decider_id=decider_id,
        answer=by.answer,
        actor=actor.ref,
    )
    return _found(actor.organisation_id, nomination)


@router.post(
    "/nominations/{nomination}/withdraw",
    response=ShownNomination,
    operation_id="withdraw_nomination",
    summary="Withdraw a nomination",
)
@allows(scopes=["recognition:write"], to="withdraw nominations")
def post_withdrawal(request: HttpRequest, nomination: NominationRef) -> ShownNomination:
    """For whoever asked."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        one = _one(actor.organisation_id, nomination)
    withdraw_nomination(actor.organisation_id, one.id, nominator_id=one.nominator_id, actor=actor.ref)
    return _found(actor.organisation_id, nomination)


def _one(organisation_id: int, reference: str) -> Nomination:
    return nomination(organisation_id, read("nom", reference, kind="nomination"))


def _found(organisation_id: int, reference: str) -> ShownNomination:
    with in_organisation(organisation_id):
        return _shown(_one(organisation_id, reference))


def _shown(one: Nomination) -> ShownNomination:
    return ShownNomination(
        id=show("nom", one.id),
        programme=one.programme,
        nominator=show("mem", one.nominator_id),
        nominee=show("mem", one.member_id),
        behaviour=one.behaviour,
        words=one.words,
        unit=one.unit,
        points=one.points,
        granted=one.granted,
        state=NominationState(one.state),
        asked_at=one.asked_at,
        expires_at=one.expires_at,
        decided_at=one.decided_at,
        answer=one.answer,
        recognition=show("rcg", one.recognition_id) if one.recognition_id is not None else None,
    )
