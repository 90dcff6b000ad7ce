"""Answers which documents courses keep: one by its place, or the names of those around it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from plaudit.foundation.exact import encode
from plaudit.learning.document_models import AttachedFile, Document, Resource


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is kept: what it is of, and its name; "" for all that are there. `agent` is a mark."""

    resource: Resource
    activity: str = ""
    agent: str = ""
    registration: UUID | None = None
    name: str = ""

    @property
    def digest(self) -> str:
        """Of all that names it, of one length however long its address is."""
        said = [self.resource, self.activity, self.agent, str(self.registration or ""), self.name]
        return hashlib.sha256(encode(said).encode()).hexdigest()

    @property
    def around(self) -> Place:
        """All that is there besides it, whatever the registration."""
        return replace(self, registration=None, name="")


def documents(organisation_id: int, place: Place) -> QuerySet[Document]:
    """The document of a place; without a name all that are there, of every registration where none is said."""
    found = Document.objects.filter(organisation_id=organisation_id)
    if place.name:
        return found.filter(place=place.digest)
    found = found.filter(around=place.around.digest)
    if place.registration is not None:
        found = found.filter(registration=str(place.registration))
    return found


def document(organisation_id: int, place: Place) -> Document | None:
    """The document of that place and name."""
    return documents(organisation_id, place).first()


def names_of(organisation_id: int, place: Place, *, since: datetime | None = None) -> list[str]:
    """The names of the documents that are there, each once; of those changed after a moment, where one is said."""
    found = documents(organisation_id, place)
    if since is not None:
        found = found.filter(changed_at__gt=since)
    return sorted(set(found.values_list("name", flat=True)))


def documents_of(organisation_id: int, members: Collection[UUID]) -> list[Document]:
    """All that courses keep of these members, what changed last first."""
    found = Document.objects.filter(organisation_id=organisation_id, member_id__in=list(members))
    return list(found.order_by("-changed_at", "id"))


def files_of(organisation_id: int, statements: Collection[UUID]) -> list[AttachedFile]:
    """What was sent along with these statements, in the order in which it was."""
    found = AttachedFile.objects.filter(organisation_id=organisation_id, statement_id__in=list(statements))
    return list(found.order_by("id"))
