"""The arithmetic line by line: what an explanation shows, computed by the very code that runs live."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plaudit.earning.expressions.python import RUNTIME, to_python
from plaudit.earning.expressions.syntax import (
    FUNCTIONS,
    Call,
    Expression,
    Field,
    Node,
    branches,
    call_text,
    text_of,
    walk,
)
from plaudit.earning.expressions.types import Kind, Type, local_name


@dataclass(frozen=True, slots=True)
class Step:
    """One line: a part of the expression as written, with its values put in, and what came out."""

    part: str
    arithmetic: str
    result: str
    is_test: bool = False

    def __str__(self) -> str:
        return f"{self.arithmetic} {'is' if self.is_test else '='} {self.result}"


def evaluate(
    expression: Expression, values: Mapping[str, Any], time_zone: datetime.tzinfo | None = None
) -> Any:
    """The expression's value for typed values (as a reader gives them), scaled as `to_python` scales it.

    `time_zone` is the programme's, needed where the expression takes a moment's year, hour and so on.
    """
    fields = {node.name: node for node in walk(expression.root) if isinstance(node, Field)}
    names: dict[str, str] = {}
    known: list[Any] = []
    for name, field in fields.items():
        names |= {name: f"v[{len(known)}]", local_name(name): f"v[{len(known) + 1}]"}
        value = values[name]
        is_moment = field.type.kind is Kind.TIMESTAMP and value is not None
        known += [value, value.astimezone(time_zone) if is_moment else None]
    return eval(to_python(expression, names), {**RUNTIME, "v": known})  # noqa: S307  # written here from a checked tree


def steps(
    expression: Expression, values: Mapping[str, Any], time_zone: datetime.tzinfo | None = None
) -> list[Step]:
    """How the value came about, inner parts first; a `case` shows only the way it went."""
    calculation = _Calculation(values, time_zone)
    lines = list(calculation.lines(expression.root))
    return lines or [calculation.line(expression.root, text_of(expression.root))]


class _Calculation:
    """One expression with one event's values."""

    def __init__(self, values: Mapping[str, Any], time_zone: datetime.tzinfo | None) -> None:
        self.values = values
        self.time_zone = time_zone

    def value(self, node: Node) -> Any:
        return evaluate(Expression("", node, node.type.scale), self.values, self.time_zone)

    def shown(self, node: Node) -> str:
        """A part's value; a division, which has none before it is rounded, as its own arithmetic."""
        if isinstance(node, Call) and node.operator == "/":
            return self.filled(node)
        value = self.value(node)
        if isinstance(value, datetime.datetime):
            value = value.astimezone(self.time_zone)
        return shown(value, node.type)

    def filled(self, call: Call) -> str:
        """The call with its values put in."""
        parts = [self.shown(part) for part in call.arguments]
        if call.operator not in FUNCTIONS:
            parts = [f"({part})" if part.startswith("-") else part for part in parts]
        return call_text(call, parts)

    def line(self, node: Node, arithmetic: str) -> Step:
        return Step(text_of(node), arithmetic, self.shown(node), is_test=node.type.kind is Kind.BOOLEAN)

    def lines(self, node: Node) -> Iterator[Step]:
        if not isinstance(node, Call):
            return
        if node.operator == "case":
            yield from self.case(node)
            return
        for part in node.arguments:
            yield from self.lines(part)
        if node.operator != "/":
            yield self.line(node, self.filled(node))

    def case(self, call: Call) -> Iterator[Step]:
        for condition, result in branches(call):
            yield from self.lines(condition)
            if self.value(condition) is True:
                yield from self.lines(result)
                yield self.line(call, f"case when true then {self.shown(result)} end")
                return
        yield from self.lines(call.arguments[-1])
        yield self.line(call, f"case else {self.shown(call.arguments[-1])} end")


def shown(value: Any, kind: Type) -> str:
    """A value as people write it: 1177 at scale 2 is 11.77; a condition without an answer is unknown."""
    if value is None:
        return "unknown" if kind.kind is Kind.BOOLEAN else "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _plain(value, kind.scale)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value.isoformat())


def _plain(number: int, scale: int) -> str:
    """The scaled integer with its point, without trailing zeros."""
    if scale == 0:
        return str(number)
    digits = f"{abs(number):0{scale + 1}d}"
    decimals = digits[-scale:].rstrip("0")
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-scale]}{'.' if decimals else ''}{decimals}"
