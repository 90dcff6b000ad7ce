"""The form in which people see a transfer: `led_` and its wallet's number in letters, a dash, its line.

A wallet's number is written in Crockford's base 32, as in `led_00k7q2-17`: short enough to be read out on
the telephone, and read the same whether 0 was heard as O or 1 as L.
"""

from __future__ import annotations

import re

from plaudit.foundation.refusals import NotFound
from plaudit.ledger.lots import Line

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_HEARD_AS = str.maketrans("oil", "011")
_SHAPE = re.compile(r"led_([0-9a-hjkmnp-tv-z]{6,13})-([1-9][0-9]{0,9})")


def show_transfer(wallet_id: int, line: int) -> str:
    """How people see this transfer, such as led_00k7q2-17."""
    letters = []
    while wallet_id:
        wallet_id, digit = divmod(wallet_id, 32)
        letters.append(_DIGITS[digit])
    return f"led_{''.join(reversed(letters)).rjust(6, '0')}-{line}"


def read_transfer(text: str) -> Line:
    """The (wallet id, line) behind a reference. Raises `NotFound` for anything that is none."""
    prefix, _, rest = text.strip().lower().partition("_")
    match = _SHAPE.fullmatch(f"{prefix}_{rest.translate(_HEARD_AS)}")
    if match is None:
        raise NotFound(kind="transfer", ref=text)
    number = 0
    for letter in match[1]:
        number = number * 32 + _DIGITS.index(letter)
    line = int(match[2])
    if number >= 1 << 63 or line >= 1 << 31:
        raise NotFound(kind="transfer", ref=text)
    return number, line
