"""Event data to typed values: one generated function for each event type, quick where the data is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plaudit.activity.events import EventProblem
from plaudit.earning.expressions.reading import pointer_of, reader_of
from plaudit.earning.expressions.refusals import shortened
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.earning.expressions.types import TEXT_LENGTH_MAX, FieldKind, FieldType
from plaudit.foundation.worded import worded

PROBLEMS_MAX = 20

Reader = Callable[[Mapping[str, Any]], tuple[dict[str, Any], tuple[EventProblem, ...]]]


def compile_reader(fields: Mapping[str, FieldType], *, extra: bool) -> Reader:
    """A function from one event's data to (values, problems).

    The data is as decoded from JSON: numbers are int or Decimal (or a decimal text), never float. The
    values are typed as the compilers expect them, None for null and absent, one for every field, and
    only to be used where there are no problems. Every problem is collected (up to 20), with its pointer
    below the data. Where `extra` is false a field that is not declared is a problem; else it is ignored.
    """
    readers = {f"r{place}": reader_of(name, field) for place, (name, field) in enumerate(fields.items())}
    known: dict[str, Any] = {
        **{name: reader.read for name, reader in readers.items()},
        **{f"c{name}": frozenset(reader.field.choices) for name, reader in readers.items()},
        "fields": frozenset(fields),
        "unknown": _unknown,
        "report": tuple,
    }
    exec(compile(reader_source(fields, extra=extra), "<event reader>", "exec"), known)  # noqa: S102  # from declared fields only
    read: Reader = known["read"]
    return read


def reader_source(fields: Mapping[str, FieldType], *, extra: bool) -> str:
    """The source of that function: the usual form of each value is recognised inline, the rest is asked for."""
    lines = ["def read(data):", "    problems = []", "    get = data.get"]
    if not extra:
        lines += ["    if not data.keys() <= fields:", "        unknown(data, fields, problems)"]
    for place, (name, field) in enumerate(fields.items()):
        lines += _lines(f"v{place}", f"r{place}", name, field)
    values = ", ".join(f"{name!r}: v{place}" for place, name in enumerate(fields))
    return "\n".join([*lines, f"    return {{{values}}}, report(problems)"])


def _lines(value: str, reader: str, name: str, field: FieldType) -> list[str]:
    """Two or three lines: take the value, recognise its usual form, and hand anything else to its reader."""
    usual = {
        FieldKind.INTEGER: f"type({value}) is int and {field.low} <= {value} <= {field.high}",
        FieldKind.TEXT: f"type({value}) is str and {value} in c{reader}"
        if field.choices
        else f"type({value}) is str and len({value}) <= {TEXT_LENGTH_MAX} and {value}.isascii()"
        f" and '\\0' not in {value}",
        FieldKind.BOOLEAN: f"({value} is True or {value} is False)",
    }
    lines = [f"    {value} = get({name!r})"]
    if field.kind in usual:
        optional = f"{value} is not None and " if field.nullable else ""
        return [
            *lines,
            f"    if {optional}not ({usual[field.kind]}):",
            f"        {value} = {reader}({value}, problems)",
        ]
    optional = f"if {value} is not None: " if field.nullable else ""
    return [*lines, f"    {optional}{value} = {reader}({value}, problems)"]


def _unknown(data: Mapping[str, Any], fields: frozenset[str], problems: list[EventProblem]) -> None:
    for name in list(data)[: len(fields) + PROBLEMS_MAX]:
        if name not in fields and len(problems) < PROBLEMS_MAX:
            sentence = worded(
                "{name} is not a field of this activity{meant}",
                name=shortened(name),
                meant=did_you_mean(name, fields),
            )
            problems.append(EventProblem(pointer_of(name), "field_unknown", sentence))
