"""Files of activity over HTTP: sent with their mapping, imported by a worker, followed, paused, looked through."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Status, UploadedFile
from pydantic import Field

from plaudit.activity.files import RowError, write_rejects
from plaudit.activity.imports import import_by_id, imports, rejected_rows
from plaudit.activity.models import ImportBatch, RejectedRow
from plaudit.earning.actions.import_file import REJECTED_ROWS_KEPT, reference, start_import
from plaudit.earning.actions.reverse_import import refuse_irreversible
from plaudit.earning.actions.stop_import import cancel_import, pause_import
from plaudit.earning.refusals import ImportNotThere
from plaudit.earning.tasks import go_on_later, reverse_later
from plaudit.earning.uploads import UPLOAD_BYTES_MAX, keep_upload
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_number, read_cursor, write_cursor
from plaudit.foundation.api.marks import body_up_to
from plaudit.foundation.api.shapes import After, Answer, Because, Limit, Page, page
from plaudit.foundation.tenancy import in_organisation

router = Router(tags=["Imports"])

ImportRef = Annotated[str, Field(max_length=100, description="An import, `imp_…`.")]


class ShownImport(Answer):
    """A file being imported: how far it is, what came of it, and why it stopped if it did.

    `skipped` counts rows left out on purpose by reason, `points` what was granted by unit, `totals` what
    the file adds up to against what the mapping says it must.
    """

    id: str
    name: str
    state: Literal[
        "waiting",
        "checking",
        "posting",
        "paused",
        "cancelled",
        "done",
        "refused",
        "failed",
        "reversing",
        "reversed",
    ]
    rows_done: int
    bytes_done: int
    bytes_total: int
    recorded: int
    repeated: int
    rejected: int
    skipped: dict[str, int]
    points: dict[str, int]
    totals: dict[str, Any]
    refusal: dict[str, Any] | None
    created_at: datetime
    created_by: str
    started_at: datetime | None
    finished_at: datetime | None
    links: dict[str, str]


class ShownRejectedRow(Answer):
    """A row that could not be taken: which, why, and what to do about all rows of the same `repair`."""

    file: str
    row: int
    field: str
    repair: str
    sentence: str
    content: dict[str, Any]


@router.post(
    "/imports", response={202: ShownImport}, operation_id="start_import", summary="Import a file of activity"
)
@allows(scopes=["activity:write"], to="import activity", keyless=True)
@body_up_to(UPLOAD_BYTES_MAX)
def post_import(
    request: HttpRequest,
    file: File[UploadedFile],
    mapping: Annotated[str, Form(max_length=100_000, description="The mapping, as YAML.")],
    name: Annotated[
        str, Form(max_length=200, description="What to call it; the file's own name if empty.")
    ] = "",
) -> Status[ShownImport]:
    """Send a file and the mapping of its columns; a worker imports it. Follow it at its own address.

    The file may be CSV, TSV, XLSX, NDJSON or Parquet, plain or gzip or zstd. The same file under the same
    mapping that is not done is found again, not begun twice, and goes on where it was stopped; its events have
    ids of their own.
    """
    actor = actor_of(request)
    path = keep_upload(actor.organisation_id, file.name or "", file.chunks())
    with in_organisation(actor.organisation_id):
        batch = start_import(
            actor.organisation_id,
            path=path,
            mapping=mapping,
            actor=actor.ref,
            name=(name or Path(file.name or "file").name)[:200],
        )
        batch = go_on_later(actor.organisation_id, batch.id, actor=actor.ref)
    return Status(202, _shown(batch))


@router.get("/imports", response=Page[ShownImport], operation_id="list_imports", summary="List imports")
@allows(scopes=["activity:read"], to="read imports")
def list_imports(request: HttpRequest, after: After = None, limit: Limit = 50) -> Page[ShownImport]:
    """Imports, newest first."""
    found = imports(actor_of(request).organisation_id, before=read_cursor(after, one_number), limit=limit + 1)
    return page(found, limit, _shown, lambda batch: write_cursor(batch.id))


@router.get(
    "/imports/{import_id}", response=ShownImport, operation_id="get_import", summary="Follow an import"
)
@allows(scopes=["activity:read"], to="read imports")
def get_import(request: HttpRequest, import_id: ImportRef) -> ShownImport:
    """One import, as far as it is."""
    return _shown(_named(request, import_id))


@router.get(
    "/imports/{import_id}/rejects",
    response=Page[ShownRejectedRow],
    operation_id="list_rejected_rows",
    summary="Read rejected rows",
)
@allows(scopes=["activity:read"], to="read imports")
def list_rejects(
    request: HttpRequest,
    import_id: ImportRef,
    repair: Annotated[str, Field(max_length=100, description="Of this repair only.")] = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownRejectedRow]:
    """Rows that could not be taken, in the order of the file."""
    batch = _named(request, import_id)
    found = rejected_rows(
        batch.organisation_id,
        batch.id,
        repair=repair,
        after=read_cursor(after, one_number) or 0,
        limit=limit + 1,
    )
    return page(found, limit, _shown_row, lambda row: write_cursor(row.id))


@router.get(
    "/imports/{import_id}/rejects.csv",
    response={200: str},
    operation_id="download_rejected_rows",
    summary="Download rejected rows to repair",
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
@allows(scopes=["activity:read"], to="read imports")
def download_rejects(request: HttpRequest, import_id: ImportRef) -> HttpResponse:
    """The rejected rows as a CSV file, each with its reason: repair it and import it again."""
    batch = _named(request, import_id)
    rows = rejected_rows(batch.organisation_id, batch.id, limit=REJECTED_ROWS_KEPT)
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        write_rejects(file.name, _row_errors(rows))
        response = HttpResponse(Path(file.name).read_bytes(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{reference(batch)}-rejects.csv"'
    return response


@router.post(
    "/imports/{import_id}/pause", response=ShownImport, operation_id="pause_import", summary="Pause an import"
)
@allows(scopes=["activity:write"], to="import activity")
def post_pause(request: HttpRequest, import_id: ImportRef) -> ShownImport:
    """Stop after the step it is at; nothing of what is done is lost."""
    actor = actor_of(request)
    return _shown(pause_import(actor.organisation_id, _named(request, import_id).id, actor=actor.ref))


@router.post(
    "/imports/{import_id}/cancel",
    response=ShownImport,
    operation_id="cancel_import",
    summary="Cancel an import",
)
@allows(scopes=["activity:write"], to="import activity")
def post_cancellation(request: HttpRequest, import_id: ImportRef) -> ShownImport:
    """End it after the step it is at. What is in by then stays in: `rows_done` and `recorded` say how much.

    It can go on later, or be taken back.
    """
    actor = actor_of(request)
    return _shown(cancel_import(actor.organisation_id, _named(request, import_id).id, actor=actor.ref))


@router.post(
    "/imports/{import_id}/resume",
    response=ShownImport,
    operation_id="resume_import",
    summary="Go on with an import",
)
@allows(scopes=["activity:write"], to="import activity")
def post_resume(request: HttpRequest, import_id: ImportRef) -> ShownImport:
    """Go on from where it was paused, cancelled or left."""
    actor = actor_of(request)
    return _shown(go_on_later(actor.organisation_id, _named(request, import_id).id, actor=actor.ref))


@router.post(
    "/imports/{import_id}/reverse",
    response={202: ShownImport},
    operation_id="reverse_import",
    summary="Take an import back",
)
@allows(scopes=["activity:write"], to="import activity")
def post_reversal(request: HttpRequest, import_id: ImportRef, because: Because) -> Status[ShownImport]:
    """Take back what the file's events earned, exactly; a worker does it. The events stay in the book."""
    actor, batch = actor_of(request), _named(request, import_id)
    refuse_irreversible(batch)
    reverse_later(batch.organisation_id, batch.id, actor=actor.ref, reason=because.reason)
    return Status(202, _shown(batch))


