"""Recognising people over HTTP, and what was given."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
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
    page,
    whole,
)
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member as member_named
from plaudit.people.queries import member_id_of, member_ids_of
from plaudit.recognition.actions.recognise import RECIPIENTS_MAX, WORDS_MAX, Giving, recognise
from plaudit.recognition.actions.taking_back import take_back, undo
from plaudit.recognition.definitions import Source, Standard
from plaudit.recognition.published import standard_for, standards
from plaudit.recognition.queries.feed import Seen, recognition, recognitions
from plaudit.recognition.queries.limits import left_of
from plaudit.recognition.refusals import NoStandard

router = Router(tags=["Recognition"])

Key = Annotated[str, Field(max_length=50, description="A key of the programme file.")]
RecognitionRef = Annotated[str, Field(max_length=40, description="A recognition: `rcg_…`.")]


class ShownBehaviour(Answer):
    """Something that can be observed, and what recognising it gives, in the unit's smallest part."""

    key: str
    name: str
    means: str
    examples: list[str]
    points: int


class ShownStandard(Answer):
    """A programme's behaviour standard, and the bounds of giving by it."""

    programme: str
    name: str
    unit: str
    behaviours: list[ShownBehaviour]
    supervisors: int
    colleagues: int
    every: str
    per_pair: int
    per_day: int
    undo_minutes: int
    audience: list[str]


class NewRecognition(Asked):
    """Who recognises whom for which behaviour. Without a giver it is the system's word and has no points."""

    recipients: Annotated[list[MemberRef], Field(min_length=1, max_length=RECIPIENTS_MAX)]
    behaviour: Key
    giver: MemberRef | None = None
    programme: Key = ""
    words: Annotated[str, Field(max_length=WORDS_MAX)] = ""
    points: Annotated[bool, Field(description="Whether the behaviour's points go along.")] = True
    deed_at: Annotated[Moment | None, Field(description="When the deed was, where it is known.")] = None


class ShownRecipient(Answer):
    """Somebody who was recognised, and who else may see it: private, team or everyone."""

    member: str
    visible: str


class ShownRecognition(Answer):
    """One act of noticing. `points` is what each recipient got; `ended_at` is when it was taken back."""

    id: str
    programme: str
    behaviour: str
    giver: str | None
    given_by: Source
    given_at: datetime
    deed_at: datetime | None
    points: int
    unit: str
    words: str
    recipients: list[ShownRecipient]
    ended_at: datetime | None
    reason: str


class ShownAllowance(Answer):
    """What a member may still give in a period, in the unit's smallest part."""

    programme: str
    unit: str
    period: str
    allowance: int
    used: int
    left: int


@router.get(
    "/behaviour-standards",
    response=Page[ShownStandard],
    operation_id="list_behaviour_standards",
    summary="List what is recognised",
)
@allows(scopes=["recognition:read"], to="read behaviour standards")
def list_standards(request: HttpRequest) -> Page[ShownStandard]:
    """The behaviours that each programme in force recognises, and the bounds of giving."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_standard(one) for one in standards(organisation_id))


@router.post(
    "/recognitions",
    response={201: ShownRecognition},
    operation_id="recognise",
    summary="Recognise people",
)
@allows(scopes=["recognition:write"], to="recognise")
def post_recognition(request: HttpRequest, new: NewRecognition) -> Status[ShownRecognition]:
    """Recognise one or several for a behaviour. The points come from the giver's allowance, all or nothing."""
    actor = actor_of(request)
    organisation_id = actor.organisation_id
    with in_organisation(organisation_id):
        recipients = member_ids_of(organisation_id, new.recipients)
        giver_id = member_id_of(organisation_id, new.giver) if new.giver is not None else None
    made = recognise(
        organisation_id,
        Giving(
            recipients=tuple(recipients.values()),
            behaviour=new.behaviour,
            programme=new.programme,
            words=new.words,
            with_points=new.points,
            deed_at=new.deed_at,
        ),
        giver_id=giver_id,
        actor=actor.ref,
    )
    with in_organisation(organisation_id):
        return Status(201, _shown(recognition(organisation_id, made.id)))


