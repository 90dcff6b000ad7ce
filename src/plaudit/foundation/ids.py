"""Identifiers: time-ordered UUIDs (version 7, RFC 9562) and the prefixed form people see."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

from plaudit.foundation.refusals import NotFound

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case
_TWO = [first + second for first in _ALPHABET for second in _ALPHABET]
_VALUE = {letter: number for number, letter in enumerate(_ALPHABET)}
_COUNTER_BITS = 20


def new_ids(count: int) -> list[UUID]:
    """`count` UUIDs in rising order that share all but their last 20 bits.

    No other call can mint an id between the first and the last of them, so a batch is found again by
    its first and last id alone. At most 2**20 at a time.
    """
    assert count <= 1 << _COUNTER_BITS
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    head = (milliseconds << 80) | (0x7 << 76) | ((rest * 4096 // 1_000_000) << 64) | (0b10 << 62)
    head |= secrets.randbits(62 - _COUNTER_BITS) << _COUNTER_BITS
    return [UUID(int=head + step) for step in range(count)]


def new_id() -> UUID:
    """One time-ordered UUID."""
    return new_ids(1)[0]


def show(prefix: str, value: UUID) -> str:
    """The form people see, such as `mem_01jd…`: the prefix says what it is, 26 letters say which."""
    number = value.int
    return f"{prefix}_{''.join([_TWO[number >> place & 1023] for place in range(120, -1, -10)])}"


def read(prefix: str, text: str, *, kind: str) -> UUID:
    """The UUID behind the form people see. Raises `NotFound` for anything else, as for an unknown one."""
    head, _, letters = text.partition("_")
    if head != prefix or len(letters) != 26:
        raise NotFound(kind=kind, ref=text)
    number = 0
    for letter in letters.lower():
        if letter not in _VALUE:
            raise NotFound(kind=kind, ref=text)
        number = number * 32 + _VALUE[letter]
    if number >= 1 << 128:
        raise NotFound(kind=kind, ref=text)
    return UUID(int=number)
