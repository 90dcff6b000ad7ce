"""Whatever is sent as an expression, it is refused in a sentence within 50 ms, and nothing else ever escapes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.earning.expressions import ExpressionRefused, expression_of, to_python_condition
from plaudit.earning.expressions.tests.hostile import HOSTILE
from plaudit.earning.expressions.tests.strategies import SCOPE
from plaudit.earning.expressions.types import NUMBER_MAX
from plaudit.foundation.tests.examples import examples

SECONDS_MAX = 0.050

PIECES = (
    *(
        "amount",
        "items",
        "channel",
        "vip",
        "delta",
        "day",
        "occurred_at",
        "member.joined_at",
        "data.",
        "nothing",
    ),
    *("1", "0", "-2.5", "'web'", "''", "'", "null", "true", "date '2026-01-31'", "date", "999999999999999"),
    *(
        "and",
        "or",
        "not",
        "is",
        "in",
        "between",
        "case",
        "when",
        "then",
        "else",
        "end",
        "like",
        "as",
        "select",
    ),
    *(
        "(",
        ")",
        ",",
        ".",
        "+",
        "-",
        "*",
        "/",
        "=",
        "<>",
        "<",
        ">=",
        "!",
        ";",
        "--",
        "/*",
        "[",
        "::",
        '"',
        "\\",
    ),
    *(
        "floor(",
        "round(",
        "mod(",
        "coalesce(",
        "least(",
        "lower(",
        "year(",
        "hour(",
        "date(",
        "nullif(",
        "over",
    ),
)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    expression_of("floor(amount / 2) > 1", SCOPE)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_expression_is_refused_within_50_ms(name: str) -> None:
    # The best of three: a busy machine is not the expression's fault. Refusals are never cached.
    taken = []
    for _ in range(3):
        started = time.thread_time()
        with pytest.raises(ExpressionRefused) as refused:
            expression_of(HOSTILE[name], SCOPE)
        taken.append(time.thread_time() - started)

    assert min(taken) < SECONDS_MAX
    assert refused.value.advice.endswith((".", "?"))
    assert len(str(refused.value)) < 400
    assert 0 <= refused.value.position <= len(HOSTILE[name])
    assert len(refused.value.excerpt) <= 60


def test_more_than_a_hundred_hostile_expressions_are_tried() -> None:
    assert len(HOSTILE) > 100


def test_a_long_plain_expression_is_read_as_quickly() -> None:
    started = time.thread_time()  # a neighbour's work on the same core is not ours
    expression = expression_of("vip and " * 240 + "vip", SCOPE)

    assert time.thread_time() - started < SECONDS_MAX
    assert to_python_condition(expression, {"vip": "vip"}) == f"({'vip and ' * 240}vip)"


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)))
@settings(max_examples=examples(500), deadline=None, derandomize=True, database=None)
def test_only_a_refusal_ever_escapes(text: str) -> None:
    try:
        expression = expression_of(text, SCOPE)
    except ExpressionRefused:
        return
    assert -NUMBER_MAX <= expression.type.low <= expression.type.high <= NUMBER_MAX
