"""Takes answers: saved on the way, given once, or given elsewhere and taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.foundation import audit, clock
from plaudit.foundation.tenancy import act
from plaudit.people.actions.members import locked_member
from plaudit.surveys.asked import survey_of
from plaudit.surveys.definitions import Survey
from plaudit.surveys.models import Answer, Invitation, Standing
from plaudit.surveys.own_activities import COMPLETED, RATED
from plaudit.surveys.queries.invitations import open_invitation
from plaudit.surveys.refusals import AboutNobody, NotTakenInFromOutside, SurveyClosed, SurveyFull
from plaudit.surveys.rules.asking import Answers, checked, score_of, words_of
from plaudit.surveys.urns import put_in_urn

_TAKE_PLACES = """
    update survey_standing set taken = taken + %(wanted)s, at_most = %(at_most)s
     where organisation_id = %(organisation)s and programme = %(programme)s and survey = %(survey)s
       and not settled and (%(at_most)s::int is null or taken + %(wanted)s <= %(at_most)s)
"""


@dataclass(frozen=True, slots=True)
class GivenElsewhere:
    """An answer that another system took, such as a telephone's: about which contact and whom, and when."""

    contact: str
    about_id: UUID | None
    answers: Answers
    answered_at: datetime


def save_draft(organisation_id: int, invitation_id: UUID, answers: Answers) -> None:
    """Keep what was answered so far, so that it can be gone on with. Never of an anonymous survey.

    Raises as `open_invitation` does.
    """

    def step() -> None:
        invitation = open_invitation(organisation_id, invitation_id, lock=True)
        if not invitation.anonymous:
            invitation.draft = dict(answers)
            invitation.save(update_fields=["draft"])

    act(organisation_id, step)


def complete(organisation_id: int, invitation_id: UUID, answers: Answers) -> Survey:
    """Take somebody's answers, once, and record that they completed it; the survey it is of.

    What they said is in no activity of theirs. Of whom it is about, the rating is recorded. Raises
    `AnsweredAlready`, `SurveyClosed`, `SurveyFull`, `AnswerMissing` and `AnswerNotPossible`.
    """

    def step() -> Survey:
        invitation = open_invitation(organisation_id, invitation_id, lock=True)
        _surveys, survey = survey_of(organisation_id, invitation.programme, invitation.survey)
        final = checked(survey, answers)
        # Whoever is erased just now, or merged, does not answer on the way.
        locked_member(organisation_id, invitation.member_id)
        _take_places(organisation_id, invitation.programme, survey, 1)
        invitation.answered, invitation.draft, invitation.remind_at = True, None, None
        invitation.save(update_fields=["answered", "draft", "remind_at"])
        now = clock.now()
        told = [_completed(invitation, now)]
        if invitation.anonymous:
            put_in_urn(invitation, final)
        else:
            made = _answer(invitation, survey, final, now)
            made.save(force_insert=True)
            told += _rated(made, survey)
        record_own(organisation_id, told)
        return survey

    return act(organisation_id, step)


def take_in_answers(
    organisation_id: int, *, programme: str, survey: str, given: Sequence[GivenElsewhere], actor: str
) -> int:
    """Take in what was answered elsewhere, each contact once; how many were new.

    Raises `NoSurvey`, `NotTakenInFromOutside`, `AboutNobody`, `SurveyFull`, `AnswerMissing` and
    `AnswerNotPossible`, and then takes none.
    """

    def step() -> int:
        _surveys, asked = survey_of(organisation_id, programme, survey)
        if asked.anonymous:
            raise NotTakenInFromOutside(survey=asked.name)
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_advisory_xact_lock(%s, hashtext(%s))",
                [organisation_id, f"take in {programme} {survey}"],
            )
        rows = {one.contact: _elsewhere(organisation_id, programme, asked, one) for one in given}
        of = {"organisation_id": organisation_id, "programme": programme, "survey": survey}
        known = Answer.objects.filter(**of, member_id__isnull=True, contact__in=rows)
        for contact in known.values_list("contact", flat=True):
            del rows[contact]
        if not rows:
            return 0
        _take_places(organisation_id, programme, asked, len(rows))
        Answer.objects.bulk_create(rows.values())
        record_own(organisation_id, [told for row in rows.values() for told in _rated(row, asked)])
        audit.note(
            actor=actor,
            act="survey.taken_in",
            subject=f"{programme}/{survey}",
            details={"answers": len(rows)},
        )
        return len(rows)

    return act(organisation_id, step)


def _elsewhere(organisation_id: int, programme: str, asked: Survey, one: GivenElsewhere) -> Answer:
    if asked.about_somebody and one.about_id is None:
        raise AboutNobody(survey=asked.name)
    final = checked(asked, one.answers)
    return Answer(
        organisation_id=organisation_id,
        programme=programme,
        survey=asked.key,
        about_id=one.about_id if asked.about_somebody else None,
        contact=one.contact,
        answers=final,
        score=score_of(asked, final),
        answered_at=one.answered_at,
    )


def _take_places(organisation_id: int, programme: str, survey: Survey, wanted: int) -> None:
    """Count answers against the quota, or refuse them. Raises `SurveyFull` and `SurveyClosed`."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_PLACES,
            {
                "organisation": organisation_id,
                "programme": programme,
                "survey": survey.key,
                "wanted": wanted,
                "at_most": survey.quota or None,
            },
        )
        if cursor.rowcount == 1:
            return
    settled = Standing.objects.filter(
        organisation_id=organisation_id, programme=programme, survey=survey.key, settled=True
    )
    raise SurveyClosed if settled.exists() else SurveyFull


def _answer(invitation: Invitation, survey: Survey, final: dict[str, Any], now: datetime) -> Answer:
    return Answer(
        organisation_id=invitation.organisation_id,
        programme=invitation.programme,
        survey=invitation.survey,
        member_id=invitation.member_id,
        about_id=invitation.about_id,
        contact=invitation.contact,
        team=invitation.team,
        answers=final,
        score=score_of(survey, final),
        answered_at=now,
    )


def _completed(invitation: Invitation, now: datetime) -> OwnActivity:
    said = {"programme": invitation.programme, "survey": invitation.survey}
    return OwnActivity(f"survey:{invitation.id}", COMPLETED.name, invitation.member_id, now, said)


def _rated(made: Answer, survey: Survey) -> list[OwnActivity]:
    """How somebody was rated, where the survey is about them and they were."""
    if made.about_id is None or made.score is None:
        return []
    said = {
        "programme": made.programme,
        "survey": made.survey,
        "score": made.score,
        "contact": made.contact or None,
        "words": words_of(survey, made.answers),
    }
    return [OwnActivity(f"rating:{made.id}", RATED.name, made.about_id, made.answered_at, said)]
