"""What an operation says of itself beyond its signature, for the reader of its body and for the reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

_MARKS = "plaudit_marks"

BODY_BYTES_MAX = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Marks:
    """What one operation says of itself.

    `body_bytes_max` bounds the body. `idempotency_key` says that a keyless operation keeps answers by key
    all the same ("needed"), or if asked to ("taken"). `etag` and `if_match` say which of the two it has.
    """

    body_bytes_max: int = BODY_BYTES_MAX
    idempotency_key: str = ""
    etag: bool = False
    if_match: bool = False


def marks_of(view: Callable[..., Any]) -> Marks:
    """What an operation says of itself."""
    found = getattr(view, _MARKS, None)
    return found if isinstance(found, Marks) else Marks()


def body_up_to(bytes_max: int) -> Callable[[View], View]:
    """Let an operation's body be as large as this."""
    return _mark(body_bytes_max=bytes_max)


def keeps_answers(how: str) -> Callable[[View], View]:
    """A keyless operation that nevertheless keeps its answers by Idempotency-Key: "needed" or "taken"."""
    assert how in {"needed", "taken"}
    return _mark(idempotency_key=how)


def has_etag(view: View) -> View:
    """An operation whose answer has an ETag."""
    return _mark(etag=True)(view)


def takes_if_match(view: View) -> View:
    """An operation that changes something only if it is still as the caller read it."""
    return _mark(if_match=True)(view)


def _mark(**marks: Any) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _MARKS, replace(marks_of(view), **marks))
        return view

    return declare
