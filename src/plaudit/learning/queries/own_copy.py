"""What courses said and keep of a member, as they get it in the copy of their data."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from typing import Any
from uuid import UUID

from plaudit.learning.document_models import AttachedFile, Document
from plaudit.learning.queries.documents import documents_of
from plaudit.learning.speaking import Json, with_names
from plaudit.learning.statement_models import SpokenOf, Statement

STATEMENTS_MAX = 10_000
"""More than courses say of one learner in many years."""


def statements_of(organisation_id: int, members: Collection[UUID]) -> list[Json]:
    """Every statement that speaks of them, the last first, with all it says."""
    known = SpokenOf.objects.filter(organisation_id=organisation_id, member_id__in=list(members))
    marks = sorted({mark for mark in known.values_list("mark", flat=True) if mark})
    if not marks:
        return []
    found = Statement.objects.filter(organisation_id=organisation_id, agents__has_any_keys=marks)
    return with_names(organisation_id, [one.body for one in found.order_by("-id")[:STATEMENTS_MAX]])


def kept_of(organisation_id: int, members: Collection[UUID]) -> list[dict[str, Any]]:
    """Every document that courses keep of them: text as it is, anything else in Base64."""
    return [_shown(one) for one in documents_of(organisation_id, members)]


def attached_of(organisation_id: int, members: Collection[UUID]) -> list[dict[str, Any]]:
    """Every file that came with a statement of what they did, in Base64."""
    found = AttachedFile.objects.filter(organisation_id=organisation_id, member_id__in=list(members))
    return [
        {
            "statement": str(one.statement_id),
            "sha2": one.sha2,
            "media": one.media,
            "base64": b64encode(bytes(one.content)).decode(),
        }
        for one in found.order_by("-id")
    ]


def _shown(one: Document) -> dict[str, Any]:
    content = bytes(one.content)
    said: dict[str, Any] = {
        "resource": one.resource,
        "activity": one.activity,
        "registration": one.registration,
        "name": one.name,
        "media": one.media,
        "changed_at": one.changed_at.isoformat(),
    }
    try:
        return {**said, "text": content.decode()}
    except UnicodeDecodeError:
        return {**said, "base64": b64encode(content).decode()}
