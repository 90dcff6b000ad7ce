"""Expression to DuckDB SQL: the same integers and the same three-valued logic, over columns.

Columns hold what the reader gives live: numbers as BIGINT (HUGEINT past 18 digits) scaled by the
field's scale, DATE, and TIMESTAMPTZ for moments. DuckDB's integer division truncates towards zero and
fails on a zero divisor, so every rounding is written out; the type check has proven that nothing overflows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from plaudit.earning.expressions.rounding import Rounding, rounding_of
from plaudit.earning.expressions.source import Source
from plaudit.earning.expressions.syntax import (
    COMPARISONS,
    DATE_PARTS,
    ROUNDINGS,
    Call,
    Expression,
    Field,
    Literal,
    Node,
    branches,
    walk,
)
from plaudit.earning.expressions.types import Kind, Type, local_name

SQL_LENGTH_MAX = 40_000
_BIGINT_MAX = 2**63 - 1

_SHAPES = {
    **{sign: f"({{0}} {sign} {{1}})" for sign in (*COMPARISONS, "+", "-", "*")},
    "neg": "(-{0})",
    "abs": "abs({0})",
    "sign": "CAST(sign({0}) AS BIGINT)",
    "not": "(NOT {0})",
    "is null": "({0} IS NULL)",
    "length": "CAST(length({0}) AS BIGINT)",
    "lower": "translate({0}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')",
    "upper": "translate({0}, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')",
    "starts_with": "starts_with({0}, {1})",
    "contains": "contains({0}, {1})",
    "between": "({0} BETWEEN {1} AND {2})",
    "in": "({0} IN ({rest}))",
    "mod": "({0} % nullif({1}, 0))",
    "coalesce": "coalesce({all})",
    "year": "CAST(year({0}) AS BIGINT)",
    "month": "CAST(month({0}) AS BIGINT)",
    "day": "CAST(day({0}) AS BIGINT)",
    "weekday": "CAST(isodow({0}) AS BIGINT)",
    "hour": "CAST(hour({0}) AS BIGINT)",
    "date": "CAST({0} AS DATE)",
}


def to_duckdb(expression: Expression, columns: Mapping[str, str]) -> str:
    """SQL whose value equals that of `to_python` to the last digit, row by row.

    `columns` gives the SQL of each field, and under `local_name(field)` the local time (a TIMESTAMP) of a
    moment whose year, hour … the expression takes (see `zones.local_time`). A condition is true, false or null.
    """
    return _Writer(columns).scaled(expression.root, expression.scale)


def prove_short(expression: Expression) -> None:
    """Refuses an expression whose SQL would be absurdly long: a rounding names its parts several times."""
    columns: dict[str, str] = {}
    for node in walk(expression.root):
        if isinstance(node, Field):
            columns |= {node.name: "value", local_name(node.name): "value"}
    _Writer(columns, Source(expression.text)).value(expression.root)


def local_time(column: str, time_zone: str) -> str:
    """SQL for the local time of a TIMESTAMPTZ column in a time zone such as 'Europe/Paris'."""
    return f"({column} AT TIME ZONE {_quoted(time_zone)})"


class _Writer:
    """Writes one expression."""

    def __init__(self, columns: Mapping[str, str], to_prove: Source | None = None) -> None:
        self.columns = columns
        self.to_prove = to_prove

    def value(self, node: Node) -> str:
        """The node's value; a number on its own scale, in the type its bounds call for."""
        if isinstance(node, Literal):
            return _constant(node, node.type.scale, _size(node.type))
        if isinstance(node, Field):
            return self.columns[node.name]
        written = _SPECIAL.get(node.operator, _Writer.plain)(self, node)
        if self.to_prove and len(written) > SQL_LENGTH_MAX:
            self.to_prove.refuse(node.span, "This is too much at once; split the rule, or round less often.")
        return written

    def scaled(self, node: Node, scale: int) -> str:
        return self.number(node, scale) if node.type.kind is Kind.NUMBER else self.value(node)

    def number(self, node: Node, scale: int, size: str | None = None) -> str:
        """The number on a finer scale, in at least the given integer type."""
        factor = 10 ** (scale - node.type.scale)
        raised = _size(node.type, factor)
        size = _wider(raised, size or raised)
        if isinstance(node, Literal):
            return "NULL" if node.value is None else _constant(node, scale, size)
        value = self.value(node)
        if size != _size(node.type):
            value = f"CAST({value} AS {size})"
        return f"({value} * {factor})" if factor > 1 else value

    def level(self, nodes: tuple[Node, ...], scale: int) -> list[str]:
        """Values of one kind as SQL that can stand together: numbers on one scale and in one integer type."""
        if not any(node.type.kind is Kind.NUMBER for node in nodes):
            return [self.value(node) for node in nodes]
        return [self.number(node, scale, _widest(nodes)) for node in nodes]

    def plain(self, call: Call) -> str:
        values = self.level(call.arguments, max(node.type.scale for node in call.arguments))
        return _SHAPES[call.operator].format(*values, all=", ".join(values), rest=", ".join(values[1:]))

    def narrowed(self, call: Call) -> str:
        """A call whose result may need a narrower integer than its arguments."""
        return _narrowed(self.plain(call), _widest(call.arguments), call.type)

    def nullif(self, call: Call) -> str:
        same = _SHAPES["="].format(
            *self.level(call.arguments, max(node.type.scale for node in call.arguments))
        )
        return f"(CASE WHEN {same} THEN NULL ELSE {self.value(call.arguments[0])} END)"

    def arithmetic(self, call: Call) -> str:
        """A sum or product, in HUGEINT where an operand or the result needs it."""
        scale = max(node.type.scale for node in call.arguments)
        scales = [node.type.scale if call.operator == "*" else scale for node in call.arguments]
        size = _size(call.type)
        for node, own in zip(call.arguments, scales, strict=True):
            size = _wider(size, _size(node.type, 10 ** (own - node.type.scale)))
        first, second = (
            self.number(node, own, size) for node, own in zip(call.arguments, scales, strict=True)
        )
        return _narrowed(_SHAPES[call.operator].format(first, second), size, call.type)

    def junction(self, call: Call) -> str:
        return f"({f' {call.operator.upper()} '.join(self.value(part) for part in call.arguments)})"

    def case(self, call: Call) -> str:
        results = self.level((*(result for _, result in branches(call)), call.arguments[-1]), call.type.scale)
        conditions = [self.value(condition) for condition, _ in branches(call)]
        pairs = " ".join(f"WHEN {when} THEN {then}" for when, then in zip(conditions, results, strict=False))
        return f"(CASE {pairs} ELSE {results[-1]} END)"

    def extreme(self, call: Call) -> str:
        """least() and greatest(), which DuckDB lets skip nulls."""
        values = self.level(call.arguments, call.type.scale)
        written = f"{call.operator}({', '.join(values)})"
        nulls = [self.value(node) for node in call.arguments if node.type.nullable]
        if nulls:
            unknown = " OR ".join(f"{value} IS NULL" for value in nulls)
            written = f"(CASE WHEN {unknown} THEN NULL ELSE {written} END)"
        return _narrowed(written, _widest(call.arguments), call.type)

    def part(self, call: Call) -> str:
        node = call.arguments[0]
        moment = isinstance(node, Field) and node.type.kind is Kind.TIMESTAMP
        value = (
            self.columns[local_name(node.name)] if isinstance(node, Field) and moment else self.value(node)
        )
        return _SHAPES[call.operator].format(value)

    def rounded(self, call: Call) -> str:
        rounding = rounding_of(call)
        if rounding.is_exact:
            return self.value(rounding.numerator)
        size = "HUGEINT" if rounding.widest > _BIGINT_MAX else "BIGINT"
        numerator = self.times(rounding.numerator, rounding.numerator_factor, size)
        if rounding.denominator is None:
            divisor = _integer(rounding.denominator_factor, size)
        else:
            divisor = self.times(rounding.denominator, rounding.denominator_factor, size)
        if rounding.may_divide_by_zero:
            divisor = f"nullif({divisor}, 0)"
        return _narrowed(_divided(rounding, numerator, divisor, size), size, call.type)

    def times(self, node: Node, factor: int, size: str) -> str:
        value = self.number(node, node.type.scale, size)
        return f"({value} * {factor})" if factor > 1 else value


