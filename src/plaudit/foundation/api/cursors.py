"""Cursors: where a page ended, in the opaque form in which callers hand it back. They never run out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import msgspec

from plaudit.foundation.api.refusals import CursorUnknown

Place = TypeVar("Place")

LENGTH_MAX = 400


def write_cursor(*place: str | int | UUID) -> str:
    """The place as text for the caller. What it says is not secret; nobody should build on it."""
    packed = msgspec.json.encode([str(part) if isinstance(part, UUID) else part for part in place])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(text: str | None, shape: Callable[[list[object]], Place]) -> Place | None:
    """The place behind a cursor; None where none was given.

    `shape` makes it of the parts that were written, and raises `ValueError` or `TypeError` for parts of
    another list's. Raises `CursorUnknown`.
    """
    if text is None:
        return None
    if len(text) > LENGTH_MAX:
        raise CursorUnknown
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return shape(msgspec.json.decode(packed, type=list[object]))
    except (binascii.Error, msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        raise CursorUnknown from None


def one_id(parts: list[object]) -> UUID:
    """The shape of a cursor that is an id."""
    (text,) = parts
    if not isinstance(text, str):
        raise TypeError
    return UUID(text)


def one_number(parts: list[object]) -> int:
    """The shape of a cursor that is a number no column of ours overflows at."""
    (number,) = parts
    if type(number) is not int or not 0 <= number < 1 << 31:
        raise TypeError
    return number