@router.get(
    "/recognitions",
    response=Page[ShownRecognition],
    operation_id="list_recognitions",
    summary="List recognitions",
)
@allows(scopes=["recognition:read"], to="read recognitions")
def list_recognitions(
    request: HttpRequest,
    member: MemberRef | None = None,
    giver: MemberRef | None = None,
    given_by: Annotated[Source | None, Field(description="From this kind of giver only.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownRecognition]:
    """What was given, the newest first, also what was taken back: to one member, or by one, where named."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = recognitions(
            organisation_id,
            member_id=member_named(organisation_id, member).id if member is not None else None,
            giver_id=member_named(organisation_id, giver).id if giver is not None else None,
            source=given_by,
            before=read_cursor(after, one_id),
            limit=limit + 1,
        )
    return page(found, limit, _shown, lambda one: write_cursor(one.id))


@router.get(
    "/recognitions/{recognition}",
    response=ShownRecognition,
    operation_id="show_recognition",
    summary="Show a recognition",
)
@allows(scopes=["recognition:read"], to="read recognitions")
def get_recognition(request: HttpRequest, recognition: RecognitionRef) -> ShownRecognition:
    """One of them, with every recipient."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return _found(organisation_id, recognition)


@router.post(
    "/recognitions/{recognition}/undo",
    response=ShownRecognition,
    operation_id="undo_recognition",
    summary="Undo a recognition",
)
@allows(scopes=["recognition:write"], to="undo recognitions")
def post_undo(request: HttpRequest, recognition: RecognitionRef) -> ShownRecognition:
    """As if it had never been, within the minutes of the standard: the allowance has it again."""
    actor = actor_of(request)
    recognition_id = read("rcg", recognition, kind="recognition")
    undo(actor.organisation_id, recognition_id, actor=actor.ref)
    with in_organisation(actor.organisation_id):
        return _found(actor.organisation_id, recognition)


@router.post(
    "/recognitions/{recognition}/take-back",
    response=ShownRecognition,
    operation_id="take_back_recognition",
    summary="Take a recognition back",
)
@allows(scopes=["recognition:write"], to="take recognitions back")
def post_take_back(request: HttpRequest, recognition: RecognitionRef, why: Because) -> ShownRecognition:
    """What it gave is taken back exactly, with a reason that its recipients may read. The allowance stays used."""
    actor = actor_of(request)
    recognition_id = read("rcg", recognition, kind="recognition")
    take_back(actor.organisation_id, recognition_id, reason=why.reason, actor=actor.ref)
    with in_organisation(actor.organisation_id):
        return _found(actor.organisation_id, recognition)


@router.get(
    "/members/{member}/allowance",
    response=ShownAllowance,
    operation_id="show_allowance",
    summary="Show what a member may give",
)
@allows(scopes=["recognition:read"], to="read allowances")
def get_allowance(request: HttpRequest, member: MemberRef, programme: Key = "") -> ShownAllowance:
    """What is left of a member's allowance in the period that is running."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        member_id = member_named(organisation_id, member).id
        try:
            standard = standard_for(organisation_id, programme)
        except NoStandard:
            raise NotFound(kind="behaviour standard", ref=programme) from None
        found = left_of(organisation_id, standard, member_id)
    return ShownAllowance(
        programme=found.programme,
        unit=found.unit,
        period=found.period,
        allowance=found.allowance,
        used=found.used,
        left=found.left,
    )


def _found(organisation_id: int, reference: str) -> ShownRecognition:
    return _shown(recognition(organisation_id, read("rcg", reference, kind="recognition")))


def _standard(one: Standard) -> ShownStandard:
    return ShownStandard(
        programme=one.programme,
        name=one.name,
        unit=one.unit,
        behaviours=[
            ShownBehaviour(
                key=each.key,
                name=each.name,
                means=each.means,
                examples=list(each.examples),
                points=each.points,
            )
            for each in one.behaviours
        ],
        supervisors=one.supervisors,
        colleagues=one.colleagues,
        every=one.every.value,
        per_pair=one.per_pair,
        per_day=one.per_day,
        undo_minutes=one.undo_minutes,
        audience=list(one.audience),
    )


_VISIBLE = ("private", "team", "everyone")


def _shown(one: Seen) -> ShownRecognition:
    return ShownRecognition(
        id=show("rcg", one.id),
        programme=one.programme,
        behaviour=one.behaviour,
        giver=show("mem", one.giver_id) if one.giver_id is not None else None,
        given_by=Source(one.source),
        given_at=one.given_at,
        deed_at=one.deed_at,
        points=one.points,
        unit=one.unit,
        words=one.words,
        recipients=[
            ShownRecipient(member=show("mem", each.id), visible=_VISIBLE[each.visible])
            for each in one.recipients
        ],
        ended_at=one.ended_at,
        reason=one.reason,
    )
