"""Every way of rounding, by the names IEEE 754 gives them, over every quarter from -3 to 3."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest

from plaudit.earning.expressions import Scope, decimal, evaluate, expression_of, integer
from plaudit.earning.expressions.runtime import expr_mod

SCOPE = Scope(
    {
        "amount": decimal(2),
        "positive": decimal(2, minimum=0),
        "above": integer(minimum=-(10**6), maximum=10**6),
        "below": integer(),
    }
)
QUARTERS = range(-300, 301, 25)
WAYS = {
    "floor": ROUND_FLOOR,
    "ceil": ROUND_CEILING,
    "trunc": ROUND_DOWN,
    "round": ROUND_HALF_UP,
    "round_half_even": ROUND_HALF_EVEN,
}


def _rounded(way: str, amount: int, written: str = "amount") -> int:
    value: int = evaluate(expression_of(f"{way}({written})", SCOPE), dict.fromkeys(SCOPE.fields, amount))
    return value


def test_round_is_round_ties_to_away() -> None:
    assert [_rounded("round", amount) for amount in (-350, -250, -150, -50, 50, 150, 250, 350)] == [
        *(-4, -3, -2, -1),
        *(1, 2, 3, 4),
    ]


def test_round_half_even_is_round_ties_to_even() -> None:
    assert [_rounded("round_half_even", amount) for amount in (-350, -250, -150, -50, 50, 150, 250, 350)] == [
        *(-4, -2, -2, 0),
        *(0, 2, 2, 4),
    ]


def test_floor_is_round_toward_negative() -> None:
    assert [_rounded("floor", amount) for amount in (-101, -100, -99, 99, 100, 101)] == [-2, -1, -1, 0, 1, 1]


def test_ceil_is_round_toward_positive() -> None:
    assert [_rounded("ceil", amount) for amount in (-101, -100, -99, 99, 100, 101)] == [-1, -1, 0, 1, 1, 2]


def test_trunc_is_round_toward_zero() -> None:
    assert [_rounded("trunc", amount) for amount in (-199, -100, -99, 99, 100, 199)] == [-1, -1, 0, 0, 1, 1]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_agrees_with_the_decimal_standard(way: str) -> None:
    for amount in QUARTERS:
        expected = int(Decimal(amount).scaleb(-2).quantize(Decimal(1), rounding=WAYS[way]))
        assert _rounded(way, amount) == expected
        if amount >= 0:
            assert _rounded(way, amount, "positive") == expected


@pytest.mark.parametrize("way", WAYS)
def test_a_quotient_is_rounded_once_and_from_its_exact_value(way: str) -> None:
    expression = expression_of(f"{way}(above / below)", SCOPE)
    for above in range(-12, 13):
        for below in (-7, -5, -4, -2, -1, 1, 2, 3, 4, 8):
            found = evaluate(expression, {"above": above, "below": below})
            exact = Decimal(above * 840) / Decimal(below)
            assert found == int((exact / 840).quantize(Decimal(1), rounding=WAYS[way])), (above, below)


def test_mod_has_the_sign_of_its_first_argument() -> None:
    for dividend in range(-9, 10):
        for divisor in (-4, -3, -1, 1, 3, 4):
            assert expr_mod(dividend, divisor) == int(math.fmod(dividend, divisor))
