"""Rows that were refused, written to a CSV a person can repair and import again, each with its reason."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from plaudit.activity.files.records import RowError, storable
from plaudit.activity.files.values import looks_like_formula

# The columns that say where a row came from. A file that begins with them is known as a rejects file.
ORIGIN_COLUMNS = ("plaudit:key", "plaudit:file", "plaudit:row", "plaudit:reason", "plaudit:extra")


def write_rejects(
    path: str | Path, errors: Iterable[RowError], columns: tuple[str, ...] | None = None
) -> int:
    """Write refused rows to a new CSV file (UTF-8) at `path`, and say how many rows it holds.

    A row refused for several reasons is written once. `columns` are the columns of the file or files the
    rows came from; left out, they are gathered from the errors, which are then held in memory. What a
    spreadsheet would run as a formula gets an apostrophe before it, and loses it when it is read again.
    Importing the repaired file under the same mapping gives each row the identity it had at first.
    """
    if columns is None:
        errors = list(errors)
        columns = tuple(dict.fromkeys(name for error in errors for name in _names(error)))
    with Path(path).open("w", encoding="utf-8", newline="") as out:
        return _write(out, errors, columns)


def _names(error: RowError) -> tuple[str, ...]:
    return tuple(error.cells) if isinstance(error.cells, dict) else error.columns


def _write(out: TextIO, errors: Iterable[RowError], columns: tuple[str, ...]) -> int:
    writer = csv.writer(out)
    writer.writerow([*ORIGIN_COLUMNS, *map(_harmless, columns)])
    rows = 0
    held: list[RowError] = []
    for error in errors:
        if held and (held[0].file, held[0].number) != (error.file, error.number):
            writer.writerow(_line(held, columns))
            rows += 1
            held = []
        held.append(error)
    if held:
        writer.writerow(_line(held, columns))
        rows += 1
    return rows


def _line(errors: list[RowError], columns: tuple[str, ...]) -> list[str]:
    first = errors[0]
    content = dict(first.content())
    reasons = "; ".join(
        f"{error.field}: {error.sentence}" if error.field else error.sentence for error in errors
    )
    cells = [_harmless(content.pop(storable(name), "")) for name in columns]
    extra = ",".join(content.values())
    origin = [first.key, first.file, str(first.row), reasons, extra]
    return [*map(_harmless, origin), *cells]


def _harmless(text: str) -> str:
    """The text as a spreadsheet will show it rather than run it; reversible by `_as_written`."""
    plain = storable(text)
    return "'" + plain if plain.startswith("'") or looks_like_formula(plain) else plain


def _as_written(text: str) -> str:
    return text.removeprefix("'")


def take_origin(row: list[str]) -> tuple[list[str], str]:
    """A row of a rejects file as it first was, and the key it then had ("" where it was not its place)."""
    return [_as_written(cell) for cell in row[len(ORIGIN_COLUMNS) :]], _as_written(row[0].strip())
