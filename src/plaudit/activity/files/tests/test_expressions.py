"""Expressions of a mapping: a small typed subset of SQL, exact, total, and closed to everything else."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from plaudit.activity.files.expression_operands import ExpressionProblem
from plaudit.activity.files.expressions import compile_expression, parse_expression
from plaudit.activity.files.values import EXACT, CellProblem, number_reader

ROW = {
    "quantity": "6",
    "price": "2.55",
    "invoice": "C123",
    "customer": "17850.0",
    "empty": "",
    "Call Id": "ID1",
    "blank": " x ",
    "native": Decimal("1.5"),
    "customer.name": "Ann",
}


def value_of(text: str, row: dict[str, Any] | None = None) -> Any:
    cells = ROW if row is None else row
    return compile_expression(
        parse_expression(text), lambda name: lambda row: row.get(name), number_reader()
    )(cells)


@pytest.mark.parametrize(
    "text, value",
    [
        ("quantity * price", Decimal("15.30")),
        ("quantity * price - 0.30 + 1", Decimal("16.00")),
        ("-(quantity + native)", Decimal("-7.5")),
        ("abs(-price)", Decimal("2.55")),
        ("round(price, 1)", Decimal("2.6")),
        ("round(price)", Decimal(3)),
        ("case when invoice like 'C%' then 'cancelled' else 'placed' end", "cancelled"),
        ("case when quantity > 10 then 'many' when quantity > 5 then 'some' end", "some"),
        ("if(empty is null, 'none', empty)", "none"),
        ("strip_suffix(customer, '.0')", "17850"),
        ("strip_prefix(invoice, 'C')", "123"),
        ("\"Call Id\" || '-' || blank", "ID1-x"),
        ("concat(invoice, '-', empty, '!')", "C123-!"),
        ("invoice || empty", None),
        ("coalesce(empty, blank)", "x"),
        ("nullif(blank, 'x')", None),
        ("upper(blank) || lower(invoice)", "Xc123"),
        ("left(invoice, 1) || right(invoice, 2)", "C23"),
        ("substring(invoice, 2)", "123"),
        ("substring(invoice, 2, 1)", "1"),
        ("split_part(customer, '.', 1)", "17850"),
        ("split_part(customer, '.', 5)", None),
        ("replace(invoice, 'C', 'D')", "D123"),
        ("trim(invoice, 'C')", "123"),
        ("ltrim('007', '0')", "7"),
        ("length(invoice)", Decimal(4)),
        ("starts_with(invoice, 'C')", True),
        ("ends_with(invoice, 'C')", False),
        ("invoice in ('C123', 'x')", True),
        ("invoice not in ('C123', 'x')", False),
        ("quantity in (6, 7)", True),
        ("quantity between 1 and 6", True),
        ("quantity not between 1 and 6", False),
        ("invoice not like 'c%'", True),
        ("invoice ilike 'c%'", True),
        ("number(strip_suffix(customer, '.0')) >= 17850", True),
        ("empty = 'x'", None),
        ("not empty = 'x'", None),
        ("empty is not null", False),
        ("empty = 'x' or quantity = 6", True),
        ("empty = 'x' and quantity = 5", False),
        ("not (quantity = 5)", True),
        ("customer.name = 'Ann'", True),
        ("text(native)", "1.5"),
        ("'it''s'", "it's"),
    ],
)
def test_what_an_expression_gives(text: str, value: object):
    assert value_of(text) == value


def test_products_are_exact_however_long():
    row = {"a": "12345678901234567890.123456789", "b": "98765432109876543210.987654321"}

    product = 12345678901234567890123456789 * 98765432109876543210987654321
    assert value_of("a * b", row) == Decimal(product).scaleb(-18, EXACT)


def test_a_cell_that_is_no_number_is_refused_when_it_is_met():
    with pytest.raises(CellProblem, match="not a number"):
        value_of("invoice * 2")


@pytest.mark.parametrize(
    "text",
    [
        "select 1",
        "(select 1)",
        "invoice; price",
        "invoice as x",
        "count(*)",
        "price::int",
        "cast(price as int)",
        "pow(2, 3)",
        "price / 2",
        "price % 2",
        "regexp_matches(invoice, '(a+)+$')",
        "read_csv('/etc/passwd')",
        "__import__('os')",
        "lambda x: x",
        "[1, 2]",
        "{'a': 1}",
        "invoice like quantity",
        "invoice like '%a%b%c%d%e%'",
        "case invoice when 'a' then 'b' end",
        "upper(5)",
        "'a' * 2",
        "'a' < 'b'",
        "not invoice",
        "invoice and price",
        "price = 1 or",
        "invoice in (select 1)",
        "left(invoice, quantity)",
        "round(price, 99)",
        "1e5",
        "strip_suffix(invoice)",
        "",
        "-- only a comment",
        "current_date",
        "$1",
        "?",
        "*",
    ],
)
def test_everything_else_is_refused(text: str):
    with pytest.raises(ExpressionProblem):
        parse_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 900,
        "(" * 400 + "1" + ")" * 400,
        "upper(" * 150 + "a" + ")" * 150,
        "not " * 240 + "a",
        "- " * 450 + "1",
        "case when a = 1 then " * 40 + "1",
        "[" * 900,
        "a" * 1_001,
        "1+" * 499 + "1",
        "'" * 999,
        "(case when a = 1 then " * 20 + "'x'" + " else 'y' end)" * 20,
    ],
)
def test_hostile_expressions_are_answered_in_fifty_milliseconds(text: str):
    parse_expression("1")
    began = time.thread_time()
    with suppress(ExpressionProblem):
        parse_expression(text)
    assert time.thread_time() - began < 0.05


def test_its_columns_are_known():
    assert set(parse_expression('"Call Id" || a.b || upper(c)').columns) == {"Call Id", "a.b", "c"}
