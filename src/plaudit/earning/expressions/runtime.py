"""The few functions generated Python calls, for what one plain operator cannot say."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_ASCII_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def expr_floor(numerator: int, divisor: int) -> int | None:
    """Towards minus infinity. Like all roundings here: null where the divisor is zero."""
    return numerator // divisor if divisor else None


def expr_ceil(numerator: int, divisor: int) -> int | None:
    """Towards plus infinity."""
    return -(-numerator // divisor) if divisor else None


def expr_trunc(numerator: int, divisor: int) -> int | None:
    """Towards zero."""
    return _signed(abs(numerator) // abs(divisor), numerator, divisor) if divisor else None


def expr_round(numerator: int, divisor: int) -> int | None:
    """To the nearest, halves away from zero (IEEE 754 roundTiesToAway)."""
    if not divisor:
        return None
    size = abs(divisor)
    return _signed((2 * abs(numerator) + size) // (2 * size), numerator, divisor)


def expr_round_half_even(numerator: int, divisor: int) -> int | None:
    """To the nearest, halves to the even neighbour (IEEE 754 roundTiesToEven)."""
    if not divisor:
        return None
    size = abs(divisor)
    whole, left = divmod(abs(numerator), size)
    if 2 * left > size or (2 * left == size and whole % 2):
        whole += 1
    return _signed(whole, numerator, divisor)


def _signed(size: int, numerator: int, divisor: int) -> int:
    return size if (numerator < 0) == (divisor < 0) else -size


def expr_mod(dividend: int, divisor: int) -> int | None:
    """The remainder with the dividend's sign, as in SQL; null where the divisor is zero."""
    if not divisor:
        return None
    left = abs(dividend) % abs(divisor)
    return left if dividend >= 0 else -left


def expr_sign(number: int) -> int:
    return (number > 0) - (number < 0)


def expr_and(*values: bool | None) -> bool | None:
    """False where any is false, else null where any is null."""
    if False in values:
        return False
    return None if None in values else True


def expr_or(*values: bool | None) -> bool | None:
    """True where any is true, else null where any is null."""
    if True in values:
        return True
    return None if None in values else False


def expr_between(value: Any, low: Any, high: Any) -> bool | None:
    """`value >= low and value <= high`: false as soon as one side is, though the other be null."""
    if value is None:
        return None
    return expr_and(None if low is None else value >= low, None if high is None else value <= high)


def expr_lower(text: str) -> str:
    """Only A to Z change, so that every engine agrees; other letters stay as they are."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def expr_upper(text: str) -> str:
    """Only a to z change."""
    return text.upper() if text.isascii() else text.translate(_ASCII_UPPER)


RUNTIME: Mapping[str, Callable[..., Any]] = {
    "expr_date": datetime.date,
    **{
        function.__name__: function
        for function in (
            expr_floor,
            expr_ceil,
            expr_trunc,
            expr_round,
            expr_round_half_even,
            expr_mod,
            expr_sign,
            expr_and,
            expr_or,
            expr_between,
            expr_lower,
            expr_upper,
        )
    },
}
