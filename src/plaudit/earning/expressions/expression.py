"""The front door: a text and a scope in, a checked expression out."""

from __future__ import annotations

from plaudit.earning.expressions.bounds import magnitude
from plaudit.earning.expressions.check import check
from plaudit.earning.expressions.duckdb import prove_short
from plaudit.earning.expressions.parse import parse
from plaudit.earning.expressions.source import Source
from plaudit.earning.expressions.syntax import DATE_PARTS, Call, Expression, Field, walk
from plaudit.earning.expressions.types import Kind, Scope
from plaudit.foundation.worded import worded

__all__ = ["Expression", "amount_of", "condition_of", "expression_of", "fields_used", "local_times_used"]

AMOUNT_MAX = 10**18


def expression_of(text: str, scope: Scope) -> Expression:
    """The expression behind the text, of any type. Raises ExpressionRefused."""
    root = check(Source(text), parse(text), scope)
    expression = Expression(text, root, root.type.scale)
    prove_short(expression)
    return expression


def condition_of(text: str, scope: Scope) -> Expression:
    """An expression that is true, false or unknown. Raises ExpressionRefused."""
    expression = expression_of(text, scope)
    if expression.type.kind is not Kind.BOOLEAN:
        Source(text).refuse(
            (0, len(text)), "A condition is true or false: compare this with something, as in amount > 0."
        )
    return expression


def amount_of(text: str, scope: Scope, *, precision: int = 0) -> Expression:
    """A number of points, or null for none; it comes out as an integer in the unit's smallest part.

    `precision` is the number of decimals the unit has. Raises ExpressionRefused, also where the number
    could have more decimals, or be larger than 10^18 smallest parts, which is more than the books hold.
    """
    expression = expression_of(text, scope)
    whole, kind = (0, len(text)), expression.type
    if kind.kind is not Kind.NUMBER:
        Source(text).refuse(whole, "An amount is a number, such as floor(amount).")
    if kind.scale > precision:
        rounded = f"floor({text})" if precision == 0 else f"floor({text}, {precision})"
        has = worded(
            "This can have {scale} decimals, and the unit has {precision}",
            scale=kind.scale,
            precision=precision or worded("none"),
        )
        Source(text).refuse(
            whole, worded("{has}: say how to round, for example {rounded}.", has=has, rounded=rounded)
        )
    if magnitude((kind.low, kind.high)) * 10 ** (precision - kind.scale) > AMOUNT_MAX:
        Source(text).refuse(
            whole,
            worded(
                "This could be more than the books can hold; cap it, as in least({text}, 100000).", text=text
            ),
        )
    return Expression(text, expression.root, precision)


def fields_used(expression: Expression) -> frozenset[str]:
    """The names of all fields the expression reads, as the scope spells them."""
    return frozenset(node.name for node in walk(expression.root) if isinstance(node, Field))


def local_times_used(expression: Expression) -> frozenset[str]:
    """The timestamp fields of which the expression takes the local year, month, day, weekday, hour or date."""
    return frozenset(
        node.arguments[0].name
        for node in walk(expression.root)
        if isinstance(node, Call) and node.operator in DATE_PARTS
        if isinstance(node.arguments[0], Field) and node.arguments[0].type.kind is Kind.TIMESTAMP
    )
