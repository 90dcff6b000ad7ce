"""One value of a mapping's text: a column, a constant or an expression, and what it must be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from plaudit.activity.files.mapping import Scalar, Value
from plaudit.activity.files.mapping_parts import Part, Report
from plaudit.activity.files.moments import MomentFormat
from plaudit.activity.files.values import ROUNDINGS

KINDS = (
    "text",
    "integer",
    "decimal",
    "minor_units",
    "yes_no",
    "date",
    "date_time",
    "duration",
    "list",
    "as_is",
)


def read_value(raw: Any, pointer: str, report: Report) -> Value | None:
    """The value a section describes; a bare text is the name of a column. None where it is at fault."""
    if isinstance(raw, str) and raw.strip():
        return Value(column=raw)
    if not isinstance(raw, dict):
        report.add(pointer, "not_a_section", "Say column: …, constant: … or expression: …")
        return None
    part = Part(raw, pointer, report)
    if "column" in raw and part.has("column") and not isinstance(raw["column"], str):
        raw = {**raw, "column": str(raw["column"])}
        part = Part(raw, pointer, report)
    kind = part.choice("as", KINDS, "text" if "constant" not in raw else "as_is")
    expression = part.expression("expression")
    value = Value(
        column=part.text("column") or None,
        constant=_scalar(part, "constant"),
        expression=expression,
        kind=kind,
        scale=part.whole("scale", 0, 12),
        rounding=part.choice("round", tuple(ROUNDINGS), "") or None,
        values=_values(part),
        otherwise=part.choice("otherwise", ("refuse", "keep", "empty"), "refuse"),
        missing=frozenset(part.texts("missing")),
        required=part.flag("required"),
        default=_scalar(part, "default"),
        format=_format(part, kind),
        zone=part.zone("time_zone"),
    )
    part.done()
    _check(part, value)
    return None if expression is None and part.has("expression") else value


def _check(part: Part, value: Value) -> None:
    origins = [key for key in ("column", "constant", "expression") if key in part.value]
    if len(origins) != 1:
        part.refuse("", "one_of", "Say exactly one of column, constant and expression.")
    if part.has("scale") and value.kind not in ("decimal", "minor_units"):
        part.refuse("scale", "not_with_kind", "scale belongs to as: decimal and as: minor_units.")
    if value.kind == "minor_units" and not part.has("scale"):
        part.refuse(
            "scale", "missing", "as: minor_units needs scale, the number of decimals of the currency."
        )
    if part.has("round") and not part.has("scale"):
        part.refuse("scale", "missing", "round needs scale, the number of decimals to round to.")
    if part.has("format") and value.kind not in ("date", "date_time"):
        part.refuse("format", "not_with_kind", "format belongs to as: date and as: date_time.")
    if value.kind == "date_time" and value.zone is None and value.format and not value.format.has_offset:
        part.refuse(
            "time_zone", "missing", "Times without an offset need time_zone, such as Europe/London or UTC."
        )
    if value.required and value.default is not None:
        part.refuse("default", "not_with_required", "A required value has no default.")
    if part.has("otherwise") and not value.values:
        part.refuse("otherwise", "not_alone", "otherwise belongs to values.")


def _format(part: Part, kind: str) -> MomentFormat | None:
    if kind in ("date", "date_time"):
        return part.format("format", "%Y-%m-%d" if kind == "date" else "iso")
    part.take("format")
    return None


def _scalar(part: Part, key: str) -> Scalar:
    value = part.take(key)
    if value is None or isinstance(value, str | bool | int | Decimal):
        return value
    part.refuse(key, "not_a_scalar", f"{key} is a text, a number, true or false.")
    return None


def _values(part: Part) -> tuple[tuple[str, Scalar], ...]:
    found = []
    for name, value, place in part.entries("values"):
        if value is not None and not isinstance(value, str | bool | int | Decimal):
            part.report.add(place, "not_a_scalar", "A text, a number, true, false or null is expected.")
        else:
            found.append((name, value))
    return tuple(found)


def constant_text(part: Part, key: str, *, needed: bool = False) -> Value | None:
    """A value where a bare text is itself rather than a column: `type: purchase`."""
    raw = part.take(key)
    if raw is None:
        if needed:
            part.refuse(key, "missing", f"{key} is missing.")
        return None
    if isinstance(raw, str) and raw.strip() and len(raw) <= 255:
        return Value(constant=raw, kind="as_is")
    return read_value(raw, part.place(key), part.report)
