"""Surveys, invitations and answers given elsewhere, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, MemberRef, Moment, Page, whole
from plaudit.foundation.ids import show
from plaudit.people.queries import member_id_of, member_ids_of, organisation
from plaudit.surveys.actions.answering import GivenElsewhere, take_in_answers
from plaudit.surveys.actions.invite import CONTACT_MAX, invite, invite_everyone
from plaudit.surveys.asked import all_surveys
from plaudit.surveys.definitions import Question, Survey
from plaudit.surveys.links import PREFIX, secret_of
from plaudit.surveys.models import Invitation

router = Router(tags=["Surveys"])

Key = Annotated[str, Field(max_length=50, description="A key of the programme file.")]
Contact = Annotated[
    str, Field(max_length=CONTACT_MAX, description="What it is about, as another system knows it.")
]
AnswerValue = int | Annotated[str, Field(max_length=2_000)] | Annotated[list[str], Field(max_length=200)]


class ShownQuestion(Answer):
    """A question. A scale goes from `lowest` to `highest`; of `several` choices more than one may be taken."""

    key: str
    ask: str
    answered: str
    lowest: int
    highest: int
    choices: list[str]
    several: bool
    optional: bool
    languages: list[str]


class ShownSurvey(Answer):
    """A survey. `quota` is 0 where any number of answers is taken."""

    programme: str
    survey: str
    name: str
    kind: str
    anonymous: bool
    about_somebody: bool
    quota: int
    open_days: int
    remind_days: int
    closes: str | None
    questions: list[ShownQuestion]


class NewInvitation(Asked):
    """Whom to ask, and after which contact with whom."""

    member: MemberRef
    about: MemberRef | None = None
    contact: Contact = ""


class ShownInvitation(Answer):
    """That a member is asked. The `link` is theirs alone: whoever has it answers for them."""

    id: str
    programme: str
    survey: str
    member: str
    about: str | None
    contact: str
    invited_at: datetime
    ends_at: datetime
    link: str


class Invited(Answer):
    """How many were asked who had not been before."""

    invited: int


class AnswersElsewhere(Asked):
    """Answers to one contact, by question: a number of the scale, a choice or several, or words."""

    contact: Annotated[str, Field(min_length=1, max_length=CONTACT_MAX)]
    about: MemberRef | None = None
    answered_at: Moment
    answers: Annotated[dict[str, AnswerValue], Field(max_length=100)]


class ManyAnswers(Asked):
    """Answers that another system took."""

    answers: Annotated[list[AnswersElsewhere], Field(min_length=1, max_length=1_000)]


class TakenIn(Answer):
    """How many of them were new."""

    taken: int


@router.get("/surveys", response=Page[ShownSurvey], operation_id="list_surveys", summary="List surveys")
@allows(scopes=["surveys:read"], to="read surveys")
def list_surveys(request: HttpRequest) -> Page[ShownSurvey]:
    """Every survey of every programme, in the order of its file."""
    return whole(
        _survey(surveys.programme, one)
        for surveys in all_surveys(actor_of(request).organisation_id)
        for one in surveys.surveys
    )


@router.post(
    "/surveys/{programme}/{survey}/invitations",
    response={201: ShownInvitation},
    operation_id="invite_to_survey",
    summary="Ask a member",
)
@allows(scopes=["surveys:write"], to="invite to surveys")
def post_invitation(
    request: HttpRequest, programme: Key, survey: Key, new: NewInvitation
) -> Status[ShownInvitation]:
    """Once for each contact: asked again, the invitation and its link are the same."""
    actor = actor_of(request)
    made = invite(
        actor.organisation_id,
        programme=programme,
        survey=survey,
        member_id=member_id_of(actor.organisation_id, new.member),
        about_id=member_id_of(actor.organisation_id, new.about) if new.about else None,
        contact=new.contact,
        actor=actor.ref,
    )
    return Status(201, _invitation(made, organisation(actor.organisation_id).slug))


@router.post(
    "/surveys/{programme}/{survey}/invitations/everyone",
    response=Invited,
    operation_id="invite_everyone_to_survey",
    summary="Ask everybody it is for",
)
@allows(scopes=["surveys:write"], to="invite to surveys")
def post_everyone(request: HttpRequest, programme: Key, survey: Key) -> Invited:
    """Whoever has been asked is not asked again. They find it on their own pages."""
    actor = actor_of(request)
    invited = invite_everyone(actor.organisation_id, programme=programme, survey=survey, actor=actor.ref)
    return Invited(invited=invited)


@router.post(
    "/surveys/{programme}/{survey}/answers",
    response=TakenIn,
    operation_id="take_in_survey_answers",
    summary="Take in answers given elsewhere",
)
@allows(scopes=["surveys:write"], to="take in answers")
def post_answers(request: HttpRequest, programme: Key, survey: Key, given: ManyAnswers) -> TakenIn:
    """All of them or none. A contact that was taken in before is left as it is."""
    actor = actor_of(request)
    named = {one.about for one in given.answers if one.about is not None}
    known = member_ids_of(actor.organisation_id, named)
    taken = take_in_answers(
        actor.organisation_id,
        programme=programme,
        survey=survey,
        given=[
            GivenElsewhere(
                one.contact, known[one.about] if one.about is not None else None, one.answers, one.answered_at
            )
            for one in given.answers
        ],
        actor=actor.ref,
    )
    return TakenIn(taken=taken)


def _survey(programme: str, one: Survey) -> ShownSurvey:
    return ShownSurvey(
        programme=programme,
        survey=one.key,
        name=one.name,
        kind=one.kind.value,
        anonymous=one.anonymous,
        about_somebody=one.about_somebody,
        quota=one.quota,
        open_days=one.open_days,
        remind_days=one.remind_days,
        closes=one.closes.isoformat() if one.closes is not None else None,
        questions=[_question(each) for each in one.questions],
    )


def _question(one: Question) -> ShownQuestion:
    return ShownQuestion(
        key=one.key,
        ask=one.ask,
        answered=one.answered.value,
        lowest=one.lowest,
        highest=one.highest,
        choices=list(one.choices),
        several=one.several,
        optional=one.optional,
        languages=[each.language for each in one.wordings],
    )


def _invitation(one: Invitation, slug: str) -> ShownInvitation:
    at = reverse("public:survey", args=[slug, secret_of(one.organisation_id, one.id)])
    return ShownInvitation(
        id=show(PREFIX, one.id),
        programme=one.programme,
        survey=one.survey,
        member=show("mem", one.member_id),
        about=show("mem", one.about_id) if one.about_id is not None else None,
        contact=one.contact,
        invited_at=one.invited_at,
        ends_at=one.ends_at,
        link=f"{settings.BASE_URL}{at}",
    )
