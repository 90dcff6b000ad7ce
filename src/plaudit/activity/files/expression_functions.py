"""The functions of expressions: those of SQL that mappings need, and strip_suffix, strip_prefix, number, text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlglot import exp

from plaudit.activity.files.expression_operands import (
    TWO,
    Compiler,
    ExpressionProblem,
    Made,
    Maker,
    Makers,
    Read,
    shown_node,
)
from plaudit.activity.files.values import scaler, text_of


def _coalesce(c: Compiler, node: exp.Expr) -> Made:
    reads, kind = c.alike([node.this, *node.expressions])

    def first(row: Any) -> Any:
        for read in reads:
            if (value := read(row)) is not None:
                return value
        return None

    return first, kind


def _nullif(c: Compiler, node: exp.Expr) -> Made:
    (left, right), kind = c.alike([node.this, node.expression])
    return (lambda row: None if (value := left(row)) == right(row) else value), kind


def _concat(c: Compiler, node: exp.Expr) -> Made:
    reads = [c.text(item) for item in node.expressions]
    return (lambda row: "".join([read(row) or "" for read in reads])), "text"


def _of_text(change: Callable[[str], Any], kind: str) -> Maker:
    def make(c: Compiler, node: exp.Expr) -> Made:
        read = c.text(node.this)
        return (lambda row: None if (value := read(row)) is None else change(value)), kind

    return make


def _with_constants(names: tuple[str, ...], change: Callable[..., Any], kind: str = "text") -> Maker:
    """A function of one text whose further arguments are constants in the expression."""

    def make(c: Compiler, node: exp.Expr) -> Made:
        read = c.text(node.this)
        constants = [_constant(node.args[name]) for name in names if node.args.get(name) is not None]
        return (lambda row: None if (value := read(row)) is None else change(value, *constants)), kind

    return make


def _constant(node: exp.Expr) -> str | int:
    if isinstance(node, exp.Literal):
        if node.is_string:
            return str(node.name)
        if node.name.isascii() and node.name.isdigit() and len(node.name) < 6:
            return int(node.name)
    raise ExpressionProblem(f"{shown_node(node)} must be written out as a text or a small whole number.")


def _part(value: str, separator: str, place: int) -> str | None:
    parts = value.split(separator) if separator else [value]
    return parts[place - 1] if 1 <= place <= len(parts) else None


def _middle(value: str, start: int, length: int | None = None) -> str:
    return (
        value[max(start - 1, 0) :]
        if length is None
        else value[max(start - 1, 0) : max(start - 1, 0) + length]
    )


def _trim(c: Compiler, node: exp.Expr) -> Made:
    strip = {"": str.strip, "LEADING": str.lstrip, "TRAILING": str.rstrip}[
        str(node.args.get("position") or "")
    ]
    signs = str(_constant(node.expression)) if node.expression else None
    read = c.text(node.this)
    return (lambda row: None if (value := read(row)) is None else strip(value, signs)), "text"


def _round(c: Compiler, node: exp.Expr) -> Made:
    places = _constant(node.args["decimals"]) if node.args.get("decimals") else 0
    if not isinstance(places, int) or places > 12:
        raise ExpressionProblem("round takes a number of decimals from 0 to 12.")
    read, fit = c.number(node.this), scaler(places, "half_up")
    return (lambda row: None if (value := read(row)) is None else fit(value)), "number"


def _absolute(c: Compiler, node: exp.Expr) -> Made:
    read = c.number(node.this)
    return (lambda row: None if (value := read(row)) is None else abs(value)), "number"


def _own(c: Compiler, node: exp.Expr) -> Made:
    """The functions SQL does not have: strip_suffix, strip_prefix, number and text."""
    name, arguments = str(node.this).lower(), node.expressions
    if name == "number" and len(arguments) == 1:
        read, kind = c.compile(arguments[0])
        if kind == "text":
            return _parsed(read, c.parse_number), "number"
        return c.number(arguments[0]), "number"
    if name == "text" and len(arguments) == 1:
        read, kind = c.compile(arguments[0])
        return (lambda row: None if (value := read(row)) is None else text_of(value)), "text"
    if name in ("strip_suffix", "strip_prefix") and len(arguments) == 2:
        read, end = c.text(arguments[0]), _constant(arguments[1])
        strip = str.removesuffix if name == "strip_suffix" else str.removeprefix
        return (lambda row: None if (value := read(row)) is None else strip(value, str(end))), "text"
    raise ExpressionProblem(f"{name}(…) with {len(arguments)} arguments is not a function a mapping may use.")


def _parsed(read: Read, number: Callable[[str], Decimal]) -> Read:
    return lambda row: None if (value := read(row)) is None else number(value)


FUNCTIONS: Makers = {
    exp.Coalesce: (_coalesce, ("this", "expressions")),
    exp.Nullif: (_nullif, TWO),
    exp.Concat: (_concat, ("expressions",)),
    exp.Upper: (_of_text(str.upper, "text"), ("this",)),
    exp.Lower: (_of_text(str.lower, "text"), ("this",)),
    exp.Length: (_of_text(lambda text: Decimal(len(text)), "number"), ("this",)),
    exp.Left: (_with_constants(("expression",), lambda text, n: text[:n]), TWO),
    exp.Right: (_with_constants(("expression",), lambda text, n: text[-n:] if n else ""), TWO),
    exp.Replace: (_with_constants(("expression", "replacement"), str.replace), (*TWO, "replacement")),
    exp.Substring: (_with_constants(("start", "length"), _middle), ("this", "start", "length")),
    exp.SplitPart: (_with_constants(("delimiter", "part_index"), _part), ("this", "delimiter", "part_index")),
    exp.StartsWith: (_with_constants(("expression",), str.startswith, "truth"), TWO),
    exp.EndsWith: (_with_constants(("expression",), str.endswith, "truth"), TWO),
    exp.Trim: (_trim, (*TWO, "position")),
    exp.Round: (_round, ("this", "decimals")),
    exp.Abs: (_absolute, ("this",)),
    exp.Anonymous: (_own, ("this", "expressions")),
}
