"""The operators of expressions: columns, literals, arithmetic, comparison, conditions, and case."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlglot import exp

from plaudit.activity.files.expression_operands import (
    TWO,
    Compiler,
    ExpressionProblem,
    Made,
    Makers,
    shown_node,
)
from plaudit.activity.files.values import EXACT

_COMPARISONS: dict[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}
_ARITHMETIC: dict[type[exp.Expr], Callable[[Decimal, Decimal], Decimal]] = {
    exp.Add: EXACT.add,
    exp.Sub: EXACT.subtract,
    exp.Mul: EXACT.multiply,
}


def column_name(column: exp.Expr) -> str:
    """The name a column has in the file; `a.b` is the column (or JSON path) a.b."""
    return ".".join(part.name for part in column.parts) if isinstance(column, exp.Column) else column.name


def _column(c: Compiler, node: exp.Expr) -> Made:
    pick = c.pick(column_name(node))

    def cell(row: Any) -> Any:
        value = pick(row)
        if value.__class__ is str:
            value = value.strip()
            return value or None
        return value

    return cell, "cell"


def _literal(_: Compiler, node: exp.Expr) -> Made:
    if node.is_string:
        text = node.name
        return (lambda _row: text), "text"
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", node.name):
        raise ExpressionProblem(f"{node.name} is not a plain number; write it out.")
    number = Decimal(node.name)
    return (lambda _row: number), "number"


def _boolean(_: Compiler, node: exp.Expr) -> Made:
    truth = bool(node.this)
    return (lambda _row: truth), "truth"


def _null(_: Compiler, _node: exp.Expr) -> Made:
    return (lambda _row: None), "null"


def _arithmetic(c: Compiler, node: exp.Expr) -> Made:
    left, right, apply = c.number(node.this), c.number(node.expression), _ARITHMETIC[type(node)]

    def compute(row: Any) -> Decimal | None:
        a, b = left(row), right(row)
        return None if a is None or b is None else apply(a, b)

    return compute, "number"


def _negative(c: Compiler, node: exp.Expr) -> Made:
    read = c.number(node.this)
    return (lambda row: None if (value := read(row)) is None else EXACT.minus(value)), "number"


def _compare(c: Compiler, node: exp.Expr) -> Made:
    (left, right), kind = c.alike([node.this, node.expression])
    if type(node) not in (exp.EQ, exp.NEQ) and kind != "number":
        raise ExpressionProblem(
            f"{shown_node(node)} compares two {kind}s by size; number(…) makes a cell a number."
        )
    holds = _COMPARISONS[type(node)]

    def compare(row: Any) -> bool | None:
        a, b = left(row), right(row)
        return None if a is None or b is None else holds(a, b)

    return compare, "truth"


def _between(c: Compiler, node: exp.Expr) -> Made:
    value, low, high = (c.number(node.args[name]) for name in ("this", "low", "high"))

    def within(row: Any) -> bool | None:
        a, b, d = value(row), low(row), high(row)
        return None if a is None or b is None or d is None else b <= a <= d

    return within, "truth"


def _within(c: Compiler, node: exp.Expr) -> Made:
    listed = node.expressions
    if not listed or not all(isinstance(item, exp.Literal | exp.Neg) for item in listed):
        raise ExpressionProblem(f"{shown_node(node)}: in needs a list of texts or numbers in brackets.")
    reads, _ = c.alike([node.this, *listed])
    value, known = reads[0], frozenset(read(None) for read in reads[1:])
    return (lambda row: None if (found := value(row)) is None else found in known), "truth"


def _like(c: Compiler, node: exp.Expr) -> Made:
    if not (isinstance(node.expression, exp.Literal) and node.expression.is_string):
        raise ExpressionProblem(f"{shown_node(node)}: like needs a text such as 'C%'.")
    shape = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in node.expression.name)
    if shape.count(".*") > 4:
        raise ExpressionProblem(f"{shown_node(node)}: like takes at most four % signs.")
    matches = re.compile(shape, re.DOTALL | (re.IGNORECASE if isinstance(node, exp.ILike) else 0)).fullmatch
    read, negate = c.text(node.this), bool(node.args.get("negate"))
    return (lambda row: None if (value := read(row)) is None else (matches(value) is None) == negate), "truth"


def _is(c: Compiler, node: exp.Expr) -> Made:
    if not isinstance(node.expression, exp.Null):
        raise ExpressionProblem(f"{shown_node(node)}: is can only ask for null.")
    read, _ = c.compile(node.this)
    negate = bool(node.args.get("negate"))
    return (lambda row: (read(row) is None) != negate), "truth"


def _not(c: Compiler, node: exp.Expr) -> Made:
    read = c.truth(node.this)
    return (lambda row: None if (value := read(row)) is None else not value), "truth"


def _and(c: Compiler, node: exp.Expr) -> Made:
    left, right = c.truth(node.this), c.truth(node.expression)

    def both(row: Any) -> bool | None:
        a = left(row)
        if a is False:
            return False
        b = right(row)
        return False if b is False else None if a is None or b is None else True

    return both, "truth"


def _or(c: Compiler, node: exp.Expr) -> Made:
    left, right = c.truth(node.this), c.truth(node.expression)

    def either(row: Any) -> bool | None:
        a = left(row)
        if a is True:
            return True
        b = right(row)
        return True if b is True else None if a is None or b is None else False

    return either, "truth"


def _case(c: Compiler, node: exp.Expr) -> Made:
    if isinstance(node, exp.If):
        branches, default = [(node.this, node.args["true"])], node.args.get("false")
    else:
        if node.this is not None:
            raise ExpressionProblem("Write case when … then … rather than case value when …")
        branches, default = (
            [(branch.this, branch.args["true"]) for branch in node.args["ifs"]],
            node.args.get("default"),
        )
    results, kind = c.alike([result for _, result in branches] + [default or exp.Null()])
    tests = [(c.truth(test), result) for (test, _), result in zip(branches, results, strict=False)]
    otherwise = results[-1]

    def choose(row: Any) -> Any:
        for test, result in tests:
            if test(row) is True:
                return result(row)
        return otherwise(row)

    return choose, kind


def _joined(c: Compiler, node: exp.Expr) -> Made:
    left, right = c.text(node.this), c.text(node.expression)

    def join(row: Any) -> str | None:
        a, b = left(row), right(row)
        return None if a is None or b is None else a + b

    return join, "text"


def _paren(c: Compiler, node: exp.Expr) -> Made:
    return c.compile(node.this)


OPERATORS: Makers = {
    exp.Column: (_column, ("this", "table", "db", "catalog")),
    exp.Literal: (_literal, ("this",)),
    exp.Boolean: (_boolean, ("this",)),
    exp.Null: (_null, ()),
    exp.Paren: (_paren, ("this",)),
    exp.Neg: (_negative, ("this",)),
    **dict.fromkeys(_ARITHMETIC, (_arithmetic, TWO)),
    **dict.fromkeys(_COMPARISONS, (_compare, TWO)),
    exp.Between: (_between, ("this", "low", "high")),
    exp.In: (_within, ("this", "expressions")),
    exp.Like: (_like, (*TWO, "negate")),
    exp.ILike: (_like, (*TWO, "negate")),
    exp.Is: (_is, (*TWO, "negate")),
    exp.Not: (_not, ("this",)),
    exp.And: (_and, TWO),
    exp.Or: (_or, TWO),
    exp.Case: (_case, ("this", "ifs", "default")),
    exp.If: (_case, ("this", "true", "false")),
    exp.DPipe: (_joined, TWO),
}
