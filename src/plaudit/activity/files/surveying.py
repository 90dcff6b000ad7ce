"""A first look at a file: its first rows, what they become under a mapping, and what deserves attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from plaudit.activity.events import IncomingEvent
from plaudit.activity.files.compiled import CompiledMapping
from plaudit.activity.files.grouping import Groups
from plaudit.activity.files.guessing import Sample, take_sample, write_guess
from plaudit.activity.files.identity import identity_of
from plaudit.activity.files.limits import LIMITS, Limits
from plaudit.activity.files.mapping import FileForm, Mapping
from plaudit.activity.files.mapping_text import load_mapping
from plaudit.activity.files.opening import open_table
from plaudit.activity.files.profiling import ColumnSeen
from plaudit.activity.files.records import IncomingMember, Row, RowError
from plaudit.activity.files.sources import ListedFile, Listing, OpenedFile, first_file, list_files
from plaudit.activity.files.tables import Chunk, Table
from plaudit.activity.files.values import CellProblem

# What becomes of a row: an event, a member, errors, or None where the mapping leaves it out.
Outcome: TypeAlias = IncomingEvent | IncomingMember | tuple[RowError, ...] | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file and what they become.

    `outcomes[i]` is what becomes of `rows[i]`. Where the mapping groups lines, `groups` holds the events
    the first rows make together, which may lack later lines. `mapping_text` is set where the mapping was
    guessed. `warnings` are sentences.
    """

    files: tuple[ListedFile, ...]
    left_out: tuple[str, ...]
    format: str
    form: FileForm
    columns: tuple[ColumnSeen, ...]
    rows: tuple[Row, ...]
    outcomes: tuple[Outcome, ...]
    groups: tuple[IncomingEvent, ...]
    skipped: Counter[str]
    noted: Counter[str]
    warnings: tuple[str, ...]
    mapping: Mapping
    mapping_text: str | None


def survey(
    path: str | Path, mapping: Mapping | None = None, *, rows: int = 20, limits: Limits = LIMITS
) -> Preview:
    """A first look at the file behind `path`: reads its beginning, posts nothing.

    Without a mapping one is guessed, as text a newcomer can edit. Raises a FileRefusal where the file cannot
    be read under the mapping at all.
    """
    sample = take_sample(path, mapping.file if mapping is not None else None, limits=limits)
    text = write_guess(sample) if mapping is None else None
    mapping = mapping if mapping is not None else load_mapping(text or "")
    first = _FirstRows(rows)
    first.read(path, mapping, limits)
    listing = list_files(path)
    return Preview(
        listing.files,
        listing.left_out,
        sample.format,
        sample.form,
        sample.columns,
        tuple(first.rows),
        tuple(first.outcomes),
        tuple(first.groups),
        first.skipped,
        first.noted,
        tuple(_warnings(sample, mapping, listing)),
        mapping,
        text,
    )


class _FirstRows:
    """The first rows of the first file, and what becomes of each."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self.rows: list[Row] = []
        self.outcomes: list[Outcome] = []
        self.groups: list[IncomingEvent] = []
        self.skipped: Counter[str] = Counter()
        self.noted: Counter[str] = Counter()

    def read(self, path: str | Path, mapping: Mapping, limits: Limits) -> None:
        with first_file(path, mapping.file.compression, limits) as opened:
            self._read(opened, mapping, limits)

    def _read(self, opened: OpenedFile, mapping: Mapping, limits: Limits) -> None:
        table = open_table(opened, mapping.file, limits)
        try:
            compiled = CompiledMapping(mapping, table, opened.name, limits)
            compiled.identity = identity_of(mapping.key, opened, lambda: "content")
            folded = Groups(mapping.group, self._wanted + 1) if mapping.group is not None else None
            for chunk in table.chunks(self._wanted):
                self._take(chunk, opened.name, table, compiled, folded)
                if len(self.rows) >= self._wanted:
                    break
            self.groups = [event for event, *_ in folded.finished()] if folded is not None else []
            self.skipped, self.noted = Counter(compiled.skipped), Counter(compiled.noted)
        finally:
            table.close()

    def _take(
        self, chunk: Chunk, name: str, table: Table, compiled: CompiledMapping, folded: Groups | None
    ) -> None:
        for offset, (row, place) in enumerate(zip(chunk.rows, chunk.places, strict=True)):
            if len(self.rows) >= self._wanted:
                return
            key: int | str = (chunk.keys[offset] if chunk.keys is not None else "") or chunk.first + offset
            cells = row if table.keyed else dict(zip(table.columns, row, strict=False))
            self.rows.append(Row(name, place, cells))
            said = (table.columns, row if table.keyed else tuple(row))
            try:
                made = compiled.make(row, key)
                if folded is not None and isinstance(made, IncomingEvent):
                    folded.add(made, name, place, chunk.first + offset)
                self.outcomes.append(made)
            except CellProblem as problem:
                compiled.uncount(row, key)
                found = compiled.problems(row) or [("", problem)]
                errors = [
                    RowError(name, place, chunk.first + offset, field, each.repair, each.sentence, *said)
                    for field, each in found
                ]
                self.outcomes.append(tuple(errors))
        for error in chunk.errors[: self._wanted - len(self.rows)]:
            self.rows.append(Row(name, error.row, error.content()))
            self.outcomes.append((error,))


def _warnings(sample: Sample, mapping: Mapping, listing: Listing) -> Iterator[str]:
    """What deserves attention before the file is imported, as sentences."""
    names = {column.name for column in sample.columns}
    if sample.format in ("json", "ndjson"):
        for name in mapping.columns():
            if name not in names and name.partition(".")[0] not in names:
                yield f"No object among the first has the key {name}, which the mapping reads."
    for column in sample.columns:
        if column.formulas:
            yield (
                f"{column.formulas} cells of {column.name} look like formulas. They are kept as text, never run, "
                "and marked in a rejects file."
            )
        if "#" in column.name and column.name.rpartition("#")[2].isdigit():
            yield f"The header has {column.name.rpartition('#')[0]} more than once; this one is called {column.name}."
    if not sample.columns or not any(column.seen for column in sample.columns):
        yield "The file has a header and no rows."
    if mapping.record == "event" and mapping.subject is None:
        yield "The mapping names no subject, so that no event belongs to a member."
    if listing.left_out:
        yield f"{len(listing.left_out)} files of the folder are left out, such as {listing.left_out[0]}."
