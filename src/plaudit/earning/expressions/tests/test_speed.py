"""A rule costs next to nothing: what a generated function of three rules spends on an event."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from plaudit.earning.expressions import (
    RUNTIME,
    Scope,
    amount_of,
    compile_reader,
    condition_of,
    decimal,
    expression_of,
    integer,
    text,
    to_python,
    to_python_condition,
)

FIELDS = {"amount": decimal(2), "channel": text("web", "app"), "rating": integer(nullable=True)}
SCOPE = Scope(FIELDS, subject="purchase")
RULES = [
    ("amount > 0", "floor(amount)"),
    ("channel = 'web'", "10"),
    ("rating >= 4 and amount > 5", "round(amount * 0.5)"),
]


def _three_rules() -> Callable[[dict[str, Any]], list[int | None]]:
    """One function for three rules, as the live path builds it."""
    names = {"amount": "amount", "channel": "channel", "rating": "rating"}
    lines = ["def points(values):", *(f"    {name} = values[{name!r}]" for name in names), "    granted = []"]
    for when, earn in RULES:
        lines.append(f"    if {to_python_condition(condition_of(when, SCOPE), names)}:")
        lines.append(f"        granted.append({to_python(amount_of(earn, SCOPE), names)})")
    known: dict[str, Any] = dict(RUNTIME)
    exec("\n".join([*lines, "    return granted"]), known)  # noqa: S102  # what is tested
    points: Callable[[dict[str, Any]], list[int | None]] = known["points"]
    return points


def test_three_rules_are_one_function() -> None:
    read, points = compile_reader(FIELDS, extra=False), _three_rules()

    values, problems = read({"amount": Decimal("11.77"), "channel": "web", "rating": 4})

    assert not problems
    assert points(values) == [11, 10, 6]
    assert points({**values, "rating": None}) == [11, 10]


def test_a_simple_condition_costs_under_a_microsecond() -> None:
    points, values = _three_rules(), {"amount": 1177, "channel": "web", "rating": 4}

    seconds = min(timeit.repeat(lambda: points(values), number=2_000, repeat=7)) / 2_000

    assert seconds < 3e-6


def test_reading_an_expression_again_costs_little() -> None:
    expression_of("amount > 0 and channel in ('web', 'app')", SCOPE)

    seconds = timeit.timeit(
        lambda: expression_of("amount > 0 and channel in ('web', 'app')", SCOPE), number=100
    )

    assert seconds / 100 < 1e-3
