"""A mapping compiled for the columns of one file: a function from a row to its event, and why where it is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

from plaudit.activity.events import ID_CHARACTERS_MAX, IncomingEvent
from plaudit.activity.files.expression_operands import Read
from plaudit.activity.files.expressions import Expression, compile_expression
from plaudit.activity.files.limits import Limits
from plaudit.activity.files.mapping import Condition, Mapping, Value
from plaudit.activity.files.reading_values import Compiling, moment_reader, numbers_of, value_reader
from plaudit.activity.files.records import IncomingMember
from plaudit.activity.files.refusals import ColumnMissing
from plaudit.activity.files.tables import Table
from plaudit.activity.files.values import CellProblem, shown, text_of

NO_MEMBER = "no_member"
KINDS_OF_MEMBER = ("customer", "staff", "partner")


class CompiledMapping:
    """One mapping over the columns of one file.

    `make(row, number, origin)` gives the event (or member) of a row, or None where the row is left out and
    counted in `skipped`. It raises CellProblem; `problems` then says all that is wrong with the row.
    """

    def __init__(self, mapping: Mapping, table: Table, name: str, limits: Limits) -> None:
        self.mapping = mapping
        self.skipped: Counter[str] = Counter()
        self.noted: Counter[str] = Counter()
        check_columns(mapping, table, name)
        form = mapping.file
        self._compiling = Compiling(
            table.columns,
            table.keyed,
            table.native,
            table.repaired,
            numbers_of(form),
            self.noted,
            limits.remembered_values,
            dict(form.renames),
        )
        # Each part by the name a fault in it is reported under, so that a row at fault can be gone through.
        self._parts: list[tuple[str, Read]] = []
        self._filters = self._filter_readers()
        self._counted = [(part.name, self._condition(part)) for part in mapping.count_when]
        self._fields = [(field, self._part(field, value)) for field, value in mapping.fields]
        self._subject = self._subject_reader()
        self.identity = ""
        self.make: Callable[[Any, int | str], IncomingEvent | IncomingMember | None]
        self.make = self._member_maker() if mapping.record == "member" else self._event_maker()

    def _part(self, name: str, value: Value, finish: Callable[[Any], Any] | None = None) -> Read:
        read = value_reader(name, value, self._compiling, finish)
        self._parts.append((name, read))
        return read

    def _condition(self, condition: Condition) -> Read:
        read = compile_expression(condition.expression, self._compiling.pick, self._compiling.number)
        self._parts.append((condition.name, read))
        return read

    def expression(self, expression: Expression) -> Read:
        """An expression of the mapping as a function of this file's rows."""
        return compile_expression(expression, self._compiling.pick, self._compiling.number)

    def number_expression(self, expression: Expression) -> Read:
        """The same for one that is a number, or a column read as one."""
        return compile_expression(expression, self._compiling.pick, self._compiling.number, as_number=True)

    def _filter_readers(self) -> list[tuple[str, Read, bool]]:
        """Name, condition, and whether a row stays (only_when) or goes (skip_when) where it holds."""
        stays = [(part.name, self._condition(part), True) for part in self.mapping.only_when]
        return stays + [(part.name, self._condition(part), False) for part in self.mapping.skip_when]

    def _subject_reader(self) -> Read | None:
        subject = self.mapping.subject
        if subject is None:
            return None
        return self._part("subject", subject.value, _as_id("subject", needed=subject.empty == "refuse"))

    def _event_maker(self) -> Callable[[Any, int | str], IncomingEvent | None]:
        mapping, noted, skipped = self.mapping, self.noted, self.skipped
        filters, counted, fields = self._filters, self._counted, self._fields
        source, subject_of = mapping.source, self._subject
        subject_source = mapping.subject.source if mapping.subject is not None else None
        skip_empty = mapping.subject is not None and mapping.subject.empty == "skip"
        assert mapping.occurred_at is not None
        time_of = moment_reader(mapping.occurred_at, self._compiling)
        self._parts.append(("occurred_at", time_of))
        id_of = self._id_of = self._id_reader()
        constant = mapping.type.constant if not mapping.type.columns() else None
        type_of = self._needed("type", mapping.type)
        corrects_of = self._corrects_reader()
        fixed_type = str(constant) if constant is not None else None

        def make(row: Any, number: int | str) -> IncomingEvent | None:
            for name, holds, stays in filters:
                if (holds(row) is True) is not stays:
                    skipped[name] += 1
                    return None
            subject = None
            if subject_of is not None:
                subject = subject_of(row)
                if subject is None:
                    if skip_empty:
                        skipped[NO_MEMBER] += 1
                        return None
                    noted[NO_MEMBER] += 1
            for name, holds in counted:
                if holds(row) is True:
                    noted[name] += 1
            return IncomingEvent(
                source,
                id_of(row, number),
                fixed_type or type_of(row),
                subject,
                subject_source,
                time_of(row),
                {name: read(row) for name, read in fields},
                corrects_of(row) if corrects_of is not None else None,
                None,
            )

        return make

    def _member_maker(self) -> Callable[[Any, int | str], IncomingMember | None]:
        mapping, noted, skipped = self.mapping, self.noted, self.skipped
        filters, counted, fields, subject_of = self._filters, self._counted, self._fields, self._subject
        assert mapping.subject is not None and subject_of is not None
        source = mapping.subject.source
        name_of = self._part("name", mapping.name) if mapping.name is not None else None
        kind_of = _kind_reader(self._needed("kind", mapping.kind))
        self._parts.append(("kind", kind_of))

        def make(row: Any, _number: int | str) -> IncomingMember | None:
            for name, holds, stays in filters:
                if (holds(row) is True) is not stays:
                    skipped[name] += 1
                    return None
            subject = subject_of(row)
            if subject is None:
                skipped[NO_MEMBER] += 1
                return None
            for name, holds in counted:
                if holds(row) is True:
                    noted[name] += 1
            attributes = {name: read(row) for name, read in fields}
            return IncomingMember(
                source, subject, kind_of(row), name_of(row) if name_of else None, attributes
            )

        return make

    def _needed(self, name: str, value: Value) -> Read:
        """A text that may not be empty."""
        return self._part(name, value, _as_id(name, needed=True))

    def _corrects_reader(self) -> Read | None:
        if self.mapping.corrects is None:
            return None
        return self._part("corrects", self.mapping.corrects, _as_id("corrects", needed=False))

    def _id_reader(self) -> Callable[[Any, int | str], str]:
        key = self.mapping.key
        if key.row_number:
            # The identity changes with the file while the rest stays compiled. A repaired row brings its own.
            return lambda _row, number: (
                f"{self.identity}:{number}" if number.__class__ is int else str(number)
            )
        if key.expression is not None:
            read = _key_of_value(self.expression(key.expression))
        else:
            read = _key_reader([self._compiling.pick(name) for name in key.columns], key.columns)
        self._parts.append(("key", read))
        return lambda row, _number: read(row)

    def problems(self, row: Any) -> list[tuple[str, CellProblem]]:
        """Everything that is wrong with a row, by the name of the part that cannot be made."""
        found: list[tuple[str, CellProblem]] = []
        noted = Counter(self.noted)
        for name, read in self._parts:
            try:
                read(row)
            except CellProblem as problem:
                found.append((name, problem))
        self._count_as(noted)
        return found

    def uncount(self, row: Any, number: int | str) -> None:
        """Take back what a row that failed in `make` has added to `noted`: it does the same a second time."""
        noted = Counter(self.noted)
        with suppress(CellProblem):
            self.make(row, number)
        added = self.noted - noted
        self._count_as(noted - added)

    def _count_as(self, noted: Counter[str]) -> None:
        # The counter is shared with compiled readers, so it is refilled and not replaced.
        self.noted.clear()
        self.noted.update(noted)

    def group_key(self, row: Any) -> str | None:
        """The id of the group a row that cannot be read belongs to, where that much can be read."""
        try:
            return self._id_of(row, 0)
        except (CellProblem, LookupError, TypeError):
            return None


