"""Reviews over HTTP: what stands out and why, those it names heard, decided, doubted; and a look before its day."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import answer_once
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.marks import keeps_answers
from plaudit.foundation.api.shapes import After, Answer, Asked, Limit, MemberRef, Page, page
from plaudit.foundation.exact import encode
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member_id_of
from plaudit.recognition.actions.reviewing import (
    WORDS_MAX,
    ask_those_concerned,
    count_now,
    decide_finding,
    doubt_decision,
    look_now,
    say_ones_side,
    take_up,
)
from plaudit.recognition.queries.reviews import (
    concerned,
    finding,
    finding_id_of,
    finding_ref,
    findings,
    look_until,
    looks,
)
from plaudit.recognition.reviews import Concerned, Finding, FindingState, Look
from plaudit.recognition.rules.rings import FALSE_FINDINGS

router = Router(tags=["Recognition"])

FindingRef = Annotated[str, Field(max_length=40, description="A finding: `fnd_…`.")]
Words = Annotated[str, Field(min_length=1, max_length=WORDS_MAX)]
Reviewer = Annotated[
    MemberRef | None,
    Field(
        description="The member that whoever decides is, if they are one: nobody decides about themselves."
    ),
]


class ShownFindingLink(Answer):
    """How often one recognised another, how often chance would bring, and one in how many times as often or more.

    `expected` is a decimal as text. `points` went along, in the unit's smallest part.
    """

    giver: str
    recipient: str
    observed: int
    expected: str
    one_in: int
    points: int


class ShownFindingBecause(Answer):
    """Why it stands out: what was counted in a half-open time, held against what chance would bring.

    `null_model` is `configuration`: everybody's given and received counts stay as they are, within their team and
    beyond it apart. `false_positive_rate` is a decimal as text: the chance that a look finds anything at all in a
    company where chance alone decides. One such look in `one_in` finds anything like this. `recognitions` is how
    many were looked through.
    """

    null_model: Literal["configuration"]
    false_positive_rate: str
    one_in: int
    since: datetime
    until: datetime
    recognitions: int
    links: list[ShownFindingLink]


class ShownRecognitionFinding(Answer):
    """People who recognise one another more than chance would bring. It says how often, never why.

    `waiting` for somebody to look into it, `asked` while those it names are, `decided`, or `doubted` and to be
    decided by somebody else. `owner` is whoever looks into it, empty for nobody; `outcome` is empty until decided.
    """

    id: str
    state: FindingState
    members: list[str]
    found_at: datetime
    one_in: int
    owner: str
    asked_at: datetime | None
    outcome: Literal["", "nothing_wrong", "talked_about", "passed_on"]
    words: str
    decided_at: datetime | None
    decided_by: str
    decided_before_by: str


class ShownConcerned(Answer):
    """What somebody whom a finding names said about it, and why they doubted the decision; empty where they did not."""

    member: str
    words: str
    said_at: datetime | None
    doubt: str
    doubted_at: datetime | None


class ShownWholeRecognitionFinding(ShownRecognitionFinding):
    """A finding with why it stands out, and what those it names say; whoever was erased is not among them."""

    because: ShownFindingBecause
    concerned: list[ShownConcerned]


class ShownLook(Answer):
    """One look through the recognitions of a half-open time, and how many findings it came to."""

    since: datetime
    until: datetime
    looked_at: datetime
    recognitions: int
    findings: int


class Reviewing(Asked):
    """Who looks into it, besides the program that says so."""

    reviewer: Reviewer = None


class FindingDecision(Asked):
    """What came of it, and why, in words that those it names read."""

    outcome: Literal["nothing_wrong", "talked_about", "passed_on"]
    words: Words
    reviewer: Reviewer = None


class FindingWords(Asked):
    """What one of those it names says."""

    member: MemberRef
    words: Words


@router.get(
    "/findings", response=Page[ShownRecognitionFinding], operation_id="list_findings", summary="List findings"
)
@allows(scopes=["findings:read"], to="read findings")
def list_findings(
    request: HttpRequest,
    state: Annotated[FindingState | None, Field(description="In this state only.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownRecognitionFinding]:
    """Pairs and rings that stand out, the newest first."""
    at = actor_of(request).organisation_id
    states = [state] if state is not None else list(FindingState)
    with in_organisation(at):
        found = findings(at, states=states, before=read_cursor(after, one_id), limit=limit + 1)
    return page(found, limit, _shown, lambda one: write_cursor(one.id))


@router.get(
    "/findings/{finding_id}",
    response=ShownWholeRecognitionFinding,
    operation_id="get_finding",
    summary="Read a finding and why it stands out",
)
@allows(scopes=["findings:read"], to="read findings")
def get_finding(request: HttpRequest, finding_id: FindingRef) -> ShownWholeRecognitionFinding:
    """One of them, with what was counted, what chance would bring, and what those it names say."""
    return _whole(request, finding_id)


@router.post(
    "/findings/{finding_id}/take",
    response=ShownWholeRecognitionFinding,
    operation_id="take_finding",
    summary="Take a finding up",
)
@allows(scopes=["findings:write"], to="review recognition")
def post_owner(request: HttpRequest, finding_id: FindingRef, by: Reviewing) -> ShownWholeRecognitionFinding:
    """Be the one who looks into it. Whom it names cannot."""
    at, actor, reviewer_id = _reviewer(request, by.reviewer)
    take_up(at, finding_id_of(finding_id), actor=actor, member_id=reviewer_id)
    return _whole(request, finding_id)


@router.post(
    "/findings/{finding_id}/ask",
    response=ShownWholeRecognitionFinding,
    operation_id="ask_about_finding",
    summary="Ask those a finding names",
)
@allows(scopes=["findings:write"], to="review recognition")
def post_asking(request: HttpRequest, finding_id: FindingRef, by: Reviewing) -> ShownWholeRecognitionFinding:
    """Let them see what was counted and say what is behind it."""
    at, actor, reviewer_id = _reviewer(request, by.reviewer)
    ask_those_concerned(at, finding_id_of(finding_id), actor=actor, member_id=reviewer_id)
    return _whole(request, finding_id)


@router.post(
    "/findings/{finding_id}/decide",
    response=ShownWholeRecognitionFinding,
    operation_id="decide_finding",
    summary="Decide a finding",
)
@allows(scopes=["findings:write"], to="review recognition")
def post_decision(
    request: HttpRequest, finding_id: FindingRef, decision: FindingDecision
) -> ShownWholeRecognitionFinding:
    """Say what came of it. Nothing else happens by itself.

    That nothing is wrong can be said at once; anything else when everybody it names has said something, or has had
    a week to. What was doubted is decided by somebody else.
    """
    at, actor, reviewer_id = _reviewer(request, decision.reviewer)
    decide_finding(
        at,
        finding_id_of(finding_id),
        outcome=decision.outcome,
        words=decision.words,
        actor=actor,
        member_id=reviewer_id,
    )
    return _whole(request, finding_id)


@router.post(
    "/findings/{finding_id}/say",
    response=ShownWholeRecognitionFinding,
    operation_id="say_about_finding",
    summary="Say what is behind a finding",
)
@allows(scopes=["findings:write"], to="speak for members in reviews")
def post_side(
    request: HttpRequest, finding_id: FindingRef, said: FindingWords
) -> ShownWholeRecognitionFinding:
    """For one of those it names, once they were asked and until it is decided; said again it replaces what was said."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        member_id = member_id_of(actor.organisation_id, said.member)
    finding = finding_id_of(finding_id)
    say_ones_side(actor.organisation_id, finding, member_id=member_id, words=said.words, actor=actor.ref)
    return _whole(request, finding_id)


