"""JSON as events carry it: exact numbers, no key twice, bounded depth, nothing PostgreSQL cannot hold."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec

DEPTH_MAX = 16
KEYS_MAX = 2_000
DIGITS_MAX = 38
_INTEGER_LIMIT = 10**DIGITS_MAX

# A string, or what stands between strings. Colons outside strings are the keys of the text.
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class JsonProblem(Exception):
    """Why a JSON text is refused: a stable code, a sentence, and the JSON pointer where known."""

    def __init__(self, code: str, sentence: str, pointer: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.pointer = pointer


def exact_number(text: str) -> Decimal:
    """A JSON number with a point or an exponent, as the exact decimal it says; never a float."""
    if len(text) <= DIGITS_MAX and "e" not in text and "E" not in text:
        return Decimal(text)
    if len(text) > 3 * DIGITS_MAX:
        raise ValueError("a number has too many digits")
    _, _, exponent = text.replace("E", "e").partition("e")
    if exponent and abs(int(exponent)) > DIGITS_MAX:
        raise ValueError(f"the number {text[:40]} is out of range")
    number = Decimal(text)
    parts = number.as_tuple()
    assert isinstance(parts.exponent, int), "JSON has no infinities"
    if len(parts.digits) + max(parts.exponent, 0) > DIGITS_MAX or parts.exponent < -DIGITS_MAX:
        raise ValueError(f"the number {text[:40]} has more than {DIGITS_MAX} digits")
    return number.quantize(Decimal(1)) if parts.exponent > 0 else number


_decoder = msgspec.json.Decoder(float_hook=exact_number)


def decode_strictly(body: bytes) -> Any:
    """The value of one JSON text: numbers with a point become Decimal, whole ones int.

    Raises JsonProblem for malformed text, a key given twice, too much depth or too many keys, numbers of
    more than 38 digits, and characters that cannot be stored (NUL). Never takes time beyond the length
    of `body`, which the caller bounds.
    """
    try:
        value = _decoder.decode(body)
    except RecursionError:
        raise JsonProblem("too_deep", f"The JSON is nested deeper than {DEPTH_MAX} levels.") from None
    except UnicodeDecodeError as error:
        raise JsonProblem("not_utf8", f"Byte {error.start} of the JSON is not UTF-8.") from None
    except (msgspec.DecodeError, ValueError, ArithmeticError) as error:
        raise JsonProblem("malformed", f"This is not JSON that can be read: {_plain(error)}.") from None
    if has_key_twice(body, examine(value)):
        raise JsonProblem(
            "key_twice", "A key stands twice in one object; which value is meant cannot be known."
        )
    return value


def has_key_twice(body: bytes, keys: int) -> bool:
    """Whether the JSON text `body`, decoded to a value with `keys` keys in all, said some key twice.

    Every key stands before a colon outside strings, and decoding keeps one of two equal keys, so the
    colons outnumber the keys. Where no backslash and no blank before a colon occurs, each such colon
    directly follows a quote; a text that begins with a colon looks the same and only sends us the long way.
    """
    if (
        body.count(b'":') == keys
        and b"\\" not in body
        and b" :" not in body
        and b"\n:" not in body
        and b"\t:" not in body
        and b"\r:" not in body
    ):
        return False
    return _STRINGS.sub(b"", body).count(b":") != keys


def _plain(error: Exception) -> str:
    """The decoder's message without its own vocabulary."""
    return str(error).removeprefix("JSON is malformed: ").split(" - at ")[0]


def examine(value: Any) -> int:
    """The number of keys in `value`, having checked depth, size and every scalar. Raises JsonProblem."""
    keys = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        kind = item.__class__
        if kind is dict:
            keys += len(item)
            for key in item:
                if "\0" in key:
                    raise JsonProblem("nul_character", "A key holds a NUL character.")
            children = item.values()
        elif kind is list:
            children = item
        else:
            check_scalar(item)
            continue
        if depth > DEPTH_MAX:
            raise JsonProblem("too_deep", f"The JSON is nested deeper than {DEPTH_MAX} levels.")
        if keys > KEYS_MAX:
            raise JsonProblem("too_many_keys", f"The JSON has more than {KEYS_MAX} keys.")
        for child in children:
            if child.__class__ is dict or child.__class__ is list:
                waiting.append((child, depth + 1))
            else:
                check_scalar(child)
    return keys


def check_scalar(value: Any) -> None:
    if value.__class__ is str:
        if "\0" in value:
            raise JsonProblem("nul_character", "A text holds a NUL character.")
    elif value.__class__ is int and not -_INTEGER_LIMIT < value < _INTEGER_LIMIT:
        raise JsonProblem("number_too_large", f"A number has more than {DIGITS_MAX} digits.")
