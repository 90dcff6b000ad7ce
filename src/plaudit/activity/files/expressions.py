"""The expressions a mapping may hold: a small typed subset of SQL, parsed once and closed over a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from plaudit.activity.files.expression_functions import FUNCTIONS
from plaudit.activity.files.expression_operands import Compiler, ExpressionProblem, Makers, Pick, Read
from plaudit.activity.files.expression_operators import OPERATORS, column_name

CHARACTERS_MAX = 1_000
DEPTH_MAX = 24

_MAKERS: Makers = {**OPERATORS, **FUNCTIONS}


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its text, the columns it reads, and what it gives: text, number, truth or cell."""

    text: str
    tree: exp.Expr
    columns: tuple[str, ...]
    kind: str


def parse_expression(text: str) -> Expression:
    """The expression behind `text`.

    Raises ExpressionProblem where it is malformed, too long or too deep, uses anything outside the subset,
    or mixes up kinds (a text multiplied, a number matched by like).
    """
    if len(text) > CHARACTERS_MAX:
        raise ExpressionProblem(f"It has {len(text):,} characters; {CHARACTERS_MAX:,} at most.")
    depth = deepest = 0
    for character in re.sub(r"'[^']*'|\"[^\"]*\"", "", text):
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if deepest > DEPTH_MAX:
        raise ExpressionProblem(f"It is nested deeper than {DEPTH_MAX} levels.")
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect="duckdb") if tree is not None]
        if len(trees) != 1:
            raise ExpressionProblem("One expression is expected.")
        tree = trees[0]
        columns = tuple(dict.fromkeys(column_name(column) for column in tree.find_all(exp.Column)))
        kind = Compiler(_MAKERS, _no_cell, Decimal).compile(tree)[1]
    except RecursionError:
        raise ExpressionProblem("It is nested too deep.") from None
    except SqlglotError as error:
        said = str(error).split("\n")[0].split(" Line 1")[0]
        plain = "a part is missing" if said.startswith("Required keyword") else said[:200].rstrip(".")
        raise ExpressionProblem(f"It cannot be read: {plain}.") from None
    return Expression(text, tree, columns, kind)


def _no_cell(_name: str) -> Read:
    """Stands for any column while only kinds are asked for."""
    return lambda _row: None


def compile_expression(
    expression: Expression, pick: Pick, number: Callable[[str], Decimal], *, as_number: bool = False
) -> Read:
    """A function from a row to the expression's value: str, Decimal, bool, or None where a cell is empty.

    `pick` gives the reader of a column's cell; `number` reads a text as an exact number. Empty cells are
    null, and null behaves as in SQL: arithmetic and comparison with it give null, `is null` asks for it.
    With `as_number` a bare column is read as a number. The function raises CellProblem where a cell is not
    the number it must be.
    """
    compiler = Compiler(_MAKERS, pick, number)
    return compiler.number(expression.tree) if as_number else compiler.compile(expression.tree)[0]
