"""Python and DuckDB give the same answer for every expression and row, to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaudit.earning.expressions import (
    RUNTIME,
    Expression,
    ExpressionRefused,
    FieldKind,
    FieldType,
    Kind,
    expression_of,
    local_name,
    local_time,
    to_duckdb,
    to_python,
    to_python_condition,
)
from plaudit.earning.expressions.tests.strategies import (
    FIELDS,
    PARIS,
    SCOPE,
    conditions,
    numbers,
    table,
    texts,
)
from plaudit.foundation.tests.examples import examples

MOMENTS = [name for name, field in FIELDS.items() if field.kind is FieldKind.TIMESTAMP]
NAMES = (*FIELDS, *map(local_name, MOMENTS))
PLACES = {name: f"v[{place}]" for place, name in enumerate(NAMES)}
COLUMNS = {name: f'"{name}"' for name in NAMES}
TABLE = table(120)
ROWS = [
    [*row.values(), *(row[name] and row[name].astimezone(PARIS) for name in MOMENTS)]  # type: ignore[attr-defined]
    for row in TABLE
]


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    """The table in DuckDB, with the local times beside it."""
    values = ", ".join(
        f"({', '.join(_sql(row[name], field) for name, field in FIELDS.items())})" for row in TABLE
    )
    names = ", ".join(f'"{name}"' for name in FIELDS)
    local = ", ".join(f'{local_time(COLUMNS[name], PARIS)} AS "{local_name(name)}"' for name in MOMENTS)
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE events AS SELECT *, {local} FROM (VALUES {values}) given({names})")
    return connection


def _sql(value: object, field: FieldType) -> str:
    kinds = {"text": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMPTZ"}
    size = "HUGEINT" if field.high >= 2**63 else "BIGINT"
    written = "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"
    return f"CAST({written} AS {kinds.get(field.kind, size)})"


@given(st.one_of(numbers(4), numbers(3), conditions(4), conditions(3), texts(3)))
@settings(
    max_examples=examples(200),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_live_and_what_if_agree_to_the_last_digit(database: duckdb.DuckDBPyConnection, written: str) -> None:
    expression = _checked(written)
    if expression is not None:
        what_if = database.sql(f"SELECT {to_duckdb(expression, COLUMNS)} FROM events").fetchall()

        assert _in_python(expression) == [row[0] for row in what_if]


def _checked(text: str) -> Expression | None:
    """The expression, or none where its numbers could grow past 38 digits."""
    try:
        return expression_of(text, SCOPE)
    except ExpressionRefused as refusal:
        if any(word in refusal.advice for word in ("digits", "too much", "by zero")):
            return None
        raise


def _in_python(expression: Expression) -> list[Any]:
    """The answers of the generated Python, each held against what the type check promised."""
    value = _function(to_python(expression, PLACES))
    answers = [value(row) for row in ROWS]
    known = [answer for answer in answers if answer is not None]
    assert len(known) == len(answers) or expression.type.nullable
    if expression.type.kind is Kind.NUMBER:
        assert all(expression.type.low <= answer <= expression.type.high for answer in known)
    if expression.type.kind is Kind.BOOLEAN:
        holds = _function(to_python_condition(expression, PLACES))
        assert [holds(row) for row in ROWS] == [answer is True for answer in answers]
    return answers


def _function(fragment: str) -> Callable[[list[object]], Any]:
    function: Callable[[list[object]], Any] = eval(f"lambda v: {fragment}", dict(RUNTIME))  # noqa: S307  # what is tested
    return function
