"""From a mapping's values to functions of a row: picked, translated, converted and remembered, once compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from operator import itemgetter
from typing import Any

from plaudit.activity.files.expression_operands import Read
from plaudit.activity.files.expressions import compile_expression
from plaudit.activity.files.mapping import FileForm, Moment, Value
from plaudit.activity.files.moments import LocalTimes, MomentFormat, in_bounds
from plaudit.activity.files.values import (
    TEXT_CHARACTERS_MAX,
    CellProblem,
    Convert,
    Converted,
    Remembered,
    duration_seconds,
    list_of,
    looks_like_formula,
    number_reader,
    scaler,
    shown,
    text_of,
    whole_number,
    yes_or_no,
)

FORMULA = "formula_text"


@dataclass
class Compiling:
    """What compiling needs to know of a file.

    Its columns and what the mapping calls otherwise, whether its rows are dicts (`keyed`), whether its cells
    are more than text (`native`), how its numbers are written, and where counts of noted things go.
    """

    columns: tuple[str, ...]
    keyed: bool
    native: bool
    repaired: bool
    number: Callable[[str], Decimal]
    noted: Counter[str]
    remembered: int
    renames: Mapping[str, str]

    def pick(self, name: str) -> Read:
        """The reader of one column's cell."""
        name = self.renames.get(name, name)
        if not self.keyed:
            place = self.columns.index(name)
            if self.native:
                return lambda row: row[place] if place < len(row) else None
            return itemgetter(place)
        if "." not in name:
            return lambda row: row.get(name)
        parts = name.split(".")

        def within(row: Any) -> Any:
            if name in row:
                return row[name]
            for part in parts:
                if row.__class__ is not dict:
                    return None
                row = row.get(part)
            return row

        return within


def numbers_of(form: FileForm) -> Callable[[str], Decimal]:
    """How the file's numbers are read."""
    return number_reader(
        decimal_comma=form.decimal_comma, thousands=form.thousands, scientific=form.scientific
    )


def value_reader(
    name: str, value: Value, compiling: Compiling, finish: Callable[[Any], Any] | None = None
) -> Read:
    """A function from a row to the value of the field `name`; it raises CellProblem.

    `finish`, where given, is applied to every value at the end, once for each different text.
    """
    if value.column is None and value.expression is None:
        constant = value.constant
        return (lambda _row: constant) if finish is None else (lambda _row: finish(constant))
    convert = _converter(name, value, compiling)
    whole = convert if finish is None else _finished(convert, finish)
    memory = Remembered(whole, compiling.noted, compiling.remembered)
    if value.column is not None:
        pick = compiling.pick(value.column)
        if not compiling.native:
            return lambda row: memory[pick(row)]
    else:
        assert value.expression is not None
        pick = compile_expression(value.expression, compiling.pick, compiling.number)
    from_native = _native_converter(value, convert, compiling)

    def read(row: Any) -> Any:
        cell = pick(row)
        if cell.__class__ is str:
            return memory[cell]
        return from_native(cell) if finish is None else finish(from_native(cell))

    return read


def _finished(convert: Convert, finish: Callable[[Any], Any]) -> Convert:
    def whole(text: str) -> Converted:
        value, note = convert(text)
        return finish(value), note

    return whole


def _native_converter(value: Value, convert: Convert, compiling: Compiling) -> Callable[[Any], Any]:
    """For cells that are not text: exact numbers stay numbers, all else goes by its text."""
    fit = scaler(value.scale, value.rounding)
    number = _number_kind(value, fit)
    plain = not value.values and not value.missing
    moment_kinds = ("date", "date_time")

    def from_native(cell: Any) -> Any:
        if cell is not None and plain:
            kind = cell.__class__
            if value.kind == "as_is" and kind is not datetime:
                return cell if kind in (int, Decimal, bool, list, dict) else text_of(cell)
            if number is not None and kind in (int, Decimal):
                return number(Decimal(cell) if kind is int else cell)
            if value.kind == "list" and kind is list:
                return cell
            if value.kind == "yes_no" and kind is bool:
                return cell
            if value.kind in moment_kinds and isinstance(cell, date):
                return _moment_text(value, cell)
        converted, note = convert(text_of(cell))
        if note is not None:
            compiling.noted[note] += 1
        return converted

    return from_native


