"""Says texts that an organisation wrote itself in the language of whoever reads, where it gave them in it.

A `Tongues` has, for a language's code, texts as they are written and as they are in that language. Nothing is
said otherwise while something is written: what is kept is always what was written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

Tongues = Mapping[str, Mapping[str, str]]
T = TypeVar("T")

TOLD = frozenset(
    {
        "ask",
        "because",
        "benefits",
        "charity",
        "consent",
        "description",
        "does",
        "examples",
        "high",
        "intro",
        "label",
        "low",
        "means",
        "name",
        "one",
        "other",
        "provider",
        "say",
        "says",
        "tax",
        "terms",
        "title",
    }
)
"""The names under which a programme keeps what people read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads: the languages they want, the best first, and what there is, asked for when needed."""

    wanted: tuple[str, ...]
    tongues: Callable[[], Tongues]


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


@contextmanager
def read_by(reader: Reader | None) -> Iterator[None]:
    """What is told in here is told to this reader; to nobody for None, as it is written."""
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)


def as_written() -> Any:
    """What is told in here stays as it is written."""
    return read_by(None)


def tell_from_now_on(reader: Reader | None) -> None:
    """Tell this reader, until the end of what `read_by` is around."""
    _reader.set(reader)


def read_in() -> tuple[str, ...]:
    """The languages the reader wants, the best first; none where nobody reads."""
    reader = _reader.get()
    return reader.wanted if reader is not None else ()


def is_read() -> bool:
    """Whether anything is told to somebody; else all stays as it is written."""
    return _reader.get() is not None


def told(text: str, tongues: Tongues | None = None) -> str:
    """The text in the reader's language; as it is written where there is none, or nobody reads.

    `tongues` are those of the version the text is from; without them they are those of today.
    """
    reader = _reader.get()
    if reader is None or not text:
        return text
    return _said(text, reader.wanted, tongues if tongues is not None else reader.tongues())


def told_through(value: T, tongues: Tongues | None = None) -> T:
    """The value with every text in it that people read told to them; the same where nothing is told."""
    reader = _reader.get()
    if reader is None:
        return value
    known = tongues if tongues is not None else reader.tongues()
    if not any(language_in(known, wanted) for wanted in reader.wanted):
        return value
    found: T = _through(value, "", lambda text: _said(text, reader.wanted, known))
    return found


def language_in(tongues: Tongues, wanted: str) -> str:
    """The code under which there is a language: `de` for `de-at` where there is none closer; "" for none."""
    return next((code for code in (wanted, wanted.partition("-")[0]) if code in tongues), "")


def _said(text: str, wanted: Sequence[str], tongues: Tongues) -> str:
    for language in wanted:
        for code in (language, language.partition("-")[0]):
            found = tongues.get(code, {}).get(text)
            if found is not None:
                return found
    return text


def _through(value: Any, name: str, say: Callable[[str], str]) -> Any:
    """The value of that name, with the texts in it said; the very same where none is said otherwise."""
    if isinstance(value, str):
        return say(value) if name in TOLD and type(value) is str else value
    if isinstance(value, tuple | list):
        items = [_through(one, name, say) for one in value]
        return type(value)(items) if _differ(items, value) else value
    if isinstance(value, Mapping):
        said = {key: _through(one, str(key), say) for key, one in value.items()}
        return said if _differ(said.values(), value.values()) else value
    if getattr(value, "stays_as_written", False):
        return value
    if isinstance(value, msgspec.Struct):
        changed = _changed(value, value.__struct_fields__, say)
        return msgspec.structs.replace(value, **changed) if changed else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = _changed(value, [one.name for one in dataclasses.fields(value)], say)
        return dataclasses.replace(value, **changed) if changed else value
    return value


def _changed(value: Any, names: Sequence[str], say: Callable[[str], str]) -> dict[str, Any]:
    before = ((name, getattr(value, name)) for name in names if name != "tongues")
    after = ((name, was, _through(was, name, say)) for name, was in before)
    return {name: now for name, was, now in after if now is not was}


def _differ(now: Any, was: Any) -> bool:
    return any(one is not other for one, other in zip(now, was, strict=True))
