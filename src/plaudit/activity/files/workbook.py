"""Rows of XLSX workbooks, read by a bounded process of its own and received a few hundred at a time."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import msgspec

from plaudit.activity.files.limits import Limits
from plaudit.activity.files.mapping import FileForm
from plaudit.activity.files.records import RowError
from plaudit.activity.files.refusals import FileDamaged, FileEmpty, FileTooLarge, WrongFormat
from plaudit.activity.files.sources import OpenedFile
from plaudit.activity.files.tables import Chunk, unique_names

_CHILD = Path(__file__).with_name("workbook_child.py")
_FRAME_BYTES_MAX = 512 * 1024**2


class WorkbookTable:
    """One sheet of a workbook. Row numbers are those the sheet shows. Dates and times keep their kind.

    A cell's number is what a spreadsheet shows at full width, fifteen significant digits, and exact from
    there on. Formulas appear as the value last computed for them.
    """

    keyed = False
    native = True
    repaired = False

    def __init__(self, opened: OpenedFile, form: FileForm, limits: Limits) -> None:
        self._name = opened.name
        self._form = form
        self._stack = ExitStack()
        path = self._stack.enter_context(opened.local_path())
        try:
            self._check(path, limits)
            self._frames = self._start(path, limits)
            self._rows = self._numbered()
            self.columns = self._header()
        except BaseException:
            self._stack.close()
            raise

    def _check(self, path: Path, limits: Limits) -> None:
        """Refuse what is no workbook, and what announces that it unpacks to too much."""
        with path.open("rb") as file:
            start = file.read(4)
        if start == b"\xd0\xcf\x11\xe0":
            raise WrongFormat(
                self._name, "The file is an old or an encrypted workbook.", "Save it as .xlsx, unlocked."
            )
        if start != b"PK\x03\x04":
            raise WrongFormat(
                self._name, "The file is not an XLSX workbook.", "Set the format the file has, or auto."
            )
        try:
            with zipfile.ZipFile(path) as archive:
                parts = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError):
            raise FileDamaged(self._name, "The workbook is broken or cut short.", "Save it again.") from None
        unpacked, packed = sum(part.file_size for part in parts), path.stat().st_size
        ratio = unpacked // max(packed, 1)
        if unpacked > limits.workbook_memory_bytes or (
            unpacked > limits.expansion_free_bytes and ratio > limits.expansion_ratio
        ):
            found = f"The workbook unpacks to {unpacked:,} bytes, {ratio:,} times its size."
            raise FileTooLarge(self._name, found, "Save the sheet as CSV.")

    def _start(self, path: Path, limits: Limits) -> Iterator[dict[str, Any]]:
        sheet = self._form.sheet
        chosen = "" if sheet is None else f"#{sheet}" if isinstance(sheet, int) else sheet
        command = [sys.executable, "-I", str(_CHILD), str(path), chosen, str(limits.workbook_memory_bytes)]
        self._child = child = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        self._stack.callback(_end, child)
        return self._received(child)

    def _received(self, child: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
        decoder = msgspec.msgpack.Decoder(ext_hook=_extension)
        pipe = child.stdout
        assert pipe is not None
        while len(head := pipe.read(4)) == 4:
            size = int.from_bytes(head, "big")
            if size > _FRAME_BYTES_MAX:
                break
            frame = cast(dict[str, Any], decoder.decode(pipe.read(size)))
            if "error" in frame:
                raise self._refusal(frame)
            yield frame
            if "end" in frame:
                return
        # The process ended before it was done: it ran out of memory or of time, or the file broke it.
        found = "The workbook needs more memory or time than a file may, or is broken."
        raise FileTooLarge(self._name, found, "Save the sheet as CSV.")

    def _refusal(self, frame: dict[str, Any]) -> Exception:
        if frame["error"] == "no_sheet":
            found = f"There is no sheet {self._form.sheet}."
            return WrongFormat(self._name, found, f"The sheets are {', '.join(frame['sheets'][:20])}.")
        if frame["error"] == "memory":
            return FileTooLarge(self._name, "The sheet needs more memory than a file may.", "Save it as CSV.")
        return FileDamaged(self._name, f"The workbook cannot be read: {frame['said']}.", "Save it again.")

    def _numbered(self) -> Iterator[tuple[int, list[Any]]]:
        """Each row that is not blank, with its number in the sheet."""
        place = 1
        for frame in self._frames:
            place = frame.get("first_row", place)
            for row in frame.get("rows", ()):
                cells = [cell if cell.__class__ is str else _cell(cell) for cell in row]
                if any(cell != "" for cell in cells):
                    yield place, cells
                place += 1

    def _header(self) -> tuple[str, ...]:
        first = next((row for place, row in self._rows if place > self._form.skip_lines), None)
        if first is None:
            raise FileEmpty(
                self._name, "The sheet is empty: it has no header.", "Name the right sheet with sheet."
            )
        if self._form.header:
            return unique_names([str(cell) for cell in first])
        self._rows = _before((self._form.skip_lines + 1, first), self._rows)
        return self._form.columns or tuple(str(place) for place in range(1, len(first) + 1))

    def close(self) -> None:
        """Let go of the file, its copy and what reads it."""
        self._stack.close()

    def chunks(self, size: int, skip: int = 0) -> Iterator[Chunk]:
        """The rows in order; blank rows are not counted."""
        width, number = len(self.columns), 0
        chunk = Chunk(1)
        with self._stack:
            for place, row in self._rows:
                number += 1
                if number <= skip:
                    chunk = Chunk(number + 1)
                    continue
                if len(row) > width and any(cell != "" for cell in row[width:]):
                    said = f"The row has {len(row)} cells where the header has {width}. Take away what is too much."
                    error = RowError(
                        self._name, place, number, "", "too_many_columns", said, self.columns, tuple(row)
                    )
                    chunk.errors.append(error)
                else:
                    chunk.rows.append(row)
                    chunk.places.append(place)
                if len(chunk.rows) >= size or chunk.errors:
                    yield chunk
                    chunk = Chunk(number + 1)
            if chunk.rows:
                yield chunk


def _before(
    first: tuple[int, list[Any]], rest: Iterator[tuple[int, list[Any]]]
) -> Iterator[tuple[int, list[Any]]]:
    yield first
    yield from rest


def _cell(cell: Any) -> Any:
    """A number as an exact one; anything else as it is."""
    if cell.__class__ is float:
        return int(cell) if cell.is_integer() and abs(cell) < 10**15 else Decimal(format(cell, ".15g"))
    return cell


def _extension(code: int, data: memoryview) -> Any:
    text = bytes(data).decode("ascii")
    if code == 1:
        return date.fromisoformat(text)
    if code == 2:
        return time.fromisoformat(text)
    return datetime.fromisoformat(text) if code == 3 else timedelta(seconds=int(text))


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the reading process and forget it, however far it is."""
    if child.stdout is not None:
        child.stdout.close()
    child.kill()
    child.wait()
