"""The canonical spelling of an expression reads back as the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.earning.expressions.parse import parse
from plaudit.earning.expressions.syntax import text_of
from plaudit.earning.expressions.tests.strategies import conditions, numbers


@given(st.one_of(numbers(4), conditions(4)))
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_the_canonical_spelling_reads_back_as_the_same_tree(written: str) -> None:
    tree = parse(written)

    assert parse(text_of(tree)) == tree
    assert text_of(parse(text_of(tree))) == text_of(tree)


@pytest.mark.parametrize(
    "written, canonical",
    [
        ("AMOUNT>=10.50 AND NOT vip", "AMOUNT >= 10.5 and not vip"),
        ("data.amount != 1", "amount <> 1"),
        ("a - (b - c) - d", "a - (b - c) - d"),
        ("(a * b) + (c)", "a * b + c"),
        ("(a or b) and (c and d)", "(a or b) and c and d"),
        ("a or b or c", "a or b or c"),
        ("- -a", "-(-a)"),
        ("-(5)", "-5"),
        ("a is not null", "not (a is null)"),
        ("a not in (1,-2)", "not (a in (1, -2))"),
        ("FLOOR(divide(a, b), 2)", "floor(a / b, 2)"),
        ("case when a then 'it''s' end", "case when a then 'it''s' else null end"),
        ("date '2026-01-31'", "date '2026-01-31'"),
    ],
)
def test_an_expression_has_one_spelling(written: str, canonical: str) -> None:
    assert text_of(parse(written)) == canonical
