"""The expression language of earning rules: one text, one tree, the same answer in Python and in DuckDB."""

from plaudit.earning.expressions.duckdb import to_duckdb
from plaudit.earning.expressions.expression import (
    amount_of,
    condition_of,
    expression_of,
    fields_used,
    local_times_used,
)
from plaudit.earning.expressions.history import column_of
from plaudit.earning.expressions.python import RUNTIME, to_python, to_python_condition
from plaudit.earning.expressions.reader import Reader, compile_reader
from plaudit.earning.expressions.refusals import ExpressionRefused, FieldRefused
from plaudit.earning.expressions.schema import json_schema
from plaudit.earning.expressions.steps import Step, evaluate, shown, steps
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
from plaudit.earning.expressions.zones import local_time

__all__ = [
    "RUNTIME",
    "Expression",
    "ExpressionRefused",
    "FieldKind",
    "FieldRefused",
    "FieldType",
    "Kind",
    "Reader",
    "Scope",
    "Step",
    "Type",
    "amount_of",
    "boolean",
    "column_of",
    "compile_reader",
    "condition_of",
    "date",
    "decimal",
    "evaluate",
    "expression_of",
    "fields_used",
    "integer",
    "json_schema",
    "local_name",
    "local_time",
    "local_times_used",
    "shown",
    "steps",
    "text",
    "timestamp",
    "to_duckdb",
    "to_python",
    "to_python_condition",
]