def _number_kind(value: Value, fit: Callable[[Decimal], Decimal]) -> Callable[[Decimal], Any] | None:
    """What becomes of an exact number, or None where the value is not to be a number."""
    if value.kind == "integer":
        return whole_number
    if value.kind == "decimal":
        return fit
    if value.kind == "minor_units":
        assert value.scale is not None
        scale = value.scale
        return lambda number: int(fit(number).scaleb(scale))
    return None


def _converter(name: str, value: Value, compiling: Compiling) -> Convert:
    """From a cell's text to its value and the note it deserves; raises CellProblem."""
    make = _maker(value, compiling)
    values, missing, default, required = dict(value.values), value.missing, value.default, value.required
    placeholder = f"placeholder:{name}"

    def plain(text: str) -> Converted:
        text = text.strip()
        if text:
            return make(text)
        if required:
            raise CellProblem("field_missing", "The cell is empty. Fill it in.")
        return default, None

    def convert(text: str) -> Converted:
        text = text.strip()
        if text in missing:
            return default, placeholder
        if values:
            if text in values:
                return values[text], None
            if value.otherwise == "empty":
                return default, None
            if text and value.otherwise == "refuse":
                listed = ", ".join(list(values)[:8])
                raise CellProblem("value_unknown", f"{shown(text)} is not among the values listed: {listed}.")
        return plain(text)

    return convert if values or missing else plain


def _maker(value: Value, compiling: Compiling) -> Convert:
    kind = value.kind
    if kind in ("integer", "decimal", "minor_units"):
        number = _number_kind(value, scaler(value.scale, value.rounding))
        assert number is not None
        parse = compiling.number
        return lambda text: (number(parse(text)), None)
    if kind == "yes_no":
        return lambda text: (yes_or_no(text), None)
    if kind == "duration":
        return lambda text: (duration_seconds(text), None)
    if kind == "list":
        return lambda text: (list_of(text), None)
    if kind in ("date", "date_time"):
        assert value.format is not None
        parse_moment = moment_parser(value.format, repaired=compiling.repaired)
        return lambda text: (_moment_text(value, parse_moment(text)), None)
    return _text


def _text(text: str) -> Converted:
    if len(text) > TEXT_CHARACTERS_MAX:
        raise CellProblem(
            "text_too_long", f"The text has {len(text):,} characters; {TEXT_CHARACTERS_MAX:,} at most."
        )
    if text[0] in "=+-@" and looks_like_formula(text):
        return text, FORMULA
    return text, None


def _moment_text(value: Value, moment: date | time | datetime) -> str:
    """A date as 2025-01-31, a moment as RFC 3339 in UTC."""
    if value.kind == "date":
        return (moment.date() if isinstance(moment, datetime) else moment).isoformat()
    if not isinstance(moment, datetime):
        assert isinstance(moment, date)
        moment = datetime.combine(moment, time(0))
    if moment.tzinfo is None:
        assert value.zone is not None or value.format is not None
        moment = LocalTimes(value.zone).to_utc(moment)[0] if value.zone else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment_parser(format_: MomentFormat, *, repaired: bool) -> Callable[[str], date | time | datetime]:
    """Reads texts of one format; in a rejects file also the ISO form that dates are written out in."""
    iso = MomentFormat("iso")

    def parse(text: str) -> date | time | datetime:
        try:
            return format_.read(text)
        except ValueError:
            pass
        if repaired:
            try:
                return iso.read(text) if format_.has_date else time.fromisoformat(text)
            except ValueError:
                pass
        kind = "date" if format_.has_date else "time"
        said = (
            f"{shown(text)} is not a {kind} of the form {format_.text}. Write it so, or correct the format."
        )
        raise CellProblem(f"{kind}_unreadable", said)

    return parse


