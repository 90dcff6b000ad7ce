"""Declared fields as a JSON Schema (draft 2020-12), for those who send events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plaudit.earning.expressions.types import INTEGER_DIGITS_MAX, TEXT_LENGTH_MAX, FieldKind, FieldType

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(fields: Mapping[str, FieldType], *, extra: bool, title: str = "") -> dict[str, Any]:
    """The schema of an event's data. Whatever the reader takes is valid under it.

    It leaves out `multipleOf`, which validators compute in binary floating point and so get wrong for
    0.01; the number of decimals stands in the description, and in the pattern for decimals sent as text.
    """
    return {
        "$schema": DIALECT,
        **({"title": title} if title else {}),
        "type": "object",
        "properties": {name: _property(field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if not field.nullable],
        "additionalProperties": extra,
    }


def _property(field: FieldType) -> dict[str, Any]:
    described = {"title": field.label} if field.label else {}
    shape = _number(field) if field.is_number else _SHAPES[field.kind]
    if field.choices:
        listed = [*field.choices, *([None] if field.nullable else [])]
        return {**described, "enum": listed}
    kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    allowed = [*kinds, "null"] if field.nullable else kinds
    return {**described, **shape, "type": allowed if len(allowed) > 1 else allowed[0]}


def _number(field: FieldType) -> dict[str, Any]:
    scale = field.scale
    decimals = f"(\\.[0-9]{{1,{scale}}}0*)?" if scale else "(\\.0+)?"
    bounds = {}
    if field.minimum is not None and field.minimum == int(field.minimum):
        bounds["minimum"] = int(field.minimum)
    if field.maximum is not None and field.maximum == int(field.maximum):
        bounds["maximum"] = int(field.maximum)
    limits = [
        f"at most {scale} decimals" if scale else "no decimals",
        *([f"at least {field.minimum}"] if field.minimum is not None else []),
        *([f"at most {field.maximum}"] if field.maximum is not None else []),
    ]
    return {
        "type": ["number", "string"],
        "pattern": f"^-?[0-9]{{1,{INTEGER_DIGITS_MAX}}}{decimals}$",
        **bounds,
        "description": f"A number with {', '.join(limits)}; a text is read to the last digit.",
    }


_SHAPES: dict[FieldKind, dict[str, Any]] = {
    FieldKind.TEXT: {"type": "string", "maxLength": TEXT_LENGTH_MAX},
    FieldKind.BOOLEAN: {"type": "boolean"},
    FieldKind.DATE: {"type": "string", "format": "date"},
    FieldKind.TIMESTAMP: {"type": "string", "format": "date-time"},
}
