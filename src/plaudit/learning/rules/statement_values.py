"""The values statements of the Experience API are made of: addresses, languages, moments, durations, ids.

After the Experience API (xAPI) 1.0.3, parts two and three, by the Advanced Distributed Learning Initiative.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from plaudit.learning.refusals import StatementNotTaken

Check = Callable[[Any, str], None]
"""Raises `StatementNotTaken` where the value at a place is not as it must be."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f<>\"{}|\\^`]+")
_MAILBOX = re.compile(r"mailto:[^\s@]+@[^\s@]+")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_SHA2 = re.compile(r"([0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_MEDIA = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+(\s*;.*)?")
_VERSION = re.compile(r"1\.0(\.\d+)?")
# RFC 5646, 2.1: language, script, region, variants, extensions, private use; or what was registered whole.
_LANGUAGE = re.compile(
    r"([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(-[a-wyz\d](-[a-z\d]{2,8})+)*(-x(-[a-z\d]{1,8})+)?|x(-[a-z\d]{1,8})+|i-[a-z]+",
    re.IGNORECASE,
)
# ISO 8601 as RFC 3339 narrows it, but that the zone may be left out, and is never an unknown one.
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([.,]\d+)?(Z|[+]\d{2}(:?\d{2})?|-(?!00(:?00)?$)\d{2}(:?\d{2})?)?"
)
_DURATION = re.compile(
    r"P(\d+([.,]\d+)?W|(?=[\dT])(\d+([.,]\d+)?Y)?(\d+([.,]\d+)?M)?(\d+([.,]\d+)?D)?"
    r"(T(?=\d)(\d+([.,]\d+)?H)?(\d+([.,]\d+)?M)?(\d+([.,]\d+)?S)?)?)"
)


def is_iri(text: str) -> bool:
    """Whether this is an address with its scheme."""
    return bool(_IRI.fullmatch(text))


def not_taken(where: str, why: str) -> StatementNotTaken:
    """The refusal of what stands at this place."""
    return StatementNotTaken(where, why)


def text(value: Any, where: str) -> None:
    """Any text."""
    if not isinstance(value, str):
        raise not_taken(where, "it is a text")


def flag(value: Any, where: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise not_taken(where, "it is true or false")


def number(value: Any, where: str) -> None:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise not_taken(where, "it is a number")


def whole_number(value: Any, where: str) -> None:
    """A number without a fraction, from zero on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise not_taken(where, "it is a whole number")


def _like(pattern: re.Pattern[str], words: str) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise not_taken(where, f"it is {words}")

    return check


iri = _like(_IRI, "an address with its scheme")
mailbox = _like(_MAILBOX, "mailto: and an e-mail address")
sha1 = _like(_SHA1, "a SHA-1 of 40 digits")
sha2 = _like(_SHA2, "a SHA-2 in hexadecimal digits")
uuid = _like(_UUID, "a UUID as RFC 4122 writes it")
media_type = _like(_MEDIA, "a media type")
language = _like(_LANGUAGE, "a language by RFC 5646")
duration = _like(_DURATION, "a duration by ISO 8601")
version = _like(_VERSION, "1.0 or 1.0.x")
_moment = _like(_MOMENT, "a moment by ISO 8601")


def moment(value: Any, where: str) -> None:
    """A moment of the calendar, with or without its zone."""
    _moment(value, where)
    try:
        moment_of(value)
    except (ValueError, OverflowError):
        raise not_taken(where, "there is no such moment") from None


def moment_of(text: str) -> datetime:
    """The moment, in UTC where nothing is said of a zone; finer than microseconds is cut off."""
    plain = re.sub(r"[.,](\d{1,6})\d*", lambda found: f".{found[1].ljust(6, '0')}", text)
    found = datetime.fromisoformat(plain)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def one_of(*words: str) -> Check:
    """One of these words, in their very letters."""

    def check(value: Any, where: str) -> None:
        if value not in words or not isinstance(value, str):
            raise not_taken(where, f"it is one of {', '.join(words)}")

    return check


def each(inner: Check) -> Check:
    """A list of these."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise not_taken(where, "it is a list")
        for place, one in enumerate(value):
            inner(one, f"{where}/{place}")

    return check


def thing(fields: Mapping[str, Check], needs: Collection[str] = ()) -> Check:
    """An object with no other properties than these, and with all that it needs."""

    def check(value: Any, where: str) -> None:
        an_object(value, where)
        for name in needs:
            if name not in value:
                raise not_taken(f"{where}/{name}", "it is missing")
        for name, one in value.items():
            if name not in fields:
                raise not_taken(f"{where}/{name}", "there is no such property")
            fields[name](one, f"{where}/{name}")

    return check


def an_object(value: Any, where: str) -> None:
    """An object that says something."""
    if not isinstance(value, dict):
        raise not_taken(where, "it is an object")
    if not value:
        raise not_taken(where, "it says nothing")


def language_map(value: Any, where: str) -> None:
    """Texts by their language."""
    an_object(value, where)
    for tag, one in value.items():
        language(tag, f"{where}/{tag}")
        text(one, f"{where}/{tag}")


def extensions(value: Any, where: str) -> None:
    """Whatever somebody wants to say besides, by the address of what it is."""
    if not isinstance(value, dict):
        raise not_taken(where, "it is an object")
    for name in value:
        iri(name, f"{where}/{name}")
