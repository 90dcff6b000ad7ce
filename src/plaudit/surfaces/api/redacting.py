"""What may be kept of a request: its form, its numbers and references of ours, and not a word anybody wrote. Pure.

Names of fields, whole and decimal numbers of few digits, yes and no, moments, references (`mem_…`) and the
words of the protocol stay. Every other text is replaced by how long it was, so that a name, an address, a
note, a code or a secret is never kept, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from plaudit.foundation.exact import decode, encode

BODY_CHARACTERS = 4_000
ITEMS_SHOWN = 3
_DEPTH_MAX = 8
_FIELDS_MAX = 60

_FIELD = re.compile(r"(?!plt_)[A-Za-z][A-Za-z0-9_]{0,39}")
_REFERENCE = re.compile(
    r"(?:mem|act|led|rdm|mbs|inv|pay|hook|dlv|key|sim|imp|evt|cse|apr|adj|pky|req)_[0-9a-z]{1,40}(?:-[0-9]{1,9})?"
)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?")
_PROTOCOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,79}")

# What these fields hold are words of the protocol or of the programme file, never anybody's.
_OPEN_FIELDS = frozenset(
    {"type", "specversion", "datacontenttype", "unit", "currency", "programme", "kind", "state"}
)
_OPEN_QUERY = frozenset({"limit", "after", "before", "state", "kind", "unit", "programme", "type"})


def redacted_body(body: bytes, media: str) -> str:
    """The body of a request as it may be kept, at most `BODY_CHARACTERS` long; "" for none."""
    if not body:
        return ""
    kind = media.partition(";")[0].strip().lower()
    if "json" not in kind:
        return f"({kind if _PROTOCOL.fullmatch(kind) else 'something'}, {len(body):,} bytes)"
    try:
        said = decode(body)
    except (ValueError, RecursionError):
        return f"(not JSON, {len(body):,} bytes)"
    text = encode(_redacted(said, "", 0))
    return text if len(text) <= BODY_CHARACTERS else f"{text[:BODY_CHARACTERS]}…"


def redacted_target(literal: str, arguments: Mapping[str, object], query: str) -> str:
    """An address as it may be kept: what names a thing of ours by its reference, and how it was asked for.

    `literal` is the route with its arguments in angle brackets.
    """

    def shown(found: re.Match[str]) -> str:
        value = str(arguments.get(found[1], ""))
        return value if _REFERENCE.fullmatch(value) or _NUMBER.fullmatch(value) else "…"

    path = re.sub(r"<(?:\w+:)?(\w+)>", shown, literal)
    asked = [
        (name, value if name in _OPEN_QUERY and _PROTOCOL.fullmatch(value) else "…")
        for name, value in parse_qsl(query)
        if _FIELD.fullmatch(name)
    ]
    return f"{path}?{'&'.join(f'{name}={value}' for name, value in asked)}" if asked else path


def _redacted(value: Any, field: str, depth: int) -> Any:
    if depth > _DEPTH_MAX:
        return "…"
    if isinstance(value, Mapping):
        shown = list(value.items())[:_FIELDS_MAX]
        return {
            (name if _FIELD.fullmatch(str(name)) else "…"): _redacted(inside, str(name), depth + 1)
            for name, inside in shown
        }
    if isinstance(value, list):
        items = [_redacted(one, field, depth + 1) for one in value[:ITEMS_SHOWN]]
        return [*items, f"… {len(value) - ITEMS_SHOWN} more"] if len(value) > ITEMS_SHOWN else items
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return (
            value
            if _NUMBER.fullmatch(format(value, "f") if isinstance(value, Decimal) else str(value))
            else "…"
        )
    return _redacted_text(str(value), field)


def _redacted_text(text: str, field: str) -> str:
    if _REFERENCE.fullmatch(text) or _MOMENT.fullmatch(text):
        return text
    if field in _OPEN_FIELDS and _PROTOCOL.fullmatch(text):
        return text
    return f"… ({len(text)})"
