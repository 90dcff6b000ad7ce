"""Rows of Parquet files, read by DuckDB in batches with bounded memory and nothing else allowed to it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import duckdb

from plaudit.activity.files.limits import Limits
from plaudit.activity.files.mapping import FileForm
from plaudit.activity.files.refusals import FileDamaged, FileTooLarge, WrongFormat
from plaudit.activity.files.sources import OpenedFile
from plaudit.activity.files.tables import Chunk
from plaudit.activity.files.values import text_of

_ZONED = "TIMESTAMP WITH TIME ZONE"


class ParquetTable:
    """A Parquet file. Row numbers count from 1. Numbers are exact: a stored double is its shortest decimal."""

    keyed = False
    native = True
    repaired = False

    def __init__(self, opened: OpenedFile, _form: FileForm, limits: Limits) -> None:
        self._name = opened.name
        self._stack = ExitStack()
        if opened.stream.peek(4)[:4] != b"PAR1":
            raise WrongFormat(self._name, "The file is not Parquet.", "Set the format the file has, or auto.")
        try:
            path = self._stack.enter_context(opened.local_path())
            self._database = self._stack.enter_context(duckdb.connect(config=_config(limits)))
            self.columns, self._zoned, self._query = self._describe(str(path))
            self._path = str(path)
        except BaseException:
            self._stack.close()
            raise

    def _describe(self, path: str) -> tuple[tuple[str, ...], frozenset[int], str]:
        """The columns, which of them are moments, and the query that reads them all."""
        try:
            described = self._database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
        except duckdb.Error as error:
            raise self._broken(error) from None
        names = tuple(str(row[0]) for row in described)
        zoned = frozenset(index for index, row in enumerate(described) if row[1] == _ZONED)
        parts = []
        for index, name in enumerate(names):
            quoted = '"' + name.replace('"', '""') + '"'
            # Without this a moment would need a time zone library of its own to be fetched.
            parts.append(f"make_timestamp(epoch_us({quoted}))" if index in zoned else quoted)
        return names, zoned, f"SELECT {', '.join(parts)} FROM read_parquet(?)"

    def _broken(self, error: duckdb.Error) -> FileDamaged | FileTooLarge:
        said = str(error).splitlines()[0][:200]
        if isinstance(error, duckdb.OutOfMemoryException):
            return FileTooLarge(
                self._name, "The file needs more memory than a file may.", "Write smaller row groups."
            )
        return FileDamaged(self._name, f"The Parquet file cannot be read: {said}", "Write it anew.")

    def close(self) -> None:
        """Let go of the file, its copy and what reads it."""
        self._stack.close()

    def chunks(self, size: int, skip: int = 0) -> Iterator[Chunk]:
        """The rows in order."""
        with self._stack:
            number = skip
            try:
                cursor = self._database.execute(f"{self._query} OFFSET {int(skip)}", [self._path])
                while rows := cursor.fetchmany(size):
                    places = list(range(number + 1, number + len(rows) + 1))
                    yield Chunk(number + 1, [self._row(row) for row in rows], places)
                    number += len(rows)
            except duckdb.Error as error:
                raise self._broken(error) from None

    def _row(self, row: tuple[Any, ...]) -> list[Any]:
        cells = [_exact(cell) for cell in row]
        for index in self._zoned:
            if isinstance(cells[index], datetime):
                cells[index] = cells[index].replace(tzinfo=UTC)
        return cells


def _config(limits: Limits) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": 1,
        # Rows are only streamed: nothing is to be written beside whoever runs this.
        "temp_directory": "",
        "memory_limit": f"{limits.parquet_memory_bytes // 1024**2}MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }


def _exact(cell: Any) -> Any:
    kind = cell.__class__
    if kind is str or kind is int or cell is None:
        return cell
    if kind is float:
        if not math.isfinite(cell):
            return None
        return int(cell) if cell.is_integer() and abs(cell) < 10**15 else Decimal(repr(cell))
    if kind is list:
        return [_nested(item) for item in cell]
    if kind is dict:
        return {str(key): _nested(value) for key, value in cell.items()}
    if kind is UUID:
        return str(cell)
    if kind is bytes:
        return cell.decode("utf-8", "backslashreplace")
    return cell


def _nested(cell: Any) -> Any:
    """A value within a list or a structure: dates and times as their text, as JSON has no other form."""
    value = _exact(cell)
    return text_of(value) if isinstance(value, date | time | timedelta) else value
