"""Asks people: one by one about a contact, or everybody at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.people.models import Member
from plaudit.surveys.asked import survey_of
from plaudit.surveys.definitions import Survey
from plaudit.surveys.links import PREFIX
from plaudit.surveys.models import Invitation, Standing
from plaudit.surveys.queries.invitations import told_of
from plaudit.surveys.queries.teams import teams_of
from plaudit.surveys.refusals import AboutNobody, NotAskedOfMany, SurveyClosed

CONTACT_MAX = 200
MANY_MAX = 100_000


def invite(
    organisation_id: int,
    *,
    programme: str,
    survey: str,
    member_id: UUID,
    about_id: UUID | None = None,
    contact: str = "",
    actor: str,
) -> Invitation:
    """Ask a member, once for each contact: asked again, the invitation is the same.

    Raises `NoSurvey`, `SurveyClosed`, `AboutNobody` and `NotFound`.
    """

    def step() -> Invitation:
        _surveys, asked = survey_of(organisation_id, programme, survey)
        if asked.about_somebody and (about_id is None or about_id == member_id):
            raise AboutNobody(survey=asked.name)
        about = about_id if asked.about_somebody else None
        for one in (member_id, about):
            if (
                one is not None
                and not Member.objects.filter(organisation_id=organisation_id, id=one).exists()
            ):
                raise NotFound(kind="member", ref=show("mem", one))
        made = _invite(organisation_id, programme, asked, [member_id], about, contact[:CONTACT_MAX])
        if made:
            audit.note(
                actor=actor,
                act="survey.invited",
                subject=show(PREFIX, made[0].id),
                details={"programme": programme, "survey": survey},
            )
            return made[0]
        return Invitation.objects.get(
            organisation_id=organisation_id,
            programme=programme,
            survey=survey,
            member_id=member_id,
            contact=contact[:CONTACT_MAX],
        )

    return act(organisation_id, step)


def invite_everyone(organisation_id: int, *, programme: str, survey: str, actor: str) -> int:
    """Ask every active member whom the survey is for and who was not asked; how many that were.

    Raises `NoSurvey`, `SurveyClosed` and `NotAskedOfMany`.
    """

    def step() -> int:
        _surveys, asked = survey_of(organisation_id, programme, survey)
        if asked.about_somebody:
            raise NotAskedOfMany(survey=asked.name)
        found = Member.objects.filter(organisation_id=organisation_id, state="active")
        if asked.audience:
            found = found.filter(kind__in=asked.audience)
        known = Invitation.objects.filter(
            organisation_id=organisation_id, programme=programme, survey=survey, contact=""
        )
        wanted = list(
            found.exclude(id__in=known.values("member_id"))
            .order_by("id")
            .values_list("id", flat=True)[:MANY_MAX]
        )
        made = _invite(organisation_id, programme, asked, wanted, None, "")
        if made:
            audit.note(
                actor=actor,
                act="survey.sent",
                subject=f"{programme}/{survey}",
                details={"invited": len(made)},
            )
        return len(made)

    return act(organisation_id, step)


def _invite(
    organisation_id: int, programme: str, asked: Survey, members: list[UUID], about: UUID | None, contact: str
) -> list[Invitation]:
    """Write the invitations that are not there yet, and tell of them."""
    with connection.cursor() as cursor:
        # One that invites at a time, so that what is found missing is still missing when it is written.
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(%s))",
            [organisation_id, f"invite {programme} {asked.key}"],
        )
    now = clock.now()
    standing = Standing.objects.get(organisation_id=organisation_id, programme=programme, survey=asked.key)
    if standing.settled or (standing.due_at is not None and standing.due_at <= now):
        raise SurveyClosed
    before = set(
        Invitation.objects.filter(
            organisation_id=organisation_id,
            programme=programme,
            survey=asked.key,
            contact=contact,
            member_id__in=members,
        ).values_list("member_id", flat=True)
    )
    new = [one for one in members if one not in before]
    teams = teams_of(organisation_id, new, now)
    ends_at = now + timedelta(days=asked.open_days)
    if standing.due_at is not None:
        ends_at = min(ends_at, standing.due_at)
    made = [
        Invitation(
            organisation_id=organisation_id,
            programme=programme,
            survey=asked.key,
            member_id=one,
            about_id=about,
            contact=contact,
            team=teams.get(one, ""),
            anonymous=asked.anonymous,
            invited_at=now,
            ends_at=ends_at,
            remind_at=now + timedelta(days=asked.remind_days) if asked.remind_days else None,
        )
        for one in new
    ]
    Invitation.objects.bulk_create(made)
    tell_each(organisation_id, "survey.invited", [told_of(one) for one in made], happened_at=now)
    return made