def moment_reader(moment: Moment, compiling: Compiling) -> Read:
    """A function from a row to the moment it happened, aware and in UTC; it raises CellProblem."""
    parse = moment_parser(moment.format, repaired=compiling.repaired)
    zone = (
        LocalTimes(moment.zone, ambiguous=moment.ambiguous, nonexistent=moment.nonexistent)
        if moment.zone
        else None
    )

    def finish(found: date | time | datetime, clock: time | None) -> Converted:
        if not isinstance(found, datetime) or (clock is not None and not moment.format.has_time):
            assert isinstance(found, date)
            if clock is None:
                raise CellProblem("time_missing", f"{shown(found)} has no time of day. Add it, or set time.")
            found = datetime.combine(found, clock)
        if found.tzinfo is not None:
            utc, note = found.astimezone(UTC), None
        elif zone is not None:
            utc, note = zone.to_utc(found)
        else:
            raise CellProblem("offset_missing", f"{shown(found)} has no offset. Add it, or set time_zone.")
        return in_bounds(utc, moment.earliest, moment.latest), note

    fixed: time | None = None
    if moment.time is not None and moment.time.column is None and moment.time.expression is None:
        assert moment.time_format is not None
        at = moment.time_format.read(str(moment.time.constant))
        assert isinstance(at, time), "a format of times gives times"
        fixed = at
    if moment.time is None or fixed is not None:
        return _one_cell(
            moment, compiling, lambda text: finish(parse(text), fixed), lambda cell: finish(cell, fixed)
        )
    return _two_cells(moment, compiling, parse, finish)


def _one_cell(
    moment: Moment, compiling: Compiling, convert: Convert, from_date: Callable[[Any], Converted]
) -> Read:
    plain = not moment.date.values and not moment.date.missing

    def checked(text: str) -> Converted:
        text = text.strip()
        if not text:
            raise CellProblem("date_missing", "The cell is empty. Fill in when it happened.")
        return convert(text)

    memory = Remembered(checked, compiling.noted, compiling.remembered)
    if moment.date.column is not None and plain and not compiling.native:
        pick = compiling.pick(moment.date.column)
        return lambda row: memory[pick(row)]
    pick = _date_cell(moment.date, compiling)

    def read(row: Any) -> Any:
        cell = pick(row)
        if cell.__class__ is str:
            return memory[cell]
        found, note = from_date(cell)
        if note is not None:
            compiling.noted[note] += 1
        return found

    return read


def _date_cell(value: Value, compiling: Compiling) -> Read:
    """The cell a date stands in: a date where the file has dates, else a text (numbers by their text)."""
    if value.column is not None and not value.values and not value.missing:
        pick = compiling.pick(value.column)

        def cell(row: Any) -> Any:
            found = pick(row)
            return found if found.__class__ is str or isinstance(found, date) else text_of(found)

        return cell
    read = value_reader("occurred_at", value, compiling)
    return lambda row: text_of(read(row))


def _two_cells(
    moment: Moment,
    compiling: Compiling,
    parse: Callable[[str], Any],
    finish: Callable[[Any, time | None], Converted],
) -> Read:
    assert moment.time is not None and moment.time_format is not None
    parse_time = moment_parser(moment.time_format, repaired=compiling.repaired)
    day_of, clock_of = _date_cell(moment.date, compiling), _time_cell(moment.time, compiling)
    memory: dict[Any, datetime] = {}

    def read(row: Any) -> Any:
        day, clock = day_of(row), clock_of(row)
        known = memory.get((day, clock))
        if known is not None:
            return known
        if day == "":
            raise CellProblem("date_missing", "The cell is empty. Fill in when it happened.")
        if clock == "":
            raise CellProblem("time_missing", "The time of day is empty. Fill in when it happened.")
        at = parse_time(clock.strip()) if clock.__class__ is str else clock
        assert isinstance(at, time), "a format of times gives times"
        found, note = finish(parse(day.strip()) if day.__class__ is str else day, at)
        if note is not None:
            compiling.noted[note] += 1
            return found
        if len(memory) >= compiling.remembered:
            memory.clear()
        memory[day, clock] = found
        return found

    return read


def _time_cell(value: Value, compiling: Compiling) -> Read:
    if value.column is None:
        return value_reader("time", value, compiling)
    pick = compiling.pick(value.column)

    def cell(row: Any) -> Any:
        found = pick(row)
        if isinstance(found, datetime):
            return found.time()
        return found if found.__class__ is str or isinstance(found, time) else text_of(found)

    return cell
