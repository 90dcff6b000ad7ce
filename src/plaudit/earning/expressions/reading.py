"""One value of event data to its typed form, or to the problem with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from plaudit.activity.events import FIRST_YEAR, LAST_YEAR, EventProblem
from plaudit.earning.expressions.refusals import shortened
from plaudit.earning.expressions.types import INTEGER_DIGITS_MAX, TEXT_LENGTH_MAX, FieldKind, FieldType
from plaudit.foundation.worded import joined, listed, worded

# Nothing is ever rounded on the way in: what would be raises Inexact.
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,40})?")
_HALF_A_CHARACTER = re.compile(r"[\ud800-\udfff]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9-]{10}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})")


_OF_SO_MANY_DIGITS = worded("of at most {digits} digits before the point", digits=INTEGER_DIGITS_MAX)


class _Fault(Exception):
    """A value that does not fit its field: a stable code, and what it must be."""


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Reads the values of one field."""

    name: str
    field: FieldType
    convert: Callable[[Any], Any]

    def read(self, value: Any, problems: list[EventProblem]) -> Any:
        """The typed value; where there is none, None, and a problem more."""
        try:
            return self.convert(value)
        except _Fault as fault:
            code, wanted = fault.args
        if value is not None:
            sentence = worded(
                "{name} {wanted}; got {value}.", name=self.name, wanted=wanted, value=_shown(value)
            )
        elif self.field.nullable:
            return None
        else:
            code = "field_missing"
            sentence = worded("{name} is missing; it {wanted}.", name=self.name, wanted=wanted)
        problems.append(EventProblem(pointer_of(self.name), code, sentence))
        return None


def reader_of(name: str, field: FieldType) -> FieldReader:
    """The reader of a field of any type."""
    converters: dict[FieldKind, Callable[[FieldType], Callable[[Any], Any]]] = {
        FieldKind.INTEGER: _number,
        FieldKind.DECIMAL: _number,
        FieldKind.TEXT: _text,
        FieldKind.BOOLEAN: lambda _: _boolean,
        FieldKind.DATE: lambda _: _day,
        FieldKind.TIMESTAMP: lambda _: _moment,
    }
    return FieldReader(name, field, converters[field.kind](field))


def _number(field: FieldType) -> Callable[[Any], int]:
    scale, low, high = field.scale, field.low, field.high
    factor = 10**scale
    wanted = (
        worded("must be a number with at most {scale} decimals", scale=scale)
        if scale
        else worded("must be a whole number")
    )
    bounds = [
        *([worded("at least {least}", least=field.minimum)] if field.minimum is not None else []),
        *([worded("at most {most}", most=field.maximum)] if field.maximum is not None else []),
    ]
    within = listed(bounds) or _OF_SO_MANY_DIGITS

    def convert(value: Any) -> int:
        """The scaled integer. More decimals than declared are a fault, never rounded away."""
        number: int
        if type(value) is int:
            number = value * factor
        elif type(value) is Decimal or (type(value) is str and _DECIMAL.fullmatch(value)):
            number = _shifted(Decimal(value), scale, wanted)
        elif type(value) is float:
            said = worded("{wanted}, decoded from its JSON as a decimal and not as a float", wanted=wanted)
            raise _Fault("number_inexact", said)
        else:
            raise _Fault("not_a_number", wanted)
        if not low <= number <= high:
            raise _Fault("number_out_of_range", joined((wanted, within)))
        return number

    return convert


def _shifted(number: Decimal, scale: int, wanted: str) -> int:
    """The number without its point, which must have nothing left behind it."""
    if not number.is_finite() or number.adjusted() > INTEGER_DIGITS_MAX:
        raise _Fault("number_out_of_range", joined((wanted, _OF_SO_MANY_DIGITS)))
    try:
        shifted = number.scaleb(scale, context=_EXACT)
        whole = int(shifted)
    except (Inexact, InvalidOperation):
        raise _Fault("too_many_decimals", wanted) from None
    if whole != shifted:
        raise _Fault("too_many_decimals", wanted)
    return whole


def _text(field: FieldType) -> Callable[[Any], str]:
    choices = frozenset(field.choices)
    one_of = worded("must be one of {choices}", choices=", ".join(field.choices))

    def convert(value: Any) -> str:
        if type(value) is not str:
            raise _Fault("not_a_text", one_of if choices else worded("must be a text"))
        if choices and value not in choices:
            raise _Fault("not_a_choice", one_of)
        if len(value) > TEXT_LENGTH_MAX:
            raise _Fault("text_too_long", worded("must have at most {most} characters", most=TEXT_LENGTH_MAX))
        if "\0" in value or _HALF_A_CHARACTER.search(value):
            raise _Fault("text_unreadable", worded("must hold neither NUL nor half a character"))
        return value

    return convert


def _boolean(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    raise _Fault("not_a_boolean", worded("must be true or false"))


def _day(value: Any) -> date:
    try:
        if type(value) is str and _DATE.fullmatch(value) and FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
            return date.fromisoformat(value)
    except ValueError:
        pass
    said = worded(
        "must be a day such as 2026-01-31, from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR
    )
    raise _Fault("not_a_date", said)


def _moment(value: Any) -> datetime:
    try:
        if type(value) is str and _MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
            if FIRST_YEAR <= moment.year <= LAST_YEAR:
                return moment
    except (ValueError, OverflowError):
        pass
    said = worded(
        "must be a time with its offset, such as 2026-01-31T17:30:00Z, from {first} to {last}",
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )
    raise _Fault("not_a_time", said)


def pointer_of(name: str) -> str:
    """The JSON pointer (RFC 6901) of a name."""
    return "/" + shortened(name).replace("~", "~0").replace("/", "~1")


def _shown(value: Any) -> str:
    """The value as a person who sent it would recognise it."""
    if isinstance(value, dict | list):
        return worded("an object") if isinstance(value, dict) else worded("a list")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > 10**60:
        return worded("a number of more than 60 digits")
    return f"'{shortened(value)}'" if isinstance(value, str) else shortened(str(value))
