"""Takes statements of the Experience API in: kept for ever, and whatever they complete is counted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from plaudit.foundation import clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.tenancy import act
from plaudit.learning.document_models import AttachedFile
from plaudit.learning.moving_on import move_on
from plaudit.learning.refusals import QuestionNotTaken, StatementSaidOtherwise, TooMuchAttached
from plaudit.learning.rules.multipart import File
from plaudit.learning.rules.statement_values import moment_of
from plaudit.learning.rules.statements import (
    VOIDED,
    about,
    activities_in,
    agents_in,
    attachments_in,
    check_attached,
    check_statement,
)
from plaudit.learning.speaking import Json, keep_spoken_of, mark_of, ordered, without_names
from plaudit.learning.statement_models import Statement
from plaudit.ledger.posting import open_books

VERSION = "1.0.0"
NO_FILES: Mapping[str, File] = MappingProxyType({})
ATTACHED_BYTES_MAX = 1024**3
"""So much is kept of files that come with the statements of one organisation."""
_OURS = ("id", "stored", "authority", "version")


def keep_statements(
    organisation_id: int, said: Sequence[Any], *, key: str, files: Mapping[str, File] = NO_FILES
) -> list[UUID]:
    """Keep these statements, all or none, and count what they complete; their ids, in order.

    `files` are what is sent along, by SHA-2. The same said again under its id changes nothing. Raises
    `StatementNotTaken`, `StatementSaidOtherwise`, `TooMuchAttached`, and `QuestionNotTaken` where one id stands twice.
    """
    for place, one in enumerate(said):
        check_statement(one, f"/{place}" if len(said) > 1 else "")
    check_attached(list(said), {sha2: len(one.content) for sha2, one in files.items()})
    named = [UUID(one["id"]) if "id" in one else new_id() for one in said]
    if len(set(named)) < len(named):
        raise QuestionNotTaken("The list", "an id stands twice in it")
    digests = [_digest(one) for one in said]

    def step() -> list[UUID]:
        open_books(organisation_id)
        before = Statement.objects.filter(organisation_id=organisation_id, statement_id__in=named)
        known = dict(before.values_list("statement_id", "digest"))
        fresh = []
        for id, one, digest in zip(named, said, digests, strict=True):
            if id not in known:
                fresh.append((id, one, digest))
            elif known[id] != digest:
                raise StatementSaidOtherwise(str(id))
        kept = _keep(organisation_id, fresh, key=key, files=files)
        move_on(organisation_id, kept)
        return named

    return act(organisation_id, step)


def _digest(said: Mapping[str, Any]) -> str:
    """Of what was sent, without what is for us to say: who sends the same again says nothing else."""
    alone = {name: value for name, value in said.items() if name not in _OURS}
    return hashlib.sha256(ordered(alone).encode()).hexdigest()


def _keep(
    organisation_id: int, fresh: Sequence[tuple[UUID, Json, str]], *, key: str, files: Mapping[str, File]
) -> list[Statement]:
    now = clock.now()
    whole = [_whole(id, one, now.isoformat(), key) for id, one, _ in fresh]
    known = keep_spoken_of(organisation_id, whole)
    ids = {one.digest: one.id for one in known}
    rows = [
        _row(organisation_id, one, digest=digest, key=key, body=without_names(one, ids))
        for one, (_, _, digest) in zip(whole, fresh, strict=True)
    ]
    kept = Statement.objects.bulk_create(rows)
    if files:
        members = {one.mark: one.member_id for one in known}
        _attach(organisation_id, list(zip(kept, whole, strict=True)), files, members)
    return kept


def _attach(
    organisation_id: int,
    kept: Sequence[tuple[Statement, Json]],
    files: Mapping[str, File],
    members: Mapping[str, UUID | None],
) -> None:
    """Keep the files with the statements that name them. Raises `TooMuchAttached`."""
    rows = [
        AttachedFile(
            organisation_id=organisation_id,
            statement_id=row.statement_id,
            sha2=sha2,
            media=media,
            content=files[sha2].content,
            length=len(files[sha2].content),
            agent=row.actor,
            member_id=members.get(row.actor),
        )
        for row, said in kept
        for sha2, media in sorted(
            {one["sha2"].lower(): one["contentType"] for one in attachments_in(said)}.items()
        )
        if sha2 in files
    ]
    with connection.cursor() as cursor:  # so that what is kept can be added up
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext('attached files'))", [organisation_id])
    there = AttachedFile.objects.filter(organisation_id=organisation_id)
    before: int = there.aggregate(length=Sum("length"))["length"] or 0
    if before + sum(one.length for one in rows) > ATTACHED_BYTES_MAX:
        raise TooMuchAttached(most=ATTACHED_BYTES_MAX)
    AttachedFile.objects.bulk_create(rows)


def _whole(id: UUID, said: Json, stored: str, key: str) -> Json:
    """The statement with all that we say of it; activities of its context are lists (2.4.6.2)."""
    whole = {
        "timestamp": stored,
        "version": VERSION,
        **said,
        "id": str(id),
        "stored": stored,
        "authority": {"objectType": "Agent", "account": {"homePage": settings.BASE_URL, "name": key}},
    }
    activities = said.get("context", {}).get("contextActivities")
    if activities:
        lists = {name: one if isinstance(one, list) else [one] for name, one in activities.items()}
        whole["context"] = {**said["context"], "contextActivities": lists}
    return whole


def _row(organisation_id: int, whole: Json, *, digest: str, key: str, body: Json) -> Statement:
    what = whole["object"]
    kind = what.get("objectType", "Activity")
    target = UUID(what["id"]) if kind == "StatementRef" else None
    registration = whole.get("context", {}).get("registration")
    return Statement(
        organisation_id=organisation_id,
        statement_id=UUID(whole["id"]),
        digest=digest,
        stored_at=moment_of(whole["stored"]),
        said_at=moment_of(whole["timestamp"]),
        verb=whole["verb"]["id"],
        actor=mark_of(whole["actor"]),
        object_agent=mark_of(what) if kind in ("Agent", "Group") else "",
        agents=sorted({mark for one in agents_in(whole) if (mark := mark_of(one))}),
        activity=what["id"] if kind == "Activity" else "",
        about=about(whole),
        activities=sorted(set(activities_in(whole))),
        registration=UUID(registration) if registration else None,
        refers_to=target,
        voids=target if whole["verb"]["id"] == VOIDED else None,
        body=body,
        key=key,
    )
