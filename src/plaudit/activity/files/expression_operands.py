"""How an expression's nodes become functions of a row: one compiler, and operands brought to the kind they need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from sqlglot import exp

from plaudit.activity.files.values import shown, text_of

Read: TypeAlias = Callable[[Any], Any]
Pick: TypeAlias = Callable[[str], Read]
Made: TypeAlias = tuple[Read, str]


class ExpressionProblem(Exception):
    """Why an expression is refused, as a sentence."""


# What a node may carry besides its operands without changing its meaning here.
_HARMLESS = frozenset(
    {"safe", "coalesce", "typed", "ignore_nulls", "quoted", "is_string", "return_null", "zone"}
)


class Compiler:
    """Compiles nodes to closures; each answers with its function and the kind of what it gives."""

    def __init__(self, makers: Makers, pick: Pick, number: Callable[[str], Decimal]) -> None:
        self._makers = makers
        self.pick = pick
        self.parse_number = number
        # Each node is compiled once, though its kind is asked for more than once.
        self._made: dict[int, Made] = {}

    def compile(self, node: exp.Expr) -> Made:
        known = self._made.get(id(node))
        if known is not None:
            return known
        maker = self._makers.get(type(node))
        if maker is None:
            raise ExpressionProblem(f"{named_node(node)} is not part of the expressions a mapping may use.")
        for key, value in node.args.items():
            if value and key not in _HARMLESS and key not in maker[1]:
                raise ExpressionProblem(f"{named_node(node)} cannot be used with {key}.")
        made = self._made[id(node)] = maker[0](self, node)
        return made

    # Operands of a kind. A cell becomes whatever is asked of it; other kinds do not change silently.

    def text(self, node: exp.Expr) -> Read:
        read, kind = self.compile(node)
        if kind in ("text", "null"):
            return read
        if kind == "cell":
            return lambda row: None if (value := read(row)) is None else text_of(value)
        raise ExpressionProblem(
            f"{shown_node(node)} is a {kind} where a text is expected; text(…) makes it one."
        )

    def number(self, node: exp.Expr) -> Read:
        read, kind = self.compile(node)
        if kind in ("number", "null"):
            return read
        if kind != "cell":
            raise ExpressionProblem(
                f"{shown_node(node)} is a {kind} where a number is expected; number(…) reads one."
            )
        parse = self.parse_number
        seen: dict[str, Decimal] = {}

        def number_of(row: Any) -> Decimal | None:
            value = read(row)
            if value is None:
                return None
            if value.__class__ is str:
                known = seen.get(value)
                if known is None:
                    if len(seen) > 20_000:
                        seen.clear()
                    known = seen[value] = parse(value)
                return known
            if value.__class__ is Decimal:
                return value
            return Decimal(value) if value.__class__ is int else parse(text_of(value))

        return number_of

    def truth(self, node: exp.Expr) -> Read:
        read, kind = self.compile(node)
        if kind in ("truth", "null"):
            return read
        raise ExpressionProblem(
            f"{shown_node(node)} is a {kind} where a condition is expected, such as status = 'paid'."
        )

    def alike(self, nodes: list[exp.Expr]) -> tuple[list[Read], str]:
        """Operands brought to one kind: numbers where one is a number, else texts, else all conditions."""
        kinds = {self.compile(node)[1] for node in nodes} - {"null"}
        if "truth" in kinds:
            return [self.truth(node) for node in nodes], "truth"
        if "number" in kinds:
            return [self.number(node) for node in nodes], "number"
        return [self.text(node) for node in nodes], "text"


def named_node(node: exp.Expr) -> str:
    return f"“{node.sql(dialect='duckdb')[:60]}”" if not isinstance(node, exp.Query) else "A query"


def shown_node(node: exp.Expr) -> str:
    return shown(node.sql(dialect="duckdb"))


Maker: TypeAlias = Callable[[Compiler, Any], Made]
# For each kind of node, what compiles it and which of its parts that reads.
Makers: TypeAlias = Mapping[type[exp.Expr], tuple[Maker, tuple[str, ...]]]
TWO = ("this", "expression")
