"""Answers about imported files: how far each is, and which rows it could not take."""

from __future__ import annotations

import tempfile
from pathlib import Path

from plaudit.activity.files import RowError, write_rejects
from plaudit.activity.models import ImportBatch, RejectedRow


def imports(organisation_id: int, *, before: int | None = None, limit: int = 50) -> list[ImportBatch]:
    """Imports, newest first, without the mapping's text. `limit` is at most 201."""
    assert 0 < limit <= 201
    found = ImportBatch.objects.filter(organisation_id=organisation_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def import_by_id(organisation_id: int, batch_id: int) -> ImportBatch | None:
    """One import; None where there is none."""
    return ImportBatch.objects.filter(organisation_id=organisation_id, id=batch_id).first()


def rejected_rows(
    organisation_id: int, batch_id: int, *, repair: str = "", after: int = 0, limit: int = 50
) -> list[RejectedRow]:
    """Rows an import could not take, in the order of the file, of one repair where one is named."""
    found = RejectedRow.objects.filter(organisation_id=organisation_id, batch_id=batch_id, id__gt=after)
    if repair:
        found = found.filter(repair=repair)
    return list(found.order_by("id")[:limit])


def rejects_to_repair(rows: list[RejectedRow]) -> str:
    """Rejected rows as a CSV file with their reasons; repaired, it is imported under the same mapping."""
    errors = [
        RowError(
            one.file, one.row, one.row, one.field, one.repair, one.sentence, tuple(one.content), one.content
        )
        for one in rows
    ]
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        write_rejects(file.name, errors)
        return Path(file.name).read_text(encoding="utf-8")
