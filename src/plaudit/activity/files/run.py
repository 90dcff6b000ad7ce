"""One reading of files under a mapping: the batch being filled, what is compiled, and the place reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from plaudit.activity.files.compiled import CompiledMapping
from plaudit.activity.files.digests import content_digests
from plaudit.activity.files.grouping import Groups
from plaudit.activity.files.identity import identity_of
from plaudit.activity.files.limits import Limits
from plaudit.activity.files.mapping import Mapping
from plaudit.activity.files.opening import open_table
from plaudit.activity.files.records import Batch, Position, RowError, Span
from plaudit.activity.files.refusals import FileChanged, FileEmpty
from plaudit.activity.files.sources import OpenedFile, Reading, list_files
from plaudit.activity.files.tables import Chunk, Table
from plaudit.activity.files.values import CellProblem

EMPTY_FILE = "empty_file"

# Called with each file's compiled mapping; answers with what is to be told of every row as it is found.
Observer: TypeAlias = Callable[[CompiledMapping], Callable[[Any], None]]
Keep: TypeAlias = Callable[[Chunk, list[Any], str], None]


class Run:
    """Reads the files behind a path once, from a position on."""

    def __init__(
        self, path: str | Path, mapping: Mapping, size: int, limits: Limits, observer: Observer | None
    ) -> None:
        assert size > 0
        self._path = path
        self._mapping = mapping
        self._size = size
        self._chunk_rows = max(1, min(size // 4, 2_500))
        self._limits = limits
        self._observer = observer
        self._reading = Reading(list_files(path), mapping.file.compression, limits)
        self._compiled: CompiledMapping | None = None
        self._shape: Any = None
        self._observe: Callable[[Any], None] | None = None
        self._digests: list[str] = []
        self._batch = Batch()
        self._rows = 0
        self._rows_before = 0
        self._since = 0
        self._last = Position(0, "", 0, 0, 0, 0, self._reading.bytes_total)
        # While lines are folded again after a kill, what was already reported of them stays unsaid.
        self._muted = False
        group = mapping.group
        self._groups = Groups(group, limits.groups_in_memory) if group is not None else None
        self._whole_set = group is not None and group.within == "set"

    def batches(self, start: Position | None) -> Iterator[Batch]:
        """The batches after `start`; see read_events."""
        if start is not None and start.finished:
            return
        if start is not None:
            self._last = start
            self._rows = self._rows_before = 0 if self._whole_set else start.rows_before
        first = 0 if start is None or self._whole_set else start.file
        done = start.records if start is not None else 0
        opened: OpenedFile | None = None
        for opened in self._reading.files(first):
            resumed = start is not None and done > 0 and (self._whole_set or opened.index == first)
            if resumed and start is not None and opened.name != start.name and not self._whole_set:
                found = f"Reading stopped in {start.name}; in its place there is now {opened.name}."
                raise FileChanged(opened.name, found, "Put the files back as they were, or import them anew.")
            table = self._table(opened)
            if table is None:
                continue
            try:
                yield from self._one_file(opened, table, done if resumed else 0)
            finally:
                table.close()
            self._rows_before = self._rows
        if self._whole_set and opened is not None:
            yield from self._grouped(opened, done)
        index, name = (opened.index + 1, opened.name) if opened is not None else (first, "")
        yield self._flush(index, name, 0, finished=True)

    def _one_file(self, opened: OpenedFile, table: Table, done: int) -> Iterator[Batch]:
        if self._groups is None:
            yield from self._plain(opened, table, done)
            return
        self._muted = done > 0
        yield from self._fold(opened, table)
        if not self._whole_set:
            yield from self._grouped(opened, done)

    # Opening and compiling.

    def _table(self, opened: OpenedFile) -> Table | None:
        """The file's rows with the mapping compiled for them; None where it is one empty file among others."""
        try:
            table = open_table(opened, self._mapping.file, self._limits)
        except FileEmpty:
            if opened.alone:
                raise
            self._batch.noted[EMPTY_FILE] += 1
            return None
        columns = () if table.keyed else table.columns
        shape = (columns, table.keyed, table.native, table.repaired)
        try:
            if self._compiled is None or shape != self._shape:
                self._drain()
                self._compiled = CompiledMapping(self._mapping, table, opened.name, self._limits)
                self._shape = shape
                self._observe = self._observer(self._compiled) if self._observer is not None else None
            self._compiled.identity = identity_of(
                self._mapping.key, opened, lambda: self._digest(opened.index)
            )
        except BaseException:
            table.close()
            raise
        self._span(opened.name, table.columns)
        return table

    def _digest(self, index: int) -> str:
        self._digests = self._digests or content_digests(
            self._path, self._mapping.file.compression, self._limits
        )
        return self._digests[index]

    def _span(self, name: str, columns: tuple[str, ...]) -> None:
        self._batch.spans.append(Span(len(self._batch.rows), name, columns, self._mapping.key.row_number))

    # Rows, each on its own.

    def _plain(self, opened: OpenedFile, table: Table, done: int) -> Iterator[Batch]:
        self._rows += done
        for chunk in table.chunks(self._chunk_rows, done):
            self._take(chunk, opened.name, self._keep)
            if self._is_full():
                yield self._flush(opened.index, opened.name, chunk.last)
                self._span(opened.name, table.columns)

    def _keep(self, chunk: Chunk, made: list[Any], _name: str) -> None:
        """Put what the rows of a chunk became into the batch, each beside its row."""
        batch = self._batch
        kept = batch.members if self._mapping.record == "member" else batch.events
        numbers = range(chunk.first, chunk.first + len(chunk.rows))
        if None not in made:
            kept += made
            batch.rows += chunk.places
            batch.numbers += numbers
            batch.cells += chunk.rows
            return
        for each, place, number, row in zip(made, chunk.places, numbers, chunk.rows, strict=True):
            if each is not None:
                kept.append(each)
                batch.rows.append(place)
                batch.numbers.append(number)
                batch.cells.append(row)

    def _take(self, chunk: Chunk, name: str, keep: Keep) -> None:
        """Make each row of a chunk into an event and keep it; collect the errors."""
        compiled = self._compiled
        assert compiled is not None
        make, observe, number = compiled.make, self._observe, chunk.first
        keys: Sequence[int | str] = range(number, number + len(chunk.rows))
        if chunk.keys is not None:
            keys = [key or number for key, number in zip(chunk.keys, keys, strict=True)]
        if observe is not None:
            for row in chunk.rows:
                observe(row)
        made: list[Any] = []
        for row, key in zip(chunk.rows, keys, strict=True):
            try:
                made.append(make(row, key))
            except CellProblem as problem:
                place, number = chunk.places[len(made)], chunk.first + len(made)
                made.append(None)
                self._refuse(row, RowError(name, place, number, "", problem.repair, problem.sentence), key)
        keep(chunk, made, name)
        for error in chunk.errors:
            self._add_error(error, error.number)
            self._spoil(error.cells)
        passed = chunk.last - chunk.first + 1
        self._rows += passed
        self._since += passed

    # Rows at fault.

    def _refuse(self, row: Any, error: RowError, key: int | str) -> None:
        """Report every fault of a row, and take its group with it."""
        compiled = self._compiled
        assert compiled is not None
        compiled.uncount(row, key)
        columns = self._batch.spans[-1].columns
        cells = row if row.__class__ is dict else tuple(row)
        found = compiled.problems(row)
        for field, problem in found:
            said = (field, problem.repair, problem.sentence, columns, cells)
            self._add_error(RowError(error.file, error.row, error.number, *said), key)
        if not found:
            self._add_error(msgspec.structs.replace(error, columns=columns, cells=cells), key)
        self._spoil(row)

    def _add_error(self, error: RowError, key: int | str) -> None:
        if self._muted:
            return
        if self._mapping.key.row_number:
            assert self._compiled is not None
            known = key if isinstance(key, str) else f"{self._compiled.identity}:{key}"
            error = msgspec.structs.replace(error, key=known)
        self._batch.errors.append(error)

    def _spoil(self, row: Any) -> None:
        """A line at fault makes its group incomplete, as far as its group can be read."""
        if self._groups is not None and row is not None:
            assert self._compiled is not None
            key = self._compiled.group_key(row)
            if key is not None:
                self._groups.spoil(key)

    # Lines folded to groups.

    def _fold(self, opened: OpenedFile, table: Table) -> Iterator[Batch]:
        """Read all lines of a file into the groups. The batches are empty and tell how far reading is."""
        groups = self._groups
        assert groups is not None

        def keep(chunk: Chunk, made: list[Any], name: str) -> None:
            for offset, event in enumerate(made):
                if event is not None:
                    place, number = chunk.places[offset], chunk.first + offset
                    try:
                        groups.add(event, name, place, number)
                    except CellProblem as problem:
                        error = RowError(name, place, number, "", problem.repair, problem.sentence)
                        self._refuse(chunk.rows[offset], error, number)

        for chunk in table.chunks(5_000):
            self._take(chunk, opened.name, keep)
            if self._since >= 20 * self._size:
                self._since = 0
                read = self._reading.bytes_read
                yield Batch(position=msgspec.structs.replace(self._last, rows=self._rows, bytes_read=read))
        if self._muted:
            self._drain()
            self._muted = self._whole_set

    def _grouped(self, opened: OpenedFile, done: int) -> Iterator[Batch]:
        """The events of the groups after the first `done`, having reported the lines of spoiled ones."""
        groups, batch = self._groups, self._batch
        assert groups is not None
        spoiled = set(groups.spoiled)
        if not done:
            self._report_lines(spoiled, opened)
        self._muted = False
        name = None
        for count, (event, file, place, number) in enumerate(groups.finished(), 1):
            if count <= done:
                continue
            batch = self._batch
            if file != name or not batch.spans:
                name = file
                self._span(file, ())
            batch.events.append(event)
            batch.rows.append(place)
            batch.numbers.append(number)
            batch.cells.append(None)
            if len(batch.events) >= self._size:
                yield self._flush(opened.index, opened.name, count)
        self._report_lines(groups.spoiled - spoiled, opened)
        group = self._mapping.group
        assert group is not None
        self._groups = Groups(group, self._limits.groups_in_memory)

    def _report_lines(self, keys: set[str], opened: OpenedFile) -> None:
        """Refuse the lines of groups that cannot be whole, so that they can be repaired together."""
        if not keys:
            return
        known = {(error.file, error.number) for error in self._batch.errors}
        only = None if self._whole_set else opened.index
        for error in lines_of_groups(self._path, self._mapping, keys, only_file=only, limits=self._limits):
            if (error.file, error.number) not in known:
                self._batch.errors.append(error)

    # Batches.

    def _is_full(self) -> bool:
        batch = self._batch
        return (
            len(batch.rows) + self._chunk_rows > self._size
            or len(batch.errors) >= self._size
            or self._since >= 20 * self._size
        )

    def _drain(self) -> None:
        """Move what the compiled mapping has counted to the batch; while muted, forget it."""
        compiled = self._compiled
        if compiled is None:
            return
        if not self._muted:
            self._batch.skipped.update(compiled.skipped)
            self._batch.noted.update(compiled.noted)
        compiled.skipped.clear()
        compiled.noted.clear()

    def _flush(self, file: int, name: str, records: int, *, finished: bool = False) -> Batch:
        self._drain()
        batch, reading = self._batch, self._reading
        read = reading.bytes_total if finished else reading.bytes_read
        total = reading.bytes_total
        before = self._rows_before
        self._last = batch.position = Position(file, name, records, self._rows, before, read, total, finished)
        self._batch = Batch()
        self._since = 0
        return batch