@router.post(
    "/findings/{finding_id}/doubt",
    response=ShownWholeRecognitionFinding,
    operation_id="doubt_finding",
    summary="Doubt the decision of a finding",
)
@allows(scopes=["findings:write"], to="speak for members in reviews")
def post_doubt(
    request: HttpRequest, finding_id: FindingRef, said: FindingWords
) -> ShownWholeRecognitionFinding:
    """For one of those it names, once each and within thirty days: somebody else decides it again."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        member_id = member_id_of(actor.organisation_id, said.member)
    finding = finding_id_of(finding_id)
    doubt_decision(actor.organisation_id, finding, member_id=member_id, words=said.words, actor=actor.ref)
    return _whole(request, finding_id)


@router.get(
    "/recognition-looks",
    response=Page[ShownLook],
    operation_id="list_recognition_looks",
    summary="List looks through recognitions",
)
@allows(scopes=["findings:read"], to="read findings")
def list_looks(request: HttpRequest, after: After = None, limit: Limit = 50) -> Page[ShownLook]:
    """Every quarter there is one at the half year before it; the newest first."""
    at = actor_of(request).organisation_id
    with in_organisation(at):
        found = looks(at, before=read_cursor(after, _one_moment), limit=limit + 1)
    return page(found, limit, _look, lambda one: write_cursor(one.until.isoformat()))


@router.post(
    "/recognition-looks",
    response={201: ShownLook},
    operation_id="look_through_recognitions",
    summary="Look through recognitions now",
)
@allows(scopes=["findings:write"], to="look through recognitions", keyless=True)
@keeps_answers("needed")
def post_look(request: HttpRequest) -> HttpResponse:
    """At the half year up to now, without waiting for the quarter's end; at most once in four weeks.

    Every look is one more in which chance may find something: the rate is each look's own.
    """
    actor = actor_of(request)
    counted = count_now(actor.organisation_id)

    def keep() -> tuple[int, str]:
        return 201, encode(_look(look_now(actor.organisation_id, counted, actor=actor.ref)).model_dump())

    return answer_once(request, keep)


def _one_moment(parts: list[object]) -> datetime:
    (text,) = parts
    if not isinstance(text, str):
        raise TypeError
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _reviewer(request: HttpRequest, reference: str | None) -> tuple[int, str, UUID | None]:
    """Where, by which program, and as which member, if whoever looks into it is one."""
    actor = actor_of(request)
    if reference is None:
        return actor.organisation_id, actor.ref, None
    with in_organisation(actor.organisation_id):
        return actor.organisation_id, actor.ref, member_id_of(actor.organisation_id, reference)


def _whole(request: HttpRequest, reference: str) -> ShownWholeRecognitionFinding:
    at = actor_of(request).organisation_id
    with in_organisation(at):
        one = finding(at, finding_id_of(reference))
        look = look_until(at, one.until)
        parts = concerned(at, one.id)
    because = ShownFindingBecause(
        null_model="configuration",
        false_positive_rate=str(FALSE_FINDINGS),
        one_in=one.one_in,
        since=one.since,
        until=one.until,
        recognitions=look.recognitions if look is not None else 0,
        links=[
            ShownFindingLink(
                observed=link["times"],
                **{name: link[name] for name in ("giver", "recipient", "expected", "one_in", "points")},
            )
            for link in one.links
        ],
    )
    shown = _shown(one).model_dump()
    return ShownWholeRecognitionFinding(
        **shown, because=because, concerned=[_concerned(part) for part in parts]
    )


def _shown(one: Finding) -> ShownRecognitionFinding:
    return ShownRecognitionFinding(
        id=finding_ref(one.id),
        state=FindingState(one.state),
        members=[show("mem", UUID(each)) for each in one.people.split()],
        found_at=one.found_at,
        one_in=one.one_in,
        owner=one.owner,
        asked_at=one.asked_at,
        outcome=one.outcome,  # type: ignore[arg-type]  # one of the choices
        words=one.words,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        decided_before_by=one.decided_before_by,
    )


def _concerned(one: Concerned) -> ShownConcerned:
    return ShownConcerned(
        member=show("mem", one.member_id),
        words=one.words,
        said_at=one.said_at,
        doubt=one.doubt,
        doubted_at=one.doubted_at,
    )


def _look(one: Look) -> ShownLook:
    return ShownLook(
        since=one.since,
        until=one.until,
        looked_at=one.looked_at,
        recognitions=one.recognitions,
        findings=one.findings,
    )
