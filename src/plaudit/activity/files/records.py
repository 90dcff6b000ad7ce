"""What comes out of a file: rows, rows that cannot be read, members, batches, and the place reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from plaudit.activity.events import IncomingEvent
from plaudit.activity.files.values import shown_text


class Row(msgspec.Struct, frozen=True):
    """One row as it stands in a file: the line a person would count, and its cells by column name."""

    file: str
    row: int
    cells: dict[str, Any]


class RowError(msgspec.Struct, frozen=True):
    """Why one row could not become an event.

    `row` is what a person would count: the line of a text file (from 1, header included), the row of a
    sheet, the element of a JSON array or Parquet file. `number` is the row's place among the data rows
    of its file, from 1, which identifies it to the importer. `repair` is a stable code by which errors
    are grouped; `sentence` says what was found and what to do. `cells` is the row as read, where it
    could be read, under the names in `columns`. `key` is the id the row's event would have had, where that
    is its place in the file: a repaired copy keeps it.
    """

    file: str
    row: int
    number: int
    field: str
    repair: str
    sentence: str
    columns: tuple[str, ...] = ()
    cells: Any = None
    key: str = ""

    def content(self) -> dict[str, str]:
        """The row as text by column name, fit for a JSON column: no NUL, no half characters."""
        if self.cells is None:
            return {}
        if isinstance(self.cells, Mapping):
            return {storable(str(name)): storable(shown_text(value)) for name, value in self.cells.items()}
        names = [*self.columns, *(f"extra {n}" for n in range(1, len(self.cells) - len(self.columns) + 1))]
        return {
            storable(name): storable(shown_text(value))
            for name, value in zip(names, self.cells, strict=False)
        }


def storable(text: str) -> str:
    """`text` with what neither UTF-8 nor PostgreSQL can hold replaced by the replacement character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


class IncomingMember(msgspec.Struct, frozen=True, gc=False):
    """One member from a members file: `external_id` in the outside system `source`, and what is said of them."""

    source: str
    external_id: str
    kind: str
    name: str | None
    attributes: dict[str, Any]


class Position(msgspec.Struct, frozen=True):
    """How far a reading is: enough to resume after a kill, and to show progress.

    `file` is the index of the file in its set and `name` its name; `records` counts what has been handed
    over of that file (rows, or groups where the mapping groups lines). `rows` counts data rows read in
    all files, `rows_before` those of the files before this one. `bytes_read` of `bytes_total` are bytes as
    they lie on disk. `finished` is true in the last position of a reading. As JSON: `msgspec.to_builtins(position)`
    and back `msgspec.convert(stored, Position)`.
    """

    file: int
    name: str
    records: int
    rows: int
    rows_before: int
    bytes_read: int
    bytes_total: int
    finished: bool = False


NOWHERE = Position(0, "", 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """From index `start` on, the events of a batch come from this file, whose columns these are.

    `by_place` says whether their ids are their places in the file.
    """

    start: int
    file: str
    columns: tuple[str, ...]
    by_place: bool


@dataclass(slots=True)
class Batch:
    """Events (or members) read together, what could not be read, and the position after all of them.

    Every row up to `position` is in exactly one batch: as an event, an error, or a count in `skipped`.
    `noted` counts what was kept but deserves a number: members unknown, placeholder values, local times
    that occur twice. `rows` gives the row of each event, `cells` the row itself (None for a group).
    """

    events: list[IncomingEvent] = field(default_factory=list)
    members: list[IncomingMember] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    rows: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    cells: list[Any] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    position: Position = NOWHERE

    def refuse(self, index: int, *, field: str, repair: str, sentence: str) -> RowError:
        """The error for event (or member) `index` of this batch, refused after reading; it is not added."""
        span = next(span for span in reversed(self.spans) if span.start <= index)
        key = self.events[index].id if span.by_place and self.events else ""
        row, number, cells = self.rows[index], self.numbers[index], self.cells[index]
        return RowError(span.file, row, number, field, repair, sentence, span.columns, cells, key)
