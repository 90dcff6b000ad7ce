"""Puts in force what a programme asks, as its file says."""

from __future__ import annotations

from django.db import connection

from plaudit.activity.actions.declare_type import declare_type
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.surveys.asked import closing_moment, newest_published
from plaudit.surveys.definitions import Surveys, store_surveys
from plaudit.surveys.models import Published, Standing
from plaudit.surveys.own_activities import OWN_TYPES


def publish_surveys(organisation_id: int, programme: str, surveys: Surveys | None) -> None:
    """Ask this from now on, or nothing more; what was answered stays.

    What is in force already is not published again.
    """
    with in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('surveys'))", [organisation_id])
        newest = newest_published(organisation_id, programme)
        if surveys is None:
            if newest is not None:
                Published.objects.filter(id=newest.id).update(offered=False)
            return
        for own in OWN_TYPES:
            declare_type(
                organisation_id, name=own.name, title=own.title, fields=own.fields, corrects=own.corrects
            )
        _plan_closing(organisation_id, surveys)
        stored = store_surveys(surveys)
        if newest is not None and newest.definition == stored:
            Published.objects.filter(id=newest.id).update(offered=True)
            return
        Published.objects.create(
            organisation_id=organisation_id,
            programme=programme,
            number=newest.number + 1 if newest is not None else 1,
            definition=stored,
            published_at=clock.now(),
        )


def _plan_closing(organisation_id: int, surveys: Surveys) -> None:
    """When each of them closes for good. What is settled stays so: it never takes an answer again."""
    Standing.objects.bulk_create(
        [
            Standing(
                organisation_id=organisation_id,
                programme=surveys.programme,
                survey=one.key,
                due_at=closing_moment(surveys, one),
            )
            for one in surveys.surveys
        ],
        update_conflicts=True,
        unique_fields=["organisation_id", "programme", "survey"],
        update_fields=["due_at"],
    )
