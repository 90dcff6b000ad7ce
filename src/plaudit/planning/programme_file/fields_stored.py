"""Fields and local times as the floors below are given them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from plaudit.earning.expressions.types import FieldType


def in_utc(local: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A local time as a moment; of a time that a change of clocks repeats, the first."""
    return local.replace(tzinfo=zone).astimezone(UTC) if local is not None else None


def stored_field(field: FieldType) -> dict[str, Any]:
    """A field's type as plain data, without what goes without saying; `compiling.field_type` reads it."""
    stored: dict[str, Any] = {"kind": field.kind.value}
    if field.scale:
        stored["scale"] = field.scale
    if field.nullable:
        stored["nullable"] = True
    if field.minimum is not None:
        stored["minimum"] = _bound(field.minimum)
    if field.maximum is not None:
        stored["maximum"] = _bound(field.maximum)
    if field.choices:
        stored["choices"] = list(field.choices)
    if field.label:
        stored["label"] = field.label
    return stored


def _bound(bound: Decimal | int) -> int | str:
    """A bound as an integer where it is one, otherwise as the text of its decimals: exact in any JSON."""
    return int(bound) if bound == int(bound) else format(bound, "f")


def stored_fields(fields: Mapping[str, FieldType]) -> dict[str, dict[str, Any]]:
    """Every field as plain data."""
    return {name: stored_field(field) for name, field in fields.items()}
