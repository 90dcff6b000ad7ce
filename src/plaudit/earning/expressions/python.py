"""Expression to Python: a source fragment for a generated function, exact and without lookups.

Values live as the reader leaves them: numbers as integers scaled by the field's scale (11.77 at scale 2
is 1177), days as date, moments as aware datetime, None for null. What cannot be null becomes a plain
operator; what can is tested once. The function's globals must hold RUNTIME.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from plaudit.earning.expressions.rounding import Rounding, rounding_of
from plaudit.earning.expressions.runtime import RUNTIME
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
)
from plaudit.earning.expressions.types import Kind, local_name

__all__ = ["RUNTIME", "to_python", "to_python_condition"]


def to_python(expression: Expression, names: Mapping[str, str]) -> str:
    """Source whose value is the expression's: an int scaled by `expression.scale`, a text, a bool … or None.

    `names` gives the source of each field (such as {"amount": "amount", "member.kind": "member[0]"}), and
    under `local_name(field)` the local time of a moment whose year, hour … the expression takes.
    """
    return _Writer(names).scaled(expression.root, expression.scale)


def to_python_condition(expression: Expression, names: Mapping[str, str]) -> str:
    """Source that is True where the condition is true, and False where it is false or unknown (null)."""
    return _Writer(names).holds(expression.root, wanted=True)


_SHAPES = {
    "=": "({0} == {1})",
    "<>": "({0} != {1})",
    **{sign: f"({{0}} {sign} {{1}})" for sign in ("<", "<=", ">", ">=", "+", "-", "*")},
    "neg": "(-{0})",
    "abs": "abs({0})",
    "sign": "expr_sign({0})",
    "not": "(not {0})",
    "length": "len({0})",
    "lower": "expr_lower({0})",
    "upper": "expr_upper({0})",
    "starts_with": "{0}.startswith({1})",
    "contains": "({1} in {0})",
    "between": "({1} <= {0} <= {2})",
    "mod": "expr_mod({0}, {1})",
    "least": "min({all})",
    "greatest": "max({all})",
    "in": "({0} in {{{rest}}})",
    "year": "{0}.year",
    "month": "{0}.month",
    "day": "{0}.day",
    "weekday": "{0}.isoweekday()",
    "hour": "{0}.hour",
    "date": "{0}.date()",
}
# Operators whose arguments meet on one scale.
_LEVEL = {*COMPARISONS, "+", "-", "between", "in", "least", "greatest"}


class _Writer:
    """Writes one expression; counts the temporary names it needs."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.temporaries = 0

    def value(self, node: Node) -> str:
        """The three-valued value: None for null."""
        if isinstance(node, Literal):
            return _constant(node, node.type.scale)
        if isinstance(node, Field):
            return self.names[node.name]
        special = _special(node)
        if special:
            return special(self, node)
        tests, body = self.strict(node)
        return f"(None if {' or '.join(f'{test} is None' for test in tests)} else {body})" if tests else body

    def holds(self, node: Node, *, wanted: bool) -> str:
        """Whether a condition is true (or is false), as a bool: neither where it is null."""
        if isinstance(node, Call) and node.operator == "not":
            return self.holds(node.arguments[0], wanted=not wanted)
        if isinstance(node, Call) and node.operator in ("and", "or"):
            # "a and b" is false where one of them is false: the other word, asked the other way round.
            word = node.operator if wanted else {"and": "or", "or": "and"}[node.operator]
            return f"({f' {word} '.join(self.holds(part, wanted=wanted) for part in node.arguments)})"
        if not node.type.nullable:
            return self.value(node) if wanted else f"(not {self.value(node)})"
        if not isinstance(node, Call) or _special(node):
            return f"({self.value(node)} is {wanted})"
        tests, body = self.strict(node)
        known = [f"{test} is not None" for test in tests]
        return f"({' and '.join([*known, body if wanted else f'not {body}'])})"

    def scaled(self, node: Node, scale: int) -> str:
        """The value, a number on the given scale, at least as fine as its own."""
        if isinstance(node, Literal):
            return _constant(node, scale)
        if node.type.kind is not Kind.NUMBER or node.type.scale == scale:
            return self.value(node)
        value, tests = self.atom(node)
        raised = _raised(value, node, scale)
        return f"(None if {tests[0]} is None else {raised})" if tests else raised

    def atom(self, node: Node) -> tuple[str, list[str]]:
        """What to write once the node is known not to be null, and the subject of that test if it needs one."""
        value = self.value(node)
        if not node.type.nullable:
            return value, []
        if isinstance(node, Field):
            return value, [value]
        self.temporaries += 1
        name = f"_{self.temporaries}"
        return name, [f"({name} := {value})"]

    def strict(self, call: Call) -> tuple[list[str], str]:
        """The null tests of a call that is null where an argument is, and what it is otherwise."""
        if call.operator in ROUNDINGS:
            return self.rounded(rounding_of(call))
        if call.operator in DATE_PARTS and call.arguments[0].type.kind is Kind.TIMESTAMP:
            return self.local_part(call)
        scale = max(node.type.scale for node in call.arguments) if call.operator in _LEVEL else 0
        values, tests = [], []
        for node in call.arguments:
            value, test = self.atom(node)
            values.append(_raised(value, node, scale))
            tests += test
        return tests, _SHAPES[call.operator].format(
            *values, all=", ".join(values), rest=", ".join(values[1:])
        )

    def local_part(self, call: Call) -> tuple[list[str], str]:
        """A part of a moment, taken from its local time."""
        (moment,) = call.arguments
        assert isinstance(moment, Field)
        local = self.names[local_name(moment.name)]
        return [local] if moment.type.nullable else [], _SHAPES[call.operator].format(local)

    def rounded(self, rounding: Rounding) -> tuple[list[str], str]:
        """A rounding: plain integer division where the divisor is constant, a function elsewhere."""
        value, tests = self.atom(rounding.numerator)
        if rounding.is_exact:
            return tests, value
        factor, divisor = rounding.numerator_factor, rounding.divisor
        numerator = f"({value} * {factor})" if factor > 1 else value
        if divisor is None:
            assert rounding.denominator is not None
            below, more = self.atom(rounding.denominator)
            below = f"({below} * {rounding.denominator_factor})" if rounding.denominator_factor > 1 else below
            return tests + more, f"expr_{rounding.way}({numerator}, {below})"
        if divisor > 0 and rounding.way in ("floor", "ceil"):
            return (
                tests,
                f"({numerator} // {divisor})"
                if rounding.way == "floor"
                else f"(-(-{numerator} // {divisor}))",
            )
        if divisor > 0 and rounding.numerator_bounds[0] >= 0 and rounding.way in ("round", "trunc"):
            half = divisor // 2 if rounding.way == "round" else 0
            return tests, f"(({numerator} + {half}) // {divisor})" if half else f"({numerator} // {divisor})"
        return tests, f"expr_{rounding.way}({numerator}, {divisor})"

    def junction(self, call: Call) -> str:
        if not call.type.nullable:
            return self.holds(call, wanted=True)
        return f"expr_{call.operator}({', '.join(self.value(part) for part in call.arguments)})"

    def null_test(self, call: Call) -> str:
        return f"({self.value(call.arguments[0])} is None)" if call.arguments[0].type.nullable else "False"

    def case(self, call: Call) -> str:
        chosen = "".join(
            f"{self.scaled(result, call.type.scale)} if {self.holds(condition, wanted=True)} else "
            for condition, result in branches(call)
        )
        return f"({chosen}{self.scaled(call.arguments[-1], call.type.scale)})"

    def coalesce(self, call: Call) -> str:
        written = self.scaled(call.arguments[-1], call.type.scale)
        for node in reversed(call.arguments[:-1]):
            value, tests = self.atom(node)
            raised = _raised(value, node, call.type.scale)
            written = f"({raised} if {tests[0]} is not None else {written})" if tests else raised
        return written

    def nullif(self, call: Call) -> str:
        """Null where both are equal, and otherwise the first, also where the second is null."""
        first, second = call.arguments
        scale = max(first.type.scale, second.type.scale)
        self.temporaries += 1
        name = f"_{self.temporaries}"
        same = f"{_raised(name, first, scale)} == {self.scaled(second, scale)}"
        return f"(None if ({name} := {self.value(first)}) is None or {same} else {name})"

    def between(self, call: Call) -> str:
        scale = max(node.type.scale for node in call.arguments)
        return f"expr_between({', '.join(self.scaled(node, scale) for node in call.arguments)})"


