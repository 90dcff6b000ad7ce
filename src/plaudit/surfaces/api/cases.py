"""Questions and claims over HTTP: opened, listed, given to somebody, answered, put right, ended."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field, WithJsonSchema

from plaudit.cases.actions.answering import answer, assign, reply, withdraw
from plaudit.cases.actions.opening import claim, question
from plaudit.cases.correcting import Correction, Missing, Points
from plaudit.cases.models import Case, Message
from plaudit.cases.queries import case, cases, today
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Limit, MemberRef, Page, Text, page
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.questioned import words_at
from plaudit.people.queries import member_id_of

router = Router(tags=["Cases"])

CaseRef = Annotated[str, Field(max_length=40, description="A case: `cse_…`.")]
Words = Annotated[str, Field(min_length=1, max_length=2_000)]
State = Literal["open", "answered", "settled", "withdrawn"]

_VALUE = {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]}
Data = Annotated[
    dict[str, str | int | bool | Decimal | None],
    Field(max_length=100),
    WithJsonSchema({"type": "object", "additionalProperties": _VALUE, "maxProperties": 100}),
]


class ShownCase(Answer):
    """A question or claim of a member: what it is about, who answers it, and by which day.

    `subject` is the reference that is questioned, empty for anything else; a claim says which activity is
    missing, on which day, and what proves it. `owner` is whoever took it, empty as long as nobody did.
    """

    id: str
    member: str
    kind: Literal["question", "claim"]
    state: State
    subject: str
    about: str
    activity: str
    happened_on: date | None
    proof: str
    owner: str
    opened_at: datetime
    opened_by: str
    due_on: date
    ended_at: datetime | None
    links: dict[str, str]


class ShownCaseMessage(Answer):
    """One thing that was said or done in a case; `reference` names what came of it."""

    kind: str
    said_at: datetime
    said_by: str
    words: str
    reference: str


class ShownWholeCase(ShownCase):
    """A case with everything that was said and done in it, in order."""

    messages: list[ShownCaseMessage]


class NewQuestion(Asked):
    """Which number of a member's is doubted, and why. Without `subject` it is about their points as such."""

    member: MemberRef
    subject: Annotated[
        str, Field(max_length=100, description="`led_…`, `act_…`, `rdm_…` or `tier:…` of that member.")
    ] = ""
    words: Words


class NewCaseClaim(Asked):
    """Which activity of a member's is missing, when it was, and what proves it, such as an order's number."""

    member: MemberRef
    activity: Annotated[str, Field(min_length=1, max_length=200, description="A type of activity.")]
    happened_on: Annotated[date | None, Field(strict=False, description="Today, if it is left out.")] = None
    proof: Annotated[str, Field(min_length=1, max_length=300)]
    words: Annotated[str, Field(max_length=2_000)] = ""


class NewOwner(Asked):
    """Who answers from now on: a person (`usr_…`) who may, or nobody named for the program that asks."""

    owner: Annotated[str | None, Field(max_length=40)] = None


class NewCorrection(Asked):
    """Points to give, or to take where `amount` is below zero, in the unit's smallest part."""

    unit: Annotated[str, Field(min_length=1, max_length=50)]
    amount: Annotated[int, Field(ge=-(10**15), le=10**15)]


class NewCaseAnswer(Asked):
    """What the member reads, and what is put right with it: points, or the missing activity's data, or nothing.

    What is put right settles the case; so does `settle` without it. Points above the unit's limit are asked for
    instead, and a second person decides.
    """

    words: Words
    settle: bool = False
    points: NewCorrection | None = None
    activity: Data | None = None


class NewCaseWords(Asked):
    """What the member adds."""

    words: Words


