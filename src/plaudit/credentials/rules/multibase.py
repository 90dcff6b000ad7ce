"""Keys and signatures as text: base58btc (Bitcoin's alphabet) with `z` before it, as Multibase and Multikey have it."""

from __future__ import annotations

_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}

ED25519 = b"\xed\x01"
"""What stands before a public key of Ed25519 in a Multikey (W3C Controlled Identifiers 1.0, 2.2.2)."""


def written(data: bytes) -> str:
    """The bytes as base58btc, the `z` before them included."""
    number, letters = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        letters = _LETTERS[rest] + letters
    nothing = len(data) - len(data.lstrip(b"\0"))
    return "z" + _LETTERS[0] * nothing + letters


def read(text: str) -> bytes | None:
    """The bytes behind it; None for what is not base58btc."""
    if not text.startswith("z") or len(text) > 200 or any(letter not in _VALUES for letter in text[1:]):
        return None
    number, letters = 0, text[1:]
    for letter in letters:
        number = number * 58 + _VALUES[letter]
    nothing = len(letters) - len(letters.lstrip(_LETTERS[0]))
    return b"\0" * nothing + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(public: bytes) -> str:
    """The 32 bytes of a public key as a Multikey: `z6Mk…`."""
    return written(ED25519 + public)