_SPECIAL: dict[str, Callable[[_Writer, Call], str]] = {
    "and": _Writer.junction,
    "or": _Writer.junction,
    "is null": _Writer.null_test,
    "case": _Writer.case,
    "coalesce": _Writer.coalesce,
    "nullif": _Writer.nullif,
    "between": _Writer.between,
}


def _special(call: Call) -> Callable[[_Writer, Call], str] | None:
    """How to write a call that can have a value although an argument is null; None for all others."""
    if call.operator == "between" and not any(bound.type.nullable for bound in call.arguments[1:]):
        return None
    return _SPECIAL.get(call.operator)


def _raised(value: str, node: Node, scale: int) -> str:
    """A number's fragment on a finer scale."""
    if node.type.kind is not Kind.NUMBER or node.type.scale >= scale:
        return value
    return (
        _constant(node, scale)
        if isinstance(node, Literal)
        else f"({value} * {10 ** (scale - node.type.scale)})"
    )


def _constant(literal: Literal, scale: int) -> str:
    value = literal.value
    if literal.type.kind is Kind.NUMBER:
        return str(literal.type.low * 10 ** (scale - literal.type.scale))
    if isinstance(value, datetime.date):
        return f"expr_date({value.year}, {value.month}, {value.day})"
    return repr(value)
