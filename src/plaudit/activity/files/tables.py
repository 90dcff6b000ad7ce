"""What every reader of a file gives: its columns, and its data rows in chunks with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from plaudit.activity.files.records import RowError


@dataclass(slots=True)
class Chunk:
    """Some rows that follow each other, then the errors of the rows right after them.

    `first` is the number among the file's data rows of the first row; `rows[i]` is number `first + i` and
    stands at row `places[i]` as a person counts. In a rejects file `keys[i]` is the id the row had at first,
    where that was its place.
    """

    first: int
    rows: list[Any] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    keys: list[str] | None = None

    @property
    def last(self) -> int:
        """The number of the last row of this chunk, readable or not."""
        return self.first + len(self.rows) + len({error.number for error in self.errors}) - 1


class Table(Protocol):
    """An open file as rows. `keyed` rows are dicts by column name; others are sequences in column order."""

    columns: tuple[str, ...]
    keyed: bool
    native: bool
    repaired: bool

    def close(self) -> None:
        """Let go of what the reader holds; may be called at any time and twice."""
        ...

    def chunks(self, size: int, skip: int = 0) -> Iterator[Chunk]:
        """The data rows in order, at most `size` together, leaving out the first `skip`."""
        ...


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Header names without blanks around them; those that stand twice become name#1, name#2.

    A column without a name is called by its place: `column 3`.
    """
    plain = [name.strip() or f"column {place}" for place, name in enumerate(names, 1)]
    seen: dict[str, int] = {}
    made = []
    for name in plain:
        seen[name] = seen.get(name, 0) + 1
        made.append(f"{name}#{seen[name]}" if plain.count(name) > 1 else name)
    return tuple(made)
