"""The expression language of earning rules: one text, one tree, the same answer in Python and in DuckDB."""

from plaudit.earning.expressions.duckdb import local_time, to_duckdb
from plaudit.earning.expressions.expression import (
    amount_of,
    condition_of,
    expression_of,
    fields_used,
    local_times_used,
)
from plaudit.earning.expressions.python import RUNTIME, to_python, to_python_condition
from plaudit.earning.expressions.refusals import ExpressionRefused, FieldRefused
from plaudit.earning.expressions.syntax import Expression
from plaudit.earning.expressions.types import (
    FieldKind,
    FieldType,
    Kind,
    Scope,
    Type,
    boolean,
    date,
    decimal,
    integer,
    local_name,
    text,
    timestamp,
)

__all__ = [
    "RUNTIME",
    "Expression",
    "ExpressionRefused",
    "FieldKind",
    "FieldRefused",
    "FieldType",
    "Kind",
    "Scope",
    "Type",
    "amount_of",
    "boolean",
    "condition_of",
    "date",
    "decimal",
    "expression_of",
    "fields_used",
    "integer",
    "local_name",
    "local_time",
    "local_times_used",
    "text",
    "timestamp",
    "to_duckdb",
    "to_python",
    "to_python_condition",
]
