"""Two copies of the same rows compared one by one, so that a wrong total can be traced to the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from plaudit.activity.events import IncomingEvent
from plaudit.activity.files.limits import LIMITS, Limits
from plaudit.activity.files.mapping import Comparison, FileForm, Mapping
from plaudit.activity.files.reading import read_events
from plaudit.activity.files.records import Batch, IncomingMember, Position
from plaudit.activity.files.refusals import NoSuchFile, WrongFormat
from plaudit.activity.files.sources import list_files
from plaudit.activity.files.spilling import SortedRuns
from plaudit.activity.files.values import shown, text_of

IN_MEMORY = 100_000


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One value (or a whole row: field "") that is not the same in both copies.

    `row` is where it stands in the file that was checked, `other_row` in the other copy; None where the
    row is missing there. `found` is the value checked, `expected` the one in the other copy.
    """

    row: int | None
    other_row: int | None
    subject: str | None
    field: str
    found: str
    expected: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing found: how many rows were compared and differ, and the first of the differences."""

    other: str
    rows: int
    different_rows: int
    only_here: int
    only_there: int
    differences: tuple[RowDifference, ...]

    @property
    def same(self) -> bool:
        return not (self.different_rows or self.only_here or self.only_there)


def reference_beside(path: str | Path, comparison: Comparison) -> Path:
    """Where the other copy lies: beside the file (or in the folder) that is read. Raises NoSuchFile."""
    folder = Path(path) if Path(path).is_dir() else Path(path).parent
    other = folder / comparison.file
    if not other.is_file():
        raise NoSuchFile(
            comparison.file, "The copy to compare with is not there.", "Put it beside the file that is read."
        )
    return other


def compare(
    path: str | Path,
    mapping: Mapping,
    other: str | Path,
    *,
    on_progress: Callable[[Position], None] | None = None,
    limits: Limits = LIMITS,
) -> Compared:
    """Compare what the file behind `path` becomes with what the copy `other` becomes, row by row.

    Rows go together by their key; where the key is the row's place, by place, and then each side must be a
    single file. `control.compare_with.columns` says what this file's columns are called in the other. The
    first `show` differences are kept, all are counted. Memory is bounded.
    """
    comparison = mapping.control.compare_with or Comparison(file=Path(other).name)
    form = replace(
        mapping.file, renames=comparison.columns, format=_same_kind(mapping.file), compression="auto"
    )
    theirs = replace(mapping, file=form)
    by_place = mapping.key.row_number
    if by_place and (len(list_files(path).files) > 1 or len(list_files(other).files) > 1):
        found = "Rows that are known by their place can only be compared file by file."
        raise WrongFormat(str(other), found, "Compare one file at a time.")
    order = _by_place if by_place else _by_key
    here = order(path, mapping, on_progress, limits)
    there = order(other, theirs, None, limits)
    tally = _Tally(Path(other).name, comparison.show)
    for left, right in _side_by_side(here, there):
        tally.add(left, right)
    return tally.result()


def _same_kind(form: FileForm) -> str:
    """The other copy may be of another form, unless a delimiter of its own was declared."""
    return form.format if form.format in ("csv", "tsv") else "auto"


# The key rows go together by, the row as a person counts, and what it becomes.
_Keyed = tuple[Any, int, Any]


def _by_place(
    path: str | Path, mapping: Mapping, on_progress: Callable[[Position], None] | None, limits: Limits
) -> Iterator[_Keyed]:
    for batch in read_events(path, mapping, limits=limits):
        yield from zip(batch.numbers, batch.rows, _made(batch), strict=True)
        if on_progress is not None:
            on_progress(batch.position)


def _by_key(
    path: str | Path, mapping: Mapping, on_progress: Callable[[Position], None] | None, limits: Limits
) -> Iterator[_Keyed]:
    runs, held = SortedRuns(), []
    try:
        for batch in read_events(path, mapping, limits=limits):
            for row, made in zip(batch.rows, _made(batch), strict=True):
                held.append((_key_of(made), (row, made)))
            if len(held) >= IN_MEMORY:
                runs.put(sorted(held, key=lambda pair: pair[0]))
                held = []
            if on_progress is not None:
                on_progress(batch.position)
        runs.put(sorted(held, key=lambda pair: pair[0]))
        held = []
        for key, (row, made) in runs.merged():
            yield key, row, made
    finally:
        runs.close()


def _side_by_side(
    here: Iterator[_Keyed], there: Iterator[_Keyed]
) -> Iterator[tuple[_Keyed | None, _Keyed | None]]:
    """Rows of both in the order of their keys, None for the side that lacks one."""
    left, right = next(here, None), next(there, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            yield left, None
            left = next(here, None)
        elif left is None or right[0] < left[0]:
            yield None, right
            right = next(there, None)
        else:
            yield left, right
            left, right = next(here, None), next(there, None)


class _Tally:
    def __init__(self, other: str, show: int) -> None:
        self._other = other
        self._show = show
        self._rows = self._different = self._only_here = self._only_there = 0
        self._kept: list[RowDifference] = []

    def add(self, left: _Keyed | None, right: _Keyed | None) -> None:
        self._rows += 1
        if left is None:
            assert right is not None
            self._only_there += 1
            said = f"Row {right[1]:,} of {self._other} is not in this file, or cannot be used here."
            self._keep(RowDifference(None, right[1], _subject(right[2]), "", "", "", said))
        elif right is None:
            self._only_here += 1
            said = f"Row {left[1]:,} is not in {self._other}."
            self._keep(RowDifference(left[1], None, _subject(left[2]), "", "", "", said))
        else:
            a, b = _values(left[2]), _values(right[2])
            if a != b:
                self._different += 1
                for name in dict.fromkeys([*a, *b]):
                    if a.get(name) != b.get(name):
                        self._keep(self._value(name, left, right, a.get(name), b.get(name)))

    def _value(self, name: str, left: _Keyed, right: _Keyed, found: Any, expected: Any) -> RowDifference:
        subject = _subject(left[2])
        who = f" ({shown(subject)})" if subject else ""
        here, there = text_of(found), text_of(expected)
        said = (
            f"Row {left[1]:,}{who}: {name} is {here or 'empty'} here and {there or 'empty'} in {self._other}"
        )
        said += "." if left[1] == right[1] else f", row {right[1]:,}."
        return RowDifference(left[1], right[1], subject, name, here, there, said)

    def _keep(self, difference: RowDifference) -> None:
        if len(self._kept) < self._show:
            self._kept.append(difference)

    def result(self) -> Compared:
        kept = tuple(self._kept)
        return Compared(self._other, self._rows, self._different, self._only_here, self._only_there, kept)


def _made(batch: Batch) -> Sequence[IncomingEvent | IncomingMember]:
    return batch.events or batch.members


def _key_of(made: IncomingEvent | IncomingMember) -> str:
    return made.id if isinstance(made, IncomingEvent) else made.external_id


def _subject(made: IncomingEvent | IncomingMember) -> str | None:
    return made.subject if isinstance(made, IncomingEvent) else made.external_id


def _values(made: IncomingEvent | IncomingMember) -> dict[str, Any]:
    """What is compared of a row: everything but the id that comes from its place."""
    if isinstance(made, IncomingEvent):
        return {"subject": made.subject, "type": made.type, "time": made.time, **made.data}
    return {"name": made.name, "kind": made.kind, **made.attributes}
