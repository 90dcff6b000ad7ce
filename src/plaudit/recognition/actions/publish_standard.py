"""Publishes what a programme says of recognition: from now on."""

from __future__ import annotations

from plaudit.activity.actions.declare_type import declare_type
from plaudit.activity.following import begin_to_follow
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.recognition.actions.propose import FOLLOWER
from plaudit.recognition.definitions import Standard, store_standard
from plaudit.recognition.models import Published
from plaudit.recognition.own_activities import OWN_TYPES


def publish_standard(organisation_id: int, programme: str, standard: Standard | None) -> None:
    """Put a programme's behaviour standard in force, or none; one that did not change is left alone."""
    with in_organisation(organisation_id):
        newest = (
            Published.objects.filter(organisation_id=organisation_id, programme=programme)
            .order_by("-id")
            .first()
        )
        stored = store_standard(standard) if standard is not None else None
        if (newest.standard if newest is not None else None) == stored:
            return
        for own in OWN_TYPES:
            declare_type(
                organisation_id, name=own.name, title=own.title, fields=own.fields, corrects=own.corrects
            )
        begin_to_follow(organisation_id, FOLLOWER)
        Published.objects.create(
            organisation_id=organisation_id, programme=programme, since=clock.now(), standard=stored
        )


def withdraw_standard(organisation_id: int, programme: str) -> None:
    """From now on nobody is recognised in this programme; what was given stays, and can be taken back."""
    publish_standard(organisation_id, programme, None)


def reinstate_standard(organisation_id: int, programme: str) -> None:
    """Put what a programme said last of recognition in force again."""
    with in_organisation(organisation_id):
        rows = Published.objects.filter(organisation_id=organisation_id, programme=programme).order_by("-id")
        newest, said = rows.first(), rows.filter(standard__isnull=False).first()
        if newest is not None and newest.standard is None and said is not None:
            Published.objects.create(
                organisation_id=organisation_id,
                programme=programme,
                since=clock.now(),
                standard=said.standard,
            )
