"""Files of activity in the console: every import, and one of them as far as it is, with what became of its rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from plaudit.activity.files import RowError, write_rejects
from plaudit.activity.imports import import_by_id, imports, rejected_rows
from plaudit.activity.models import BatchState, ImportBatch, RejectedRow
from plaudit.earning.actions.import_file import REJECTED_ROWS_KEPT, RUNNABLE, reference
from plaudit.earning.actions.reverse_import import REVERSIBLE
from plaudit.earning.refusals import ImportNotThere
from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.written import number
from plaudit.ledger.units import UnitPolicy, units_by_key

READS = (RoleName.MANAGER, RoleName.DEVELOPER, RoleName.OPERATOR, RoleName.FINANCE, RoleName.AUDITOR)
IMPORTS = (RoleName.MANAGER, RoleName.DEVELOPER, RoleName.OPERATOR)

PAGE = 50
EVIDENCE = timedelta(seconds=5)
STALLED = timedelta(seconds=60)

_MOVING = (BatchState.WAITING, BatchState.CHECKING, BatchState.POSTING, BatchState.REVERSING)
_STATES = {
    BatchState.WAITING: "waiting",
    BatchState.CHECKING: "running",
    BatchState.POSTING: "running",
    BatchState.PAUSED: "paused",
    BatchState.CANCELLED: "cancelled",
    BatchState.DONE: "done",
    BatchState.REFUSED: "failed",
    BatchState.FAILED: "failed",
    BatchState.REVERSING: "running",
    BatchState.REVERSED: "cancelled",
}


@require_GET
@allows(roles=READS, to="see imports")
def import_list(request: HttpRequest) -> HttpResponse:
    """Every import, newest first."""
    actor = actor_of(request)
    before = _number(request.GET.get("before", ""))
    found = imports(actor.organisation_id, before=before, limit=PAGE + 1)
    page, more = found[:PAGE], len(found) > PAGE
    shown = {
        "title": _("Imports"),
        "lead": _("Files of activity and members, and what became of every row."),
        "imports": import_rows(page),
        "pages": {
            "previous": request.path if before else "",
            "next": f"?before={page[-1].id}" if more else "",
            "summary": "",
        }
        if before or more
        else None,
        "may_import": actor.has_role(*IMPORTS),
    }
    return render(request, "earning/console_imports.html", shown)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def import_rows(batches: Iterable[ImportBatch]) -> list[dict[str, Any]]:
    """Imports as rows of a table."""
    kinds = {"running": "info", "done": "good", "failed": "bad", "paused": "warn"}
    return [
        {
            "name": batch.name,
            "url": reverse("console:import", args=[reference(batch)]),
            "state": _state_words(batch),
            "kind": kinds.get(_STATES[BatchState(batch.state)], "neutral"),
            "rows": batch.rows_done,
            "recorded": batch.recorded,
            "errors": batch.errors,
            "created_at": batch.created_at,
        }
        for batch in batches
    ]


def _state_words(batch: ImportBatch) -> str:
    return {
        "waiting": _("Waiting"),
        "checking": _("Being checked"),
        "posting": _("Being imported"),
        "paused": _("Paused"),
        "cancelled": _("Cancelled"),
        "done": _("Done"),
        "refused": _("Refused"),
        "failed": _("Failed"),
        "reversing": _("Being reversed"),
        "reversed": _("Reversed"),
    }[batch.state]


def trail(last: str) -> list[dict[str, str]]:
    return [{"label": _("Imports"), "url": reverse("console:imports")}, {"label": last, "url": ""}]


@require_GET
@allows(roles=READS, to="follow imports")
def import_page(request: HttpRequest, import_id: str) -> HttpResponse:
    """One import, as far as it is; the page follows it while it moves."""
    return import_page_shown(request, import_id)


def import_page_shown(request: HttpRequest, import_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    batch = import_named(actor.organisation_id, import_id)
    repair = request.GET.get("repair", "")
    shown = {
        **_standing(batch, units_by_key(actor.organisation_id)),
        "title": batch.name,
        "trail": trail(reference(batch)),
        "mapping": batch.mapping,
        "repair": repair,
        "rejected": rejected_rows(actor.organisation_id, batch.id, repair=repair, limit=20) if repair else [],
        "may_import": actor.has_role(*IMPORTS),
        "refusal": refusal,
    }
    return render(request, "earning/console_import.html", shown)


@require_GET
@allows(roles=READS, to="follow imports")
def import_progress(request: HttpRequest, import_id: str) -> HttpResponse:
    """What moves on the page of an import, for the page itself to take in."""
    actor = actor_of(request)
    batch = import_named(actor.organisation_id, import_id)
    shown = {
        **_standing(batch, units_by_key(actor.organisation_id)),
        "may_import": actor.has_role(*IMPORTS),
        "moved_on": request.GET.get("state", "") != batch.state,
        "live": True,
    }
    return render(request, "earning/console_import_progress.html", shown)


def import_named(organisation_id: int, text: str) -> ImportBatch:
    """One import (`imp_…`). Raises `ImportNotThere`."""
    number = _number(text.removeprefix("imp_")) if text.startswith("imp_") else None
    batch = import_by_id(organisation_id, number) if number is not None else None
    if batch is None:
        raise ImportNotThere(ref=text)
    return batch


def _standing(batch: ImportBatch, units: dict[str, UnitPolicy]) -> dict[str, Any]:
    """The job as the design draws it, with the figures beside it."""
    granted = [units[key].say(amount) for key, amount in batch.points.items() if key in units]
    return {
        "batch": batch,
        "reference": reference(batch),
        "job": _job(batch),
        "points": ", ".join(granted) or _("none"),
        "skipped": [{"why": why, "count": count} for why, count in batch.skipped.items()],
        "stopped": _stopped(batch),
        "can_pause": batch.state in RUNNABLE,
        "can_cancel": batch.state in (*RUNNABLE, BatchState.PAUSED),
        "can_resume": batch.state in (BatchState.PAUSED, BatchState.CANCELLED, BatchState.FAILED),
        "can_reverse": batch.state in REVERSIBLE and batch.state != BatchState.REVERSING and batch.recorded,
    }


def _stopped(batch: ImportBatch) -> str:
    """How much of a stopped file is in, or that it was taken back, in words; empty of any other."""
    if batch.state == BatchState.REVERSED:
        return _("It was taken back: its activity stays on record and is worth nothing.")
    if batch.state not in (BatchState.PAUSED, BatchState.CANCELLED):
        return ""
    total = max(int(batch.totals.get("rows") or 0), batch.rows_done)
    if not batch.rows_done:
        return _("Nothing of it is in yet.")
    return _("{done} of {total} rows were read, and {recorded} are in. Take them back, or go on.").format(
        done=number(batch.rows_done), total=number(total), recorded=number(batch.recorded)
    )


def _job(batch: ImportBatch) -> dict[str, Any]:
    state, now = _STATES[BatchState(batch.state)], clock.wall()
    moving = batch.state in _MOVING
    if moving and batch.state != BatchState.WAITING and batch.moved_at and now - batch.moved_at > STALLED:
        state = "stalled"
    total = int(batch.totals.get("rows") or 0)
    rate, left = _speed(batch, total)
    page = reverse("console:import", args=[reference(batch)])
    return {
        "id": reference(batch),
        "title": _("Progress"),
        "state": state,
        "done": batch.rows_done,
        "total": max(total, batch.rows_done) if total else 0,
        "noun": _("rows"),
        "stages": _stages(batch),
        "rate": rate,
        "seconds_left": left,
        "problems": _problems(batch, page),
        "updated_at": now,
        "url": f"{page}/progress?state={batch.state}",
        "follows": f"import/{reference(batch)}",
        "rejects_url": f"{page}/rejects.csv" if batch.errors else "",
    }


def _stages(batch: ImportBatch) -> list[dict[str, str]]:
    at = {BatchState.WAITING: 0, BatchState.CHECKING: 1, BatchState.REFUSED: 1, BatchState.DONE: 3}.get(
        BatchState(batch.state), 2 if batch.position else 1
    )
    names = (_("Sent"), _("Counted"), _("Imported"))
    return [
        {"name": name, "state": "done" if place < at else ("now" if place == at else "")}
        for place, name in enumerate(names)
    ]


def _speed(batch: ImportBatch, total: int) -> tuple[int | None, int | None]:
    """Rows a second and seconds left, once there are five seconds of evidence."""
    if batch.state != BatchState.POSTING or batch.started_at is None or not batch.rows_done:
        return None, None
    taken = clock.now() - batch.started_at
    if taken < EVIDENCE:
        return None, None
    rate = max(1, int(batch.rows_done / taken.total_seconds()))
    return rate, max(0, total - batch.rows_done) // rate if total else None


def _problems(batch: ImportBatch, page: str) -> list[dict[str, Any]]:
    """Rejected rows grouped by what repairs them, the most first, with the sentence of the first of them."""
    if not batch.errors:
        return []
    rows = RejectedRow.objects.filter(organisation_id=batch.organisation_id, batch_id=batch.id)
    groups = list(rows.values("repair").annotate(count=Count("id"), first=Min("id")).order_by("-count")[:20])
    first = RejectedRow.objects.in_bulk([group["first"] for group in groups])
    return [
        {
            "count": group["count"],
            "text": ngettext("row: {sentence}", "rows such as: {sentence}", group["count"]).format(
                sentence=first[group["first"]].sentence
            ),
            "url": f"{page}?repair={group['repair']}#rejected",
        }
        for group in groups
    ]


@require_GET
@allows(roles=READS, to="read imports")
def import_rejects(request: HttpRequest, import_id: str) -> HttpResponse:
    """The rejected rows as a file: repair it and import it again."""
    batch = import_named(actor_of(request).organisation_id, import_id)
    rows = rejected_rows(batch.organisation_id, batch.id, limit=REJECTED_ROWS_KEPT)
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        write_rejects(file.name, _row_errors(rows))
        response = HttpResponse(Path(file.name).read_bytes(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{reference(batch)}-rejects.csv"'
    return response


def _row_errors(rows: Iterable[RejectedRow]) -> Iterator[RowError]:
    for row in rows:
        yield RowError(
            row.file, row.row, row.row, row.field, row.repair, row.sentence, tuple(row.content), row.content
        )
