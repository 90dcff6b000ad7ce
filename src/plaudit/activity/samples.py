"""Samples of activity: for each declared type an event that could really happen, as a sender would write it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from plaudit.activity.types import DeclaredType

_TEXTS = {"text": "something", "date": "2026-03-01", "timestamp": "2026-03-01T12:00:00Z"}


def sample_event(declared: DeclaredType, *, key: str, at: datetime, subject: str = "ada") -> dict[str, Any]:
    """A CloudEvent of this type with a value for every field; `at` is aware. A correction names no event yet."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": key,
        "source": "till",
        "type": declared.name,
        "subject": subject,
        "time": at.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
    }
    if data := {name: sample_value(stored) for name, stored in declared.fields.items()}:
        event["data"] = data
    return event


def sample_value(stored: Mapping[str, Any]) -> object:
    """A value this field takes, from its stored form; decimals as texts, which stay exact on every way."""
    if stored.get("choices"):
        return stored["choices"][0]
    kind = stored["kind"]
    if kind in ("integer", "decimal"):
        scale = int(stored.get("scale") or 0) if kind == "decimal" else 0
        low, high = (_bound(stored, name) for name in ("minimum", "maximum"))
        value = Decimal(50)
        value = max(value, low) if low is not None else value
        value = min(value, high) if high is not None else value
        return f"{value:.{scale}f}" if kind == "decimal" else int(value)
    if kind == "boolean":
        return True
    return _TEXTS[kind]


def _bound(stored: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(str(stored[name])) if stored.get(name) is not None else None
