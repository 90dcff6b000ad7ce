"""Puts in force what a programme offers to learn, as its file says."""

from __future__ import annotations

from django.db import connection

from plaudit.activity.actions.declare_type import declare_type
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.definitions import Learning, store_learning
from plaudit.learning.models import Published
from plaudit.learning.offered import newest_published
from plaudit.learning.own_activities import OWN_TYPES
from plaudit.learning.refreshing import revise_scenarios


def publish_learning(organisation_id: int, programme: str, learning: Learning | None) -> None:
    """Offer this from now on, or nothing more; what was completed stays.

    What is in force already is not published again. Where a rule changed that a scenario teaches, whoever passed it
    is asked for a refresher.
    """
    with in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('learning'))", [organisation_id])
        newest = newest_published(organisation_id, programme)
        if learning is None:
            if newest is not None:
                Published.objects.filter(id=newest.id).update(offered=False)
            return
        for own in OWN_TYPES:
            declare_type(
                organisation_id, name=own.name, title=own.title, fields=own.fields, corrects=own.corrects
            )
        stored = store_learning(learning)
        if newest is not None and newest.definition == stored:
            Published.objects.filter(id=newest.id).update(offered=True)
            return
        revise_scenarios(organisation_id, learning)
        Published.objects.create(
            organisation_id=organisation_id,
            programme=programme,
            number=newest.number + 1 if newest is not None else 1,
            definition=stored,
            published_at=clock.now(),
        )
