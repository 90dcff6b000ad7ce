"""Declares an event type: a new version where anything about it changed, and nothing where it did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from plaudit.activity.models import EventType
from plaudit.activity.types import DeclaredType, declared_types
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation


def declare_type(
    organisation_id: int,
    *,
    name: str,
    title: str,
    fields: Mapping[str, Mapping[str, Any]],
    extra_fields: bool = True,
    corrects: str = "",
    part: str = "",
    enrols: str | None = None,
) -> DeclaredType:
    """Declare what a kind of event carries from now on. Events already recorded keep the version they met.

    `fields` maps names to stored field types; `corrects` names the type it corrects, and `part`
    ("refunded/amount") how much of it. `enrols` is the kind of member made of somebody its events name for
    the first time; as before, or a customer, where it is not said.
    """
    declared: dict[str, Any] = {
        "title": title,
        "fields": {name: dict(field) for name, field in fields.items()},
        "extra_fields": extra_fields,
        "corrects": corrects,
        "part": part,
    }
    with in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('event types'))", [organisation_id])
        newest = declared_types(organisation_id).get(name)
        declared["enrols"] = enrols or (newest.enrols if newest is not None else "customer")
        if newest is None or {key: getattr(newest, key) for key in declared} != declared:
            EventType.objects.create(
                organisation_id=organisation_id,
                name=name,
                version=newest.version + 1 if newest is not None else 1,
                created_at=clock.now(),
                **declared,
            )
        return declared_types(organisation_id)[name]