def lines_of_groups(
    path: str | Path, mapping: Mapping, keys: set[str], *, only_file: int | None = None, limits: Limits
) -> Iterator[RowError]:
    """The readable lines of the groups with these ids, as errors: for reporting a group that was refused.

    Reads the files (or the one with index `only_file`) once more; memory does not grow with the groups.
    """
    for opened in Reading(list_files(path), mapping.file.compression, limits).files(only_file or 0):
        if only_file is not None and opened.index != only_file:
            return
        try:
            table = open_table(opened, mapping.file, limits)
        except FileEmpty:
            continue
        try:
            compiled = CompiledMapping(mapping, table, opened.name, limits)
            for chunk in table.chunks(2_000):
                for offset, (row, place) in enumerate(zip(chunk.rows, chunk.places, strict=True)):
                    key = compiled.group_key(row)
                    if key in keys and _is_line(compiled, row):
                        said = f"Another line of {key} cannot be used, and a group is taken whole. Repair that line."
                        cells = row if row.__class__ is dict else tuple(row)
                        yield RowError(
                            opened.name,
                            place,
                            chunk.first + offset,
                            "",
                            "group_incomplete",
                            said,
                            table.columns,
                            cells,
                        )
        finally:
            table.close()


def _is_line(compiled: CompiledMapping, row: Any) -> bool:
    """Whether the row is a line that its group would hold: readable, and not left out."""
    try:
        return compiled.make(row, 0) is not None
    except CellProblem:
        return False
