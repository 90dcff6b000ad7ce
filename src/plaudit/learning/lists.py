"""Reads a list of who came: which of its columns are names, addresses and numbers, and what its rows say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from plaudit.activity.files.guessing import guess_form
from plaudit.activity.files.limits import LIMITS
from plaudit.activity.files.opening import open_table
from plaudit.activity.files.records import storable
from plaudit.activity.files.sources import first_file
from plaudit.activity.files.tables import Table
from plaudit.activity.files.values import shown_text
from plaudit.learning.refusals import ListNamesNobody, ListTooLong
from plaudit.learning.rules.meaning import Said

ROWS_MAX = 20_000
_LENGTH_MAX = 200

# In this order: an address is told by its column's name first, then a number, then the parts of a name.
_COLUMNS = {
    "email": re.compile(r"mail|address|adresse", re.IGNORECASE),
    "first": re.compile(r"first|given|vorname|forename", re.IGNORECASE),
    "last": re.compile(r"last|family|surname|nachname", re.IGNORECASE),
    "name": re.compile(r"name|attendee|participant|person|who|teilnehm", re.IGNORECASE),
    "id": re.compile(r"(^|[^a-z])(id|no|nr|number|ref|key|member|staff|employee)([^a-z]|$)", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns say what, by their names; "" for what no column says."""

    name: str = ""
    first: str = ""
    last: str = ""
    email: str = ""
    id: str = ""

    @property
    def says_something(self) -> bool:
        """Whether anybody can be found by it."""
        return bool(self.name or self.last or self.email or self.id)

    def said(self) -> dict[str, str]:
        """What is said, without what is not."""
        return {what: column for what, column in asdict(self).items() if column}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read: the names of its columns, which of them say what, and what its rows say."""

    headings: tuple[str, ...]
    columns: Columns
    said: tuple[Said, ...]


def shape_of(headings: Sequence[str]) -> str:
    """A digest of the headings, in their order."""
    return hashlib.sha256("\0".join(headings).encode()).hexdigest()


def recognise(columns: Sequence[str]) -> Columns:
    """Which of these columns say what; each says one thing."""
    found: dict[str, str] = {}
    for column in columns:
        for what, pattern in _COLUMNS.items():
            if what not in found and pattern.search(column):
                found[what] = column
                break
    return Columns(**found)


def read_list(path: Path, choose: Callable[[Sequence[str]], Columns] = recognise) -> Sheet:
    """What every row says, in order, by the columns that `choose` takes from the headings.

    Rows that say nothing are left out; where no column says who, all are. Raises `ListNamesNobody` for a list
    of nobody, `ListTooLong`, and a FileRefusal where the file cannot be read.
    """
    with first_file(path, "auto", LIMITS) as opened:
        table = open_table(opened, guess_form(opened), LIMITS)
        try:
            headings = tuple(storable(one)[:_LENGTH_MAX] for one in table.columns)
            columns = choose(headings)
            said, rows = [], 0
            for number, cells in _cells(table, headings):
                rows += 1
                one = _said(number, cells, columns)
                if one is not None:
                    said.append(one)
                if rows > ROWS_MAX:
                    raise ListTooLong(most=ROWS_MAX)
        finally:
            table.close()
    if not rows or (columns.says_something and not said):
        raise ListNamesNobody
    return Sheet(headings, columns, tuple(said) if columns.says_something else ())


def _cells(table: Table, headings: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for chunk in table.chunks(500):
        for place, row in zip(chunk.places, chunk.rows, strict=True):
            cells = [row.get(one) for one in table.columns] if table.keyed else row
            yield place, dict(zip(headings, cells, strict=False))


def _said(number: int, cells: Mapping[str, Any], columns: Columns) -> Said | None:
    def of(column: str) -> str:
        value = cells.get(column) if column else None
        return storable(shown_text(value)).strip()[:_LENGTH_MAX] if value is not None else ""

    name = of(columns.name) or f"{of(columns.first)} {of(columns.last)}".strip()
    email, id = of(columns.email), of(columns.id)
    return Said(number, name, email, id) if name or email or id else None