@router.get(
    "/cases", response=Page[ShownCase], operation_id="list_cases", summary="List questions and claims"
)
@allows(scopes=["cases:read"], to="read cases")
def list_cases(
    request: HttpRequest,
    state: Annotated[State | None, Field(description="In this state only.")] = None,
    member: Annotated[MemberRef | None, Field(description="Of this member only.")] = None,
    owner: Annotated[Text | None, Field(description="Of this owner only; empty for those of nobody.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownCase]:
    """Cases, newest first."""
    at = actor_of(request).organisation_id
    with in_organisation(at):
        found = cases(
            at,
            state=state or "",
            member_id=member_id_of(at, member) if member is not None else None,
            owner=owner,
            before=read_cursor(after, one_id),
            limit=limit + 1,
        )
    return page(found, limit, _shown, lambda one: write_cursor(one.id))


@router.post(
    "/cases", response={201: ShownWholeCase}, operation_id="question_number", summary="Question a number"
)
@allows(scopes=["cases:write"], to="open cases")
def post_question(request: HttpRequest, new: NewQuestion) -> Status[ShownWholeCase]:
    """Open a case about a line, an activity, a redemption or a level of a member's; the member is told by when.

    About one thing one case runs: questioned again, it is the one that runs.
    """
    actor = actor_of(request)
    at = actor.organisation_id
    with in_organisation(at):
        member_id = member_id_of(at, new.member)
        about = words_at(at, member_id, new.subject)
    made = question(
        at,
        member_id=member_id,
        subject=new.subject,
        about=about,
        words=new.words,
        key=_key(request),
        actor=actor.ref,
    )
    return Status(201, _whole(at, made))


@router.post(
    "/claims", response={201: ShownWholeCase}, operation_id="claim_missing", summary="Claim what is missing"
)
@allows(scopes=["cases:write"], to="open cases")
def post_claim(request: HttpRequest, new: NewCaseClaim) -> Status[ShownWholeCase]:
    """Open a case about an activity that never arrived."""
    actor = actor_of(request)
    at = actor.organisation_id
    with in_organisation(at):
        member_id, day = member_id_of(at, new.member), today(at)
    made = claim(
        at,
        member_id=member_id,
        activity=new.activity,
        happened_on=new.happened_on or day,
        proof=new.proof,
        words=new.words,
        key=_key(request),
        actor=actor.ref,
    )
    return Status(201, _whole(at, made))


@router.get("/cases/{case_id}", response=ShownWholeCase, operation_id="get_case", summary="Read a case")
@allows(scopes=["cases:read"], to="read cases")
def get_case(request: HttpRequest, case_id: CaseRef) -> ShownWholeCase:
    """One case, with everything that was said and done."""
    at = actor_of(request).organisation_id
    with in_organisation(at):
        return _shown_whole(case(at, case_id))


@router.post(
    "/cases/{case_id}/assign",
    response=ShownWholeCase,
    operation_id="assign_case",
    summary="Give a case to somebody",
)
@allows(scopes=["cases:write"], to="answer cases")
def post_owner(request: HttpRequest, case_id: CaseRef, to: NewOwner) -> ShownWholeCase:
    """Make somebody the one who answers it."""
    actor = actor_of(request)
    at, one = _named(request, case_id)
    key = _key(request)
    return _whole(at, assign(at, one.id, owner=to.owner or actor.ref, actor=actor.ref, key=key))


@router.post(
    "/cases/{case_id}/answer",
    response=ShownWholeCase,
    operation_id="answer_case",
    summary="Answer a case, put it right, settle it",
)
@allows(scopes=["cases:write"], to="answer cases")
def post_answer(request: HttpRequest, case_id: CaseRef, new: NewCaseAnswer) -> ShownWholeCase:
    """Say something the member reads; what is put right is posted with it, once."""
    actor = actor_of(request)
    at, one = _named(request, case_id)
    made = answer(
        at,
        one.id,
        words=new.words,
        actor=actor.ref,
        key=_key(request),
        correction=_correction(new),
        settles=new.settle,
    )
    return _whole(at, made)


@router.post(
    "/cases/{case_id}/reply",
    response=ShownWholeCase,
    operation_id="reply_to_case",
    summary="Add what the member says",
)
@allows(scopes=["cases:write"], to="speak for members in cases")
def post_reply(request: HttpRequest, case_id: CaseRef, new: NewCaseWords) -> ShownWholeCase:
    """The member says something more: an answered case is open again, with a new day."""
    at, one = _named(request, case_id)
    key = _key(request)
    return _whole(at, reply(at, one.id, words=new.words, actor=actor_of(request).ref, key=key))


@router.post(
    "/cases/{case_id}/withdraw",
    response=ShownWholeCase,
    operation_id="withdraw_case",
    summary="Withdraw a case",
)
@allows(scopes=["cases:write"], to="speak for members in cases")
def post_withdrawal(request: HttpRequest, case_id: CaseRef) -> ShownWholeCase:
    """The member needs no answer any more."""
    at, one = _named(request, case_id)
    return _whole(at, withdraw(at, one.id, actor=actor_of(request).ref, key=_key(request)))


def _correction(new: NewCaseAnswer) -> Correction | None:
    if new.points is not None and new.activity is not None:
        fault = {"pointer": "/activity", "code": "one_of_both", "detail": "Give points, or the activity."}
        raise Problem("One thing is put right at a time.", errors=[fault])
    if new.points is not None:
        return Points(new.points.unit, new.points.amount)
    return Missing(new.activity) if new.activity is not None else None


def _key(request: HttpRequest) -> str:
    return f"api:{idempotency_key(request)}"


def _named(request: HttpRequest, reference: str) -> tuple[int, Case]:
    at = actor_of(request).organisation_id
    with in_organisation(at):
        return at, case(at, reference)


def _whole(organisation_id: int, one: Case) -> ShownWholeCase:
    with in_organisation(organisation_id):
        return _shown_whole(case(organisation_id, show("cse", one.id)))


def _shown(one: Case) -> ShownCase:
    reference = show("cse", one.id)
    return ShownCase(
        id=reference,
        member=show("mem", one.member_id),
        kind=one.kind,  # type: ignore[arg-type]  # one of the choices
        state=one.state,  # type: ignore[arg-type]  # one of the choices
        subject=one.subject,
        about=one.about,
        activity=one.activity,
        happened_on=one.happened_on,
        proof=one.proof,
        owner=one.owner,
        opened_at=one.opened_at,
        opened_by=one.opened_by,
        due_on=one.due_on,
        ended_at=one.ended_at,
        links={"self": f"/api/v1/cases/{reference}"},
    )


def _shown_whole(one: Case) -> ShownWholeCase:
    said = sorted(one.messages.all(), key=lambda message: message.id)
    return ShownWholeCase(**_shown(one).model_dump(), messages=[_message(message) for message in said])


def _message(one: Message) -> ShownCaseMessage:
    return ShownCaseMessage(
        kind=one.kind, said_at=one.said_at, said_by=one.said_by, words=one.words, reference=one.reference
    )