def check_columns(mapping: Mapping, table: Table, name: str) -> None:
    """Raise ColumnMissing where the mapping reads a column that the file does not have, or has twice."""
    if table.keyed:
        return
    renames = dict(mapping.file.renames)
    for column in (renames.get(name, name) for name in mapping.columns()):
        if column in table.columns:
            continue
        twice = [other for other in table.columns if other.startswith(column + "#")]
        if twice:
            found = f"The header has the column {column} {len(twice)} times."
            raise ColumnMissing(name, found, f"Say which one: {' or '.join(twice)}.")
        close = get_close_matches(column, table.columns, 1, 0.6)
        listed = ", ".join(table.columns[:30])
        remedy = f"Did you mean {close[0]}?" if close else f"Its columns are {listed}."
        raise ColumnMissing(name, f"The file has no column {column}, which the mapping reads.", remedy)


def _as_id(name: str, *, needed: bool) -> Callable[[Any], str | None]:
    """What makes a value an id: a text of bounded length, None where it is empty and may be."""

    def check(value: Any) -> str | None:
        text = value if value.__class__ is str else text_of(value)
        if not text:
            if needed:
                raise CellProblem(f"{name}_missing", "The cell is empty. Fill it in.")
            return None
        if len(text) > ID_CHARACTERS_MAX:
            raise CellProblem(
                f"{name}_too_long", f"{shown(text)} has more than {ID_CHARACTERS_MAX} characters."
            )
        return str(text)

    return check


def _key_reader(picks: list[Read], columns: tuple[str, ...]) -> Read:
    """The id in one column, or in several joined by /, so that no two different rows of cells give one id."""
    if len(picks) == 1:
        pick = picks[0]

        def single(row: Any) -> str:
            cell = pick(row)
            text = cell.strip() if cell.__class__ is str else text_of(cell)
            if not text:
                raise CellProblem(
                    "key_missing", f"The cell {columns[0]}, which identifies the event, is empty."
                )
            if len(text) > ID_CHARACTERS_MAX:
                raise CellProblem(
                    "key_too_long", f"{shown(text)} has more than {ID_CHARACTERS_MAX} characters."
                )
            return str(text)

        return single

    def joined(row: Any) -> str:
        texts = [text_of(pick(row)) for pick in picks]
        if not all(texts):
            empty = columns[texts.index("")]
            raise CellProblem("key_missing", f"The cell {empty}, which identifies the event, is empty.")
        key = "/".join(text.replace("%", "%25").replace("/", "%2F") for text in texts)
        if len(key) > ID_CHARACTERS_MAX:
            raise CellProblem("key_too_long", f"{shown(key)} has more than {ID_CHARACTERS_MAX} characters.")
        return key

    return joined


def _key_of_value(read: Read) -> Read:
    check = _as_id("key", needed=True)
    return lambda row: check(read(row))


def _kind_reader(read: Read) -> Read:
    def kind(row: Any) -> str:
        found = str(read(row)).lower()
        if found not in KINDS_OF_MEMBER:
            raise CellProblem("kind_unknown", f"{shown(found)} is not one of {', '.join(KINDS_OF_MEMBER)}.")
        return found

    return kind
