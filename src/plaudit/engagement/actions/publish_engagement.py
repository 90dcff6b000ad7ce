"""Publishes what a programme asks of people: from now on, for what is recorded from now on."""

from __future__ import annotations

from plaudit.activity.actions.declare_type import declare_type
from plaudit.activity.following import begin_to_follow
from plaudit.engagement.definitions import Definition, store_definition
from plaudit.engagement.models import Part, Published
from plaudit.engagement.own_activities import OWN_TYPES
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation

FOLLOWER = "engagement"


def publish_engagement(organisation_id: int, definition: Definition) -> None:
    """Put what a programme asks in force; a programme that asks nothing and never did is left alone.

    What somebody has counted so far under the same kind and key goes on counting.
    """
    with in_organisation(organisation_id):
        before = Published.objects.filter(organisation_id=organisation_id, programme=definition.programme)
        newest = before.order_by("-id").first()
        stored = store_definition(definition)
        if newest is None and definition.asks_nothing:
            return
        if newest is not None and newest.definition == stored:
            return
        for own in OWN_TYPES:
            declare_type(
                organisation_id, name=own.name, title=own.title, fields=own.fields, corrects=own.corrects
            )
        Part.objects.bulk_create(
            [
                Part(
                    organisation_id=organisation_id,
                    programme=definition.programme,
                    kind=kind.value,
                    key=part.key,
                )
                for part in definition.parts
                for kind in part.kind.identities
            ],
            ignore_conflicts=True,
        )
        begin_to_follow(organisation_id, FOLLOWER)
        Published.objects.create(
            organisation_id=organisation_id,
            programme=definition.programme,
            since=clock.now(),
            definition=stored,
        )


def withdraw_engagement(organisation_id: int, programme: str) -> None:
    """From now on nothing recorded counts for this programme; what counted before can still be corrected."""
    with in_organisation(organisation_id):
        newest = (
            Published.objects.filter(organisation_id=organisation_id, programme=programme)
            .order_by("-id")
            .first()
        )
        if newest is not None and newest.definition is not None:
            Published.objects.create(
                organisation_id=organisation_id, programme=programme, since=clock.now(), definition=None
            )


def reinstate_engagement(organisation_id: int, programme: str) -> None:
    """Let what a programme asked last count again, for what is recorded from now on."""
    with in_organisation(organisation_id):
        rows = Published.objects.filter(organisation_id=organisation_id, programme=programme).order_by("-id")
        newest, asked = rows.first(), rows.filter(definition__isnull=False).first()
        if newest is not None and newest.definition is None and asked is not None:
            Published.objects.create(
                organisation_id=organisation_id,
                programme=programme,
                since=clock.now(),
                definition=asked.definition,
            )
