"""The tables of docs/reference/expressions.md, executed in both engines."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from plaudit.earning.expressions import (
    ExpressionRefused,
    FieldKind,
    Scope,
    boolean,
    compile_reader,
    date,
    decimal,
    evaluate,
    expression_of,
    integer,
    local_name,
    local_time,
    shown,
    steps,
    text,
    timestamp,
    to_duckdb,
)
from plaudit.earning.expressions.syntax import FUNCTIONS
from plaudit.earning.expressions.words import describe

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "expressions.md"
PARIS = ZoneInfo("Europe/Paris")
SCOPE = Scope(
    {
        "amount": decimal(2, nullable=True),
        "delta": decimal(3, nullable=True),
        "items": integer(nullable=True),
        "other": integer(nullable=True),
        "channel": text("web", "app", "shop", nullable=True),
        "note": text(nullable=True),
        "vip": boolean(nullable=True),
        "gift": boolean(nullable=True),
        "birthday": date(nullable=True),
        "occurred_at": timestamp(nullable=True),
    },
    subject="purchase",
)
KINDS = {FieldKind.TEXT: "VARCHAR", FieldKind.BOOLEAN: "BOOLEAN", FieldKind.DATE: "DATE"}


def _rows(columns: int) -> list[tuple[str, ...]]:
    """The rows of every table under a heading that ends in (vectors) with so many columns, without its head."""
    found: list[tuple[str, ...]] = []
    for section in PAGE.read_text().split("\n### ")[1:]:
        heading, _, body = section.partition("\n")
        assert heading.endswith("(vectors)")
        lines = [line for line in body.splitlines() if line.startswith("|")]
        rows = [tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in lines[2:]]
        if lines[0].count("|") == columns + 1:
            found += rows if columns == 2 else [_three(line) for line in lines[2:]]
    return found


def _three(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line[1:-1].split("|"))


def _values(where: str) -> dict[str, Any]:
    """The typed values a second column gives, read as an event's data would be."""
    data: dict[str, Any] = {}
    for part in filter(None, where.split("; ")):
        name, _, written = part.partition(" ")
        words = {"true": True, "false": False}
        data[name] = Decimal(written) if re.fullmatch(r"-?[\d.]+", written) else words.get(written, written)
    values, problems = compile_reader(SCOPE.fields, extra=False)(data)
    assert not problems
    return values


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.mark.parametrize("written, where, gives", _rows(3))
def test_a_vector_gives_what_the_page_says(
    database: duckdb.DuckDBPyConnection, written: str, where: str, gives: str
) -> None:
    expression, values = expression_of(written.strip("`"), SCOPE), _values(where)

    live = evaluate(expression, values, PARIS)
    columns = {name: _sql(values[name], field.kind) for name, field in SCOPE.fields.items()}
    columns[local_name("occurred_at")] = local_time(columns["occurred_at"], PARIS)
    what_if = database.sql(f"SELECT {to_duckdb(expression, columns)}").fetchall()[0][0]

    assert shown(live, expression.type) == gives
    assert what_if == live
    assert steps(expression, values, PARIS)[-1].result == gives
    assert describe(expression, SCOPE)


def _sql(value: object, kind: FieldKind) -> str:
    if isinstance(value, datetime.datetime):
        return f"CAST('{value.isoformat()}' AS TIMESTAMPTZ)"
    written = "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"
    return f"CAST({written} AS {KINDS.get(kind, 'BIGINT' if kind is not FieldKind.TIMESTAMP else 'TIMESTAMPTZ')})"


@pytest.mark.parametrize("written, says", _rows(2))
def test_a_refusal_says_what_the_page_says(written: str, says: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        expression_of(written.strip("`"), SCOPE)

    assert str(refused.value) == says


def test_the_page_names_every_function() -> None:
    table = PAGE.read_text().partition("## Functions")[2].partition("## Test vectors")[0]
    assert set(FUNCTIONS) == set(re.findall(r"\b([a-z_]+)\(", table))