def _named(request: HttpRequest, text: str) -> ImportBatch:
    prefix, _, number = text.partition("_")
    known = prefix == "imp" and number.isascii() and number.isdigit() and len(number) <= 9
    batch = import_by_id(actor_of(request).organisation_id, int(number)) if known else None
    if batch is None:
        raise ImportNotThere(ref=text)
    return batch


def _row_errors(rows: list[RejectedRow]) -> Iterator[RowError]:
    for row in rows:
        yield RowError(
            row.file,
            row.row,
            row.row,
            row.field,
            row.repair,
            row.sentence,
            tuple(row.content),
            row.content,
        )


def _shown(batch: ImportBatch) -> ShownImport:
    at = f"/api/v1/imports/{reference(batch)}"
    return ShownImport(
        id=reference(batch),
        name=batch.name,
        state=batch.state,  # type: ignore[arg-type]  # one of the choices
        rows_done=batch.rows_done,
        bytes_done=batch.bytes_done,
        bytes_total=batch.bytes_total,
        recorded=batch.recorded,
        repeated=batch.repeated,
        rejected=batch.errors,
        skipped=batch.skipped,
        points=batch.points,
        totals=batch.totals,
        refusal=batch.refusal,
        created_at=batch.created_at,
        created_by=batch.created_by,
        started_at=batch.started_at,
        finished_at=batch.finished_at,
        links={"self": at, "rejects": f"{at}/rejects", "rejects_csv": f"{at}/rejects.csv"},
    )


def _shown_row(row: RejectedRow) -> ShownRejectedRow:
    return ShownRejectedRow(
        file=row.file,
        row=row.row,
        field=row.field,
        repair=row.repair,
        sentence=row.sentence,
        content=row.content,
    )
