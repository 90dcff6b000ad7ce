"""Python and DuckDB give the same answer for every expression and row, to the last digit."""

from __future__ import annotations

import datetime
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
    rows,
    texts,
)

MOMENTS = [name for name, field in FIELDS.items() if field.kind is FieldKind.TIMESTAMP]
PLACES = {name: f"v[{place}]" for place, name in enumerate(FIELDS)}
PYTHON_NAMES = PLACES | {local_name(name): f"v[{len(FIELDS) + place}]" for place, name in enumerate(MOMENTS)}
COLUMNS = {name: f'r."{name}"' for name in FIELDS}
DUCKDB_NAMES = COLUMNS | {local_name(name): f'r."{local_name(name)}"' for name in MOMENTS}
LOCALS = ", ".join(
    f'{local_time(COLUMNS[name], PARIS, first_year=1980, last_year=2040)} AS "{local_name(name)}"'
    for name in MOMENTS
)
BATCH = 12


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@given(
    written=st.lists(st.one_of(numbers(3), conditions(3), texts(2)), min_size=BATCH, max_size=BATCH),
    table=st.lists(rows(), min_size=BATCH, max_size=BATCH),
)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_live_and_what_if_agree_to_the_last_digit(
    database: duckdb.DuckDBPyConnection, written: list[str], table: list[dict[str, object]]
) -> None:
    expressions = [expression for expression in map(_checked, written) if expression]
    if not expressions:
        return

    live = [_in_python(expression, table) for expression in expressions]
    what_if = zip(*_in_duckdb(database, expressions, table), strict=True)

    for expression, one, other in zip(expressions, live, what_if, strict=True):
        assert one == other, expression.text


def _checked(text: str) -> Expression | None:
    """The expression, or none where its numbers could grow past 38 digits."""
    try:
        return expression_of(text, SCOPE)
    except ExpressionRefused as refusal:
        if any(word in refusal.advice for word in ("digits", "too much", "by zero")):
            return None
        raise


def _in_python(expression: Expression, table: list[dict[str, object]]) -> tuple[Any, ...]:
    """The answers of the generated Python, each held against what the type check promised."""
    value = _function(to_python(expression, PYTHON_NAMES))
    rows = [[*(row[name] for name in FIELDS), *(_local(row[name]) for name in MOMENTS)] for row in table]
    answers = tuple(value(row) for row in rows)
    known = [answer for answer in answers if answer is not None]
    assert len(known) == len(answers) or expression.type.nullable, expression.text
    if expression.type.kind is Kind.NUMBER:
        assert all(expression.type.low <= answer <= expression.type.high for answer in known), expression.text
    if expression.type.kind is Kind.BOOLEAN:
        holds = _function(to_python_condition(expression, PYTHON_NAMES))
        assert [holds(row) for row in rows] == [answer is True for answer in answers], expression.text
    return answers


def _function(fragment: str) -> Callable[[list[object]], Any]:
    function: Callable[[list[object]], Any] = eval(f"lambda v: {fragment}", dict(RUNTIME))  # noqa: S307  # what is tested
    return function


def _local(moment: object) -> object:
    return moment.astimezone(PARIS) if isinstance(moment, datetime.datetime) else None


def _in_duckdb(
    database: duckdb.DuckDBPyConnection, expressions: list[Expression], table: list[dict[str, object]]
) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{name}"' for name in FIELDS)
    values = ", ".join(
        f"({', '.join(_sql(row[name], field) for name, field in FIELDS.items())})" for row in table
    )
    selected = ", ".join(to_duckdb(expression, DUCKDB_NAMES) for expression in expressions)
    database.execute(f"CREATE OR REPLACE TABLE r AS SELECT *, {LOCALS} FROM (VALUES {values}) r({names})")
    return database.sql(f"SELECT {selected} FROM r").fetchall()


def _sql(value: object, field: FieldType) -> str:
    kinds = {"text": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMPTZ"}
    size = "HUGEINT" if field.high >= 2**63 else "BIGINT"
    written = "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"
    return f"CAST({written} AS {kinds.get(field.kind, size)})"
