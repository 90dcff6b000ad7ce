"""The expression as a tree: three kinds of node, and the only thing the compilers ever see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from plaudit.earning.expressions.types import Kind, Type

Span = tuple[int, int]
NOWHERE: Span = (0, 0)
Value = int | Decimal | str | bool | date | None

UNCHECKED = Type(Kind.NULL)


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. Numbers are int or Decimal without trailing zeros; a minus belongs to its number."""

    value: Value
    span: Span = field(default=NOWHERE, compare=False)
    type: Type = UNCHECKED


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name in the scope; `data.` is left off."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)
    type: Type = UNCHECKED


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function with its arguments.

    `and` and `or` take any number. `in` takes the value, then the list. `case` takes condition and
    result in turn, then the result otherwise. `is null` takes one, `between` three.
    """

    operator: str
    arguments: tuple[Node, ...]
    span: Span = field(default=NOWHERE, compare=False)
    type: Type = UNCHECKED


Node = Literal | Field | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed and type-checked expression: all that the compilers need.

    `scale` is the scale its numbers come out at (0 where it is not a number).
    """

    text: str
    root: Node
    scale: int

    @property
    def type(self) -> Type:
        return self.root.type


ROUNDINGS = ("floor", "ceil", "round", "round_half_even", "trunc")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
DATE_PARTS = ("year", "month", "day", "weekday", "hour", "date")

# The least and greatest number of arguments of every function.
FUNCTIONS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(ROUNDINGS, (1, 2)),
    **dict.fromkeys(DATE_PARTS, (1, 1)),
    **dict.fromkeys(("abs", "sign", "length", "lower", "upper"), (1, 1)),
    **dict.fromkeys(("divide", "mod", "nullif", "starts_with", "contains"), (2, 2)),
    **dict.fromkeys(("least", "greatest", "coalesce"), (2, 20)),
}

_PRECEDENCE = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys((*COMPARISONS, "is null", "in", "between"), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/"), 6),
    "neg": 7,
}
_ATOM = 8


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)


def branches(case: Call) -> list[tuple[Node, Node]]:
    """The (condition, result) pairs of a `case`; what it is otherwise is its last argument."""
    return list(zip(case.arguments[:-1:2], case.arguments[1:-1:2], strict=True))


def text_of(node: Node) -> str:
    """The expression in its canonical spelling; reading it again gives an equal tree."""
    if isinstance(node, Literal):
        return _literal_text(node)
    if isinstance(node, Field):
        return node.name
    return call_text(node, [_operand_text(node, place) for place in range(len(node.arguments))])


def call_text(call: Call, parts: Sequence[str]) -> str:
    """The call spelt with the given texts in the place of its arguments."""
    operator = call.operator
    if operator in FUNCTIONS:
        return f"{operator}({', '.join(parts)})"
    if operator in ("and", "or"):
        return f" {operator} ".join(parts)
    if operator == "neg":
        return f"-{parts[0]}"
    if operator == "not":
        return f"not {parts[0]}"
    if operator == "is null":
        return f"{parts[0]} is null"
    if operator == "in":
        return f"{parts[0]} in ({', '.join(parts[1:])})"
    if operator == "between":
        return f"{parts[0]} between {parts[1]} and {parts[2]}"
    if operator == "case":
        pairs = zip(parts[:-1:2], parts[1:-1:2], strict=True)
        return f"case {' '.join(f'when {when} then {then}' for when, then in pairs)} else {parts[-1]} end"
    return f"{parts[0]} {operator} {parts[1]}"


def _operand_text(call: Call, place: int) -> str:
    """One argument's text, in brackets where it would otherwise be read differently."""
    argument = call.arguments[place]
    outer = _PRECEDENCE.get(call.operator, 0)
    inner = _precedence(argument)
    # A second operand of the same rank would be read as part of the first; "not" takes brackets to be clear.
    needs_more = call.operator not in ("and", "or") and (place > 0 or outer in (3, 4, 7))
    bracketed = inner < outer or (needs_more and inner == outer) or (call.operator == "not" and inner < _ATOM)
    return f"({text_of(argument)})" if outer and bracketed else text_of(argument)


def _precedence(node: Node) -> int:
    if isinstance(node, Literal):
        negative = isinstance(node.value, int | Decimal) and node.value < 0
        return _PRECEDENCE["neg"] if negative else _ATOM
    return _PRECEDENCE.get(node.operator, _ATOM) if isinstance(node, Call) else _ATOM


def _literal_text(literal: Literal) -> str:
    value = literal.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
