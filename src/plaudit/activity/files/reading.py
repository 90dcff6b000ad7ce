"""Reading files under a mapping: rows as they stand, or events in batches that can be taken up after a kill."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from plaudit.activity.files.limits import LIMITS, Limits
from plaudit.activity.files.mapping import Mapping
from plaudit.activity.files.opening import open_table
from plaudit.activity.files.records import Batch, Position, Row, RowError
from plaudit.activity.files.run import Observer, Run
from plaudit.activity.files.sources import Reading, list_files

BATCH_EVENTS = 1_000


def open_rows(path: str | Path, mapping: Mapping, *, limits: Limits = LIMITS) -> Iterator[Row | RowError]:
    """Every data row behind `path` as it stands, in order; a RowError where one cannot be taken apart."""
    for opened in Reading(list_files(path), mapping.file.compression, limits).files():
        table = open_table(opened, mapping.file, limits)
        try:
            for chunk in table.chunks(500):
                for place, row in zip(chunk.places, chunk.rows, strict=True):
                    cells = row if table.keyed else dict(zip(table.columns, row, strict=False))
                    yield Row(opened.name, place, cells)
                yield from chunk.errors
        finally:
            table.close()


def read_events(
    path: str | Path,
    mapping: Mapping,
    start_after: Position | None = None,
    *,
    size: int = BATCH_EVENTS,
    limits: Limits = LIMITS,
    observer: Observer | None = None,
) -> Iterator[Batch]:
    """The events (or members) behind `path`, in batches of at most `size`, after the position `start_after`.

    Deterministic: the same files and mapping give the same events with the same ids, and every row is in
    exactly one batch, so that a reading taken up after a kill at the last committed position continues
    exactly there. The last batch, perhaps empty, has a position that is `finished`; others may be empty
    too, and only tell how far reading is. Raises a FileRefusal where a file cannot be read, or not further,
    and FileChanged where the file reading stopped in is no longer there.
    """
    return Run(path, mapping, size, limits, observer).batches(start_after)
