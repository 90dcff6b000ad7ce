"""Keeps documents of courses: put whole, merged where they are JSON, and taken away."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.exact import encode
from plaudit.foundation.tenancy import act
from plaudit.learning.document_models import Document
from plaudit.learning.queries.documents import Place, documents
from plaudit.learning.refusals import DocumentNotMerged, DocumentTooLarge, TooManyDocuments
from plaudit.learning.rules.documents import digest_of, merged, require, require_seen
from plaudit.learning.speaking import Json, keep_agents

JSON = "application/json"
DOCUMENT_BYTES_MAX = 512 * 1024
"""So large is a document at most; what a course keeps of where somebody is, is some kilobytes."""
DOCUMENTS_MAX = 200
"""So many documents has a learner in one activity, a learner's profile, or the profile of an activity."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as it was sent: its media type and its content."""

    media: str
    content: bytes

    @property
    def is_json(self) -> bool:
        """Whether it is said to be JSON, whatever its charset."""
        return self.media.partition(";")[0].strip().lower() == JSON


@dataclass(frozen=True, slots=True)
class Asked:
    """The state of a document that whoever changes it has seen, by the headers If-Match and If-None-Match."""

    match: str | None = None
    none_match: str | None = None


def put_document(
    organisation_id: int, place: Place, sent: Sent, asked: Asked, *, agent: Json | None, blindly: bool
) -> Document:
    """Keep the document in the place of what is there; only with `blindly` without naming that.

    Raises `DocumentChanged`, `DocumentKnown`, `DocumentTooLarge`, `DocumentNotMerged` and `TooManyDocuments`.
    """
    if sent.is_json:
        _read(sent.content)

    def whole(there: Document | None) -> Sent:
        if not blindly:
            require_seen(_digest(there), match=asked.match, none_match=asked.none_match)
        return sent

    return _keep(organisation_id, place, asked, whole, agent)


def post_document(
    organisation_id: int, place: Place, sent: Sent, asked: Asked, *, agent: Json | None
) -> Document:
    """Merge the document into what is there: both are JSON objects then. Raises what `put_document` does."""
    said = _read(sent.content) if sent.is_json else None
    if sent.is_json and not isinstance(said, dict):
        raise DocumentNotMerged

    def together(there: Document | None) -> Sent:
        if there is None:
            return sent
        if said is None or not Sent(there.media, b"").is_json:
            raise DocumentNotMerged
        return Sent(JSON, encode(merged(_read(bytes(there.content)), said)).encode())

    return _keep(organisation_id, place, asked, together, agent)


def delete_documents(organisation_id: int, place: Place, asked: Asked) -> int:
    """Take away the document of a place, or all of one without a name; how many. Raises `DocumentChanged`."""

    def step() -> int:
        found = documents(organisation_id, place).select_for_update()
        rows = list(found.order_by("id").only("id", "digest"))
        if place.name:
            require(rows[0].digest if rows else None, match=asked.match, none_match=asked.none_match)
        Document.objects.filter(id__in=[one.id for one in rows]).delete()
        return len(rows)

    return act(organisation_id, step)


def _keep(
    organisation_id: int,
    place: Place,
    asked: Asked,
    become: Callable[[Document | None], Sent],
    agent: Json | None,
) -> Document:
    def step() -> Document:
        there = _locked(organisation_id, place)
        if there is None:
            _alone(organisation_id, place)
            there = _locked(organisation_id, place)
        require(_digest(there), match=asked.match, none_match=asked.none_match)
        sent = become(there)
        if len(sent.content) > DOCUMENT_BYTES_MAX:
            raise DocumentTooLarge(most=DOCUMENT_BYTES_MAX)
        if there is None:
            if documents(organisation_id, place.around).count() >= DOCUMENTS_MAX:
                raise TooManyDocuments(most=DOCUMENTS_MAX)
            there = _new(organisation_id, place)
        member_id, digest = _member(organisation_id, agent), digest_of(sent.content)
        if (there.media, there.digest, there.member_id) != (sent.media, digest, member_id):
            there.media, there.content, there.digest = sent.media, sent.content, digest
            there.changed_at, there.member_id = clock.now(), member_id
            there.save()
        return there

    return act(organisation_id, step)


def _locked(organisation_id: int, place: Place) -> Document | None:
    return documents(organisation_id, place).select_for_update().first()


def _alone(organisation_id: int, place: Place) -> None:
    """One new document around here at a time, so that they can be counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(%s, hashtext(%s))",
            [organisation_id, f"document {place.around.digest}"],
        )


def _new(organisation_id: int, place: Place) -> Document:
    return Document(
        organisation_id=organisation_id,
        place=place.digest,
        around=place.around.digest,
        resource=place.resource,
        activity=place.activity,
        agent=place.agent,
        registration=str(place.registration or ""),
        name=place.name,
    )


def _member(organisation_id: int, agent: Json | None) -> UUID | None:
    """The member that the agent is, who is noted so that the document goes when they are erased."""
    if agent is None:
        return None
    (spoken_of,) = keep_agents(organisation_id, [agent])
    return spoken_of.member_id


def _digest(there: Document | None) -> str | None:
    return there.digest if there is not None else None


def _read(content: bytes) -> Any:
    """What JSON says, numbers exactly. Raises `DocumentNotMerged`."""
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise DocumentNotMerged from None


def _no_number(said: str) -> Any:
    raise ValueError(said)