def _divided(rounding: Rounding, numerator: str, divisor: str, size: str) -> str:
    """The rounded quotient of two integers, from one that truncates and what it leaves over."""
    positive = rounding.denominator_bounds[0] > 0
    simple = positive and rounding.numerator_bounds[0] >= 0
    whole, left = f"({numerator} // {divisor})", f"({numerator} % {divisor})"
    if rounding.way == "trunc" or (rounding.way == "floor" and simple):
        return whole
    below = f"{left} < 0" if positive else f"{left} <> 0 AND ({numerator} < 0) <> ({divisor} < 0)"
    above = f"{left} > 0" if positive else f"{left} <> 0 AND ({numerator} < 0) = ({divisor} < 0)"
    if rounding.way == "floor":
        return f"({whole} - CAST({below} AS {size}))"
    if rounding.way == "ceil":
        return f"({whole} + CAST({above} AS {size}))"
    rest, gap = f"abs({left})", f"(abs({divisor}) - abs({left}))"
    even = f"{rest} > {gap} OR ({rest} = {gap} AND {whole} % 2 <> 0)"
    carry = even if rounding.way == "round_half_even" else f"{rest} >= {gap}"
    away = "1" if simple else f"CASE WHEN ({numerator} < 0) = ({divisor} < 0) THEN 1 ELSE -1 END"
    return f"({whole} + CASE WHEN {carry} THEN {away} ELSE 0 END)"


