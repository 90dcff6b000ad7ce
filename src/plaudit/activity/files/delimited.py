"""Rows of CSV and TSV files, streamed: ragged rows, unclosed quotes and bad bytes cost one row each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal

from plaudit.activity.files.limits import Limits
from plaudit.activity.files.mapping import FileForm
from plaudit.activity.files.records import RowError
from plaudit.activity.files.refusals import FileEmpty, FileRefusal, WrongFormat
from plaudit.activity.files.rejects import ORIGIN_COLUMNS, take_origin
from plaudit.activity.files.sources import OpenedFile, check_is_text
from plaudit.activity.files.tables import Chunk, unique_names
from plaudit.activity.files.text import UNDECODABLE, LineProblem, Lines, settle_encoding
from plaudit.activity.files.values import shown

COLUMNS_MAX = 5_000


class DelimitedTable:
    """A CSV or TSV file. Row numbers are line numbers; a row of several lines has that of its first."""

    keyed = False
    native = False

    def __init__(self, opened: OpenedFile, form: FileForm, limits: Limits) -> None:
        check_is_text(opened, "delimited text")
        self._name = opened.name
        self._limits = limits
        self.repaired = opened.stream.peek(64).lstrip(b"\xef\xbb\xbf").startswith(ORIGIN_COLUMNS[0].encode())
        form = FileForm() if self.repaired else form
        self._form = form
        self._lines = Lines(opened, settle_encoding(opened, form.encoding), limits)
        self._rescans = limits.rescans
        # Lines before the one the present csv reader began with.
        self._base = 0
        self._begin()
        self.columns, self._waiting = self._header()
        self._width = len(self.columns) + (len(ORIGIN_COLUMNS) if self.repaired else 0)
        self._number = 0
        self._start = 1

    def _begin(self) -> None:
        form = self._form
        quoting: Literal[0, 3] = csv.QUOTE_NONE if form.quote == "none" else csv.QUOTE_MINIMAL
        quote = None if form.quote == "none" else form.quote
        self._reader = csv.reader(
            iter(self._lines), delimiter=form.delimiter, quotechar=quote, quoting=quoting, strict=True
        )

    def _header(self) -> tuple[tuple[str, ...], list[str] | None]:
        """The column names, and the first data row where the file has no header."""
        form = self._form
        try:
            for _ in range(form.skip_lines):
                next(self._reader, None)
            row = next((row for row in self._reader if row), None)
        except (csv.Error, LineProblem) as error:
            found = f"The header cannot be read: {error}."
            remedy = "Check the delimiter, the quotes, and skip_lines."
            raise WrongFormat(self._name, found, remedy, row=self._reader.line_num or 1) from None
        if row is None:
            if form.header or not form.columns:
                raise FileEmpty(
                    self._name, "The file is empty: it has no header.", "Check that it was written in full."
                )
            return form.columns, None
        if len(row) > COLUMNS_MAX:
            raise self._odd_header(f"The header has {len(row):,} columns.")
        if any("\0" in name or UNDECODABLE.search(name) for name in row):
            raise self._odd_header("The header holds characters that are not text.")
        if self.repaired:
            return unique_names(row[len(ORIGIN_COLUMNS) :]), None
        if form.header:
            return unique_names(row), None
        names = form.columns or tuple(str(place) for place in range(1, len(row) + 1))
        return names, row

    def _odd_header(self, found: str) -> FileRefusal:
        return WrongFormat(
            self._name, found, "Check the delimiter and the encoding.", row=self._reader.line_num
        )

    def close(self) -> None:
        """Nothing is held but the stream, which its owner closes."""

    def chunks(self, size: int, skip: int = 0) -> Iterator[Chunk]:
        """The rows in order. A row that cannot be read ends its chunk, as the chunk's error."""
        chunk = Chunk(self._number + 1)
        start = self._base + self._reader.line_num
        if self._waiting is not None:
            chunk.rows.append(self._waiting)
            chunk.places.append(start)
            self._waiting = None
        more = True
        while more:
            problem: tuple[int, str, str, Any] | None = None
            try:
                problem, more = self._fill(chunk, size)
            except csv.Error as fault:
                problem = self._unreadable(fault)
            except LineProblem as fault:
                problem = self._line_lost(fault)
            if problem is not None:
                place, repair, sentence, cells = problem
                number = chunk.first + len(chunk.rows)
                chunk.errors.append(
                    RowError(self._name, place, number, "", repair, sentence, self.columns, cells)
                )
            self._number = chunk.last
            if chunk.last > skip and (chunk.rows or chunk.errors):
                yield self._made(chunk, skip)
            chunk = Chunk(self._number + 1)

    def _fill(self, chunk: Chunk, size: int) -> tuple[tuple[int, str, str, Any] | None, bool]:
        """Read rows into the chunk until it is full, a row is in trouble, or the file ends (then: False)."""
        reader, lines, width, base = self._reader, self._lines, self._width, self._base
        rows, places = chunk.rows, chunk.places
        lines.watched = rows
        room, before, blank = size - len(rows), len(rows), 0
        start = base + reader.line_num + 1
        try:
            for row in islice(reader, room):
                if len(row) != width or lines.suspect:
                    if not row:
                        start = base + reader.line_num + 1
                        blank += 1
                        continue
                    problem = self._trouble(row, start)
                    if problem is not None:
                        return problem, True
                rows.append(row)
                places.append(start)
                start = base + reader.line_num + 1
        finally:
            self._start = start
        return None, len(rows) - before + blank == room

    def _trouble(self, row: list[str], start: int) -> tuple[int, str, str, Any] | None:
        """What is wrong with a row that is ragged or may hold bytes that are not text; None where nothing is."""
        surplus = len(row) - self._width
        if surplus > 0 and not any(row[self._width :]):
            del row[self._width :]
            surplus = 0
        if surplus and self._base + self._reader.line_num > start:
            return self._unclosed(start)
        if surplus > 0:
            said = f"The row has {len(row)} cells where the header has {self._width}. "
            extra = shown(self._form.delimiter.join(row[self._width :]))
            said += (
                f"Put quotes around a cell that holds the delimiter, or take away what is too much: {extra}."
            )
            return start, "too_many_columns", said, tuple(row)
        if surplus < 0:
            said = f"The row has {len(row)} cells where the header has {self._width}. Add what is missing."
            return start, "too_few_columns", said, tuple(row)
        for name, cell in zip(self.columns, row[-len(self.columns) :], strict=True):
            if "\0" in cell:
                said = f"The cell {name} holds a NUL character, which is not text. Take it away."
                return start, "nul_character", said, tuple(row)
            if (found := UNDECODABLE.search(cell)) is not None:
                byte = f"byte 0x{ord(found[0]) - 0xDC00:02X}" if found[0] != "\ufffd" else "a byte"
                said = f"The cell {name} holds {byte}, which is not text in the file's encoding. Write the cell anew."
                return start, "text_undecodable", said, tuple(row)
        return None

    def _unclosed(self, start: int) -> tuple[int, str, str, Any]:
        """A row that runs over several lines and comes to nothing: only its first line is given up."""
        end = self._base + self._reader.line_num
        following = self._lines.between(start + 1, end) if self._rescans > 0 else []
        said = (
            f"The row that begins here would end on line {end:,}: a quote is not closed, or stands too much. "
        )
        if following:
            first = self._lines.between(start, start)
            self._rescans -= 1
            self._lines.put_back(following)
            self._base = start
            self._begin()
            cells = (first[0].rstrip("\r\n"),) if first else None
            return (
                start,
                "quote_not_closed",
                said + "Close it; the lines after this one are read on their own.",
                cells,
            )
        said += f"Close it; lines {start:,} to {end:,} could not be read."
        return start, "quote_not_closed", said, None

    def _unreadable(self, fault: csv.Error) -> tuple[int, str, str, Any]:
        start, end = self._start, self._base + self._reader.line_num
        if end > start:
            return self._unclosed(start)
        found = self._lines.between(start, start)
        cells = (found[0].rstrip("\r\n")[:10_000],) if found else None
        if "larger than field limit" in str(fault):
            said = f"A cell is longer than {csv.field_size_limit():,} characters. Shorten it."
            return start, "cell_too_long", said, cells
        if "end of data" in str(fault):
            return start, "quote_not_closed", "A quote is not closed before the file ends. Close it.", cells
        said = "Text stands beside a quote within a cell. Double each quote that is part of the text."
        return start, "quote_misplaced", said, cells

    def _line_lost(self, fault: LineProblem) -> tuple[int, str, str, Any]:
        if fault.row == 0:
            return self._unclosed(self._start)
        self._base = fault.row
        self._begin()
        return fault.row, fault.repair, fault.sentence, None

    def _made(self, chunk: Chunk, skip: int) -> Chunk:
        """The chunk without the rows to be left out; keys taken off the rows of a rejects file."""
        surplus = max(0, min(skip - chunk.first + 1, len(chunk.rows)))
        if surplus:
            del chunk.rows[:surplus], chunk.places[:surplus]
            chunk.first += surplus
        if self.repaired:
            pairs = [take_origin(row) for row in chunk.rows]
            chunk.rows = [row for row, _ in pairs]
            chunk.keys = [key for _, key in pairs]
        return chunk