_SPECIAL: dict[str, Callable[[_Writer, Call], str]] = {
    **dict.fromkeys(("+", "-", "*"), _Writer.arithmetic),
    **dict.fromkeys(("and", "or"), _Writer.junction),
    **dict.fromkeys(("least", "greatest"), _Writer.extreme),
    **dict.fromkeys(DATE_PARTS, _Writer.part),
    **dict.fromkeys(ROUNDINGS, _Writer.rounded),
    "case": _Writer.case,
    "mod": _Writer.narrowed,
    "nullif": _Writer.nullif,
}


def _size(kind: Type, factor: int = 1) -> str:
    """The narrowest of our two integer types that holds every value the bounds allow."""
    return "BIGINT" if max(abs(kind.low), abs(kind.high)) * factor <= _BIGINT_MAX else "HUGEINT"


def _widest(nodes: tuple[Node, ...]) -> str:
    """The integer type numbers share once they stand on one scale."""
    scale = max(node.type.scale for node in nodes)
    sizes = [_size(node.type, 10 ** (scale - node.type.scale)) for node in nodes]
    return "HUGEINT" if "HUGEINT" in sizes else "BIGINT"


def _wider(one: str, other: str) -> str:
    return "HUGEINT" if "HUGEINT" in (one, other) else "BIGINT"


def _narrowed(written: str, size: str, kind: Type) -> str:
    """Numbers come out in the type their bounds call for, so that whoever reads them knows it."""
    if kind.kind is not Kind.NUMBER or size == _size(kind):
        return written
    return f"CAST({written} AS {_size(kind)})"


def _constant(literal: Literal, scale: int, size: str) -> str:
    value = literal.value
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, datetime.date):
        return f"DATE '{value.isoformat()}'"
    return _integer(literal.type.low * 10 ** (scale - literal.type.scale), size)


def _integer(value: int, size: str) -> str:
    return f"CAST({value} AS {size})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
