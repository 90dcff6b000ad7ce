"""The type check: every part of an expression gets its type and its bounds, or is refused with advice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NoReturn

from plaudit.earning.expressions import bounds
from plaudit.earning.expressions.rounding import places_of, rounding_of
from plaudit.earning.expressions.source import Source
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.earning.expressions.syntax import (
    COMPARISONS,
    DATE_PARTS,
    ROUNDINGS,
    Call,
    Field,
    Literal,
    Node,
    branches,
    text_of,
)
from plaudit.earning.expressions.types import (
    CHOICES_MAX,
    DIGITS_MAX,
    NUMBER_MAX,
    SCALE_MAX,
    TEXT_LENGTH_MAX,
    Kind,
    Scope,
    Type,
)
from plaudit.foundation.worded import listed, worded

_BOOLEAN = Type(Kind.BOOLEAN)
_ORDERED = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.TIMESTAMP)
_PART_BOUNDS = {"year": (1, 9999), "month": (1, 12), "day": (1, 31), "weekday": (1, 7), "hour": (0, 23)}
_A = {
    Kind.NUMBER: worded("a number"),
    Kind.TEXT: worded("a text"),
    Kind.BOOLEAN: worded("true or false"),
    Kind.DATE: worded("a day"),
    Kind.TIMESTAMP: worded("a moment"),
    Kind.NULL: "null",
}


def check(source: Source, node: Node, scope: Scope) -> Node:
    """The same tree with every part's type filled in. Raises ExpressionRefused."""
    return _Check(source, scope).typed(node)


class _Check:
    """One walk over one tree, from the leaves up."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self.source = source
        self.scope = scope

    def refuse(self, node: Node, advice: str) -> NoReturn:
        self.source.refuse(node.span, advice)

    def typed(self, node: Node, *, inside: str = "") -> Node:
        if isinstance(node, Literal):
            if node.value is None and inside != "case":
                self.refuse(node, "null can only be the result of a case; to look for it write `is null`.")
            return replace(node, type=_literal_type(node))
        if isinstance(node, Field):
            return replace(node, type=self.field_type(node))
        if node.operator == "/" and inside not in ROUNDINGS:
            self.refuse(
                node,
                worded("A division needs a rounding around it, such as floor({node}).", node=text_of(node)),
            )
        call = replace(
            node, arguments=tuple(self.typed(part, inside=node.operator) for part in node.arguments)
        )
        result = _SIGNATURES[node.operator](self, call)
        if bounds.magnitude((result.low, result.high)) > NUMBER_MAX:
            self.too_large(call)
        return replace(call, type=result)

    def field_type(self, node: Field) -> Type:
        declared = self.scope.fields.get(node.name)
        if declared is None:
            instead = did_you_mean(node.name, self.scope.fields)
            self.refuse(
                node,
                worded(
                    "`{name}` is not a field of {subject}{meant}",
                    name=node.name,
                    subject=self.scope.subject,
                    meant=instead,
                ),
            )
        return declared.as_type()

    def too_large(self, node: Node) -> NoReturn:
        advice = worded(
            "This could need more than {digits_max} digits; round or cap its parts first, as in least(amount, 1000).",
            digits_max=DIGITS_MAX,
        )
        self.refuse(node, advice)

    def need(self, node: Node, *kinds: Kind) -> None:
        if node.type.kind not in kinds:
            wanted = listed((_A[kind] for kind in kinds), by="or")
            self.refuse(
                node,
                worded(
                    "This is {kind}, and {wanted} is needed here.", kind=_A[node.type.kind], wanted=wanted
                ),
            )

    def need_whole(self, node: Node) -> None:
        self.need(node, Kind.NUMBER)
        if node.type.scale:
            self.refuse(
                node,
                worded(
                    "This has up to {scale} decimals, and a whole number is needed; use floor().",
                    scale=node.type.scale,
                ),
            )

    def aligned(self, call: Call, nodes: Sequence[Node]) -> list[bounds.Interval]:
        """The bounds of numbers brought to one scale."""
        scale = max(node.type.scale for node in nodes)
        factors = [10 ** (scale - node.type.scale) for node in nodes]
        known = [
            (node.type.low * factor, node.type.high * factor)
            for node, factor in zip(nodes, factors, strict=True)
        ]
        if bounds.magnitude(bounds.hull(known)) > NUMBER_MAX:
            self.too_large(call)
        return known

    def alike(self, call: Call, nodes: Sequence[Node], kinds: Sequence[Kind] = tuple(_A)) -> Type:
        """The type that holds all of them: one kind, the finest scale, the widest bounds."""
        known = [node for node in nodes if node.type.kind is not Kind.NULL]
        if not known:
            self.refuse(call, "All results are null; give at least one a value.")
        for node in known:
            self.need(node, *kinds)
            if node.type.kind is not known[0].type.kind:
                first = text_of(known[0])
                self.refuse(
                    node,
                    worded(
                        "This is {kind}, but {first} is {other}.",
                        kind=_A[node.type.kind],
                        first=first,
                        other=_A[known[0].type.kind],
                    ),
                )
        nullable = any(node.type.nullable for node in nodes)
        if known[0].type.kind is not Kind.NUMBER:
            return Type(known[0].type.kind, nullable)
        low, high = bounds.hull(self.aligned(call, known))
        return Type(Kind.NUMBER, nullable, max(node.type.scale for node in known), low, high)

    def check_choices(self, field: Node, texts: Sequence[Node]) -> None:
        """A text that a field can never hold is a slip of the pen."""
        choices = field.type.choices
        for node in texts:
            if choices and isinstance(node, Literal) and node.value not in choices:
                advice = worded(
                    "{node} is not one of the choices of {field}: {choices}.",
                    node=text_of(node),
                    field=text_of(field),
                    choices=", ".join(choices),
                )
                self.refuse(node, advice)


def _literal_type(node: Literal) -> Type:
    value = node.value
    if value is None:
        return Type(Kind.NULL, nullable=True)
    if isinstance(value, bool):
        return _BOOLEAN
    if isinstance(value, int):
        return Type(Kind.NUMBER, low=value, high=value)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        scale = -exponent if isinstance(exponent, int) else 0
        scaled = int(value.scaleb(scale))
        return Type(Kind.NUMBER, scale=scale, low=scaled, high=scaled)
    return Type(Kind.DATE if isinstance(value, date) else Kind.TEXT)


def _any_null(call: Call) -> bool:
    return any(node.type.nullable for node in call.arguments)


def _sum(check: _Check, call: Call) -> Type:
    for node in call.arguments:
        check.need(node, Kind.NUMBER)
    (low, high), second = check.aligned(call, call.arguments)
    added = second if call.operator == "+" else bounds.negated(second)
    scale = max(node.type.scale for node in call.arguments)
    return Type(Kind.NUMBER, _any_null(call), scale, low + added[0], high + added[1])


def _product(check: _Check, call: Call) -> Type:
    first, second = call.arguments
    check.need(first, Kind.NUMBER)
    check.need(second, Kind.NUMBER)
    low, high = bounds.product((first.type.low, first.type.high), (second.type.low, second.type.high))
    return Type(Kind.NUMBER, _any_null(call), first.type.scale + second.type.scale, low, high)


def _division(check: _Check, call: Call) -> Type:
    for node in call.arguments:
        check.need(node, Kind.NUMBER)
    divisor = call.arguments[1]
    if isinstance(divisor, Literal) and divisor.value == 0:
        check.refuse(divisor, "Nothing can be divided by zero.")
    may_be_zero = divisor.type.low <= 0 <= divisor.type.high
    return replace(call.arguments[0].type, nullable=_any_null(call) or may_be_zero)


def _rounding(check: _Check, call: Call) -> Type:
    inside = call.arguments[0]
    check.need(inside, Kind.NUMBER)
    if len(call.arguments) > 1:
        places = call.arguments[1]
        if (
            not isinstance(places, Literal)
            or type(places.value) is not int
            or not 0 <= places.value <= SCALE_MAX
        ):
            check.refuse(
                places,
                worded(
                    "The number of decimals is written as a digit from 0 to {scale_max}.", scale_max=SCALE_MAX
                ),
            )
    division = rounding_of(call)
    if division.is_exact:
        return inside.type
    if division.widest > NUMBER_MAX:
        check.too_large(call)
    return Type(Kind.NUMBER, inside.type.nullable, places_of(call), *division.bounds)


def _comparison(check: _Check, call: Call) -> Type:
    first, second = call.arguments
    if {first.type.kind, second.type.kind} == {Kind.DATE, Kind.TIMESTAMP}:
        moment = first if first.type.kind is Kind.TIMESTAMP else second
        check.refuse(call, worded("A moment is not a day; compare date({moment}).", moment=text_of(moment)))
    check.alike(call, call.arguments, (*_ORDERED, Kind.BOOLEAN) if call.operator in ("=", "<>") else _ORDERED)
    if call.operator in ("=", "<>"):
        check.check_choices(first, [second])
        check.check_choices(second, [first])
    return replace(_BOOLEAN, nullable=_any_null(call))


def _among(check: _Check, call: Call) -> Type:
    wanted, listed = call.arguments[0], call.arguments[1:]
    if not 1 <= len(listed) <= CHOICES_MAX:
        check.refuse(call, worded("List 1 to {choices_max} values after in.", choices_max=CHOICES_MAX))
    for node in listed:
        if not isinstance(node, Literal):
            check.refuse(node, "List plain values after in; compare with = for anything else.")
    check.alike(call, call.arguments, (Kind.NUMBER, Kind.TEXT, Kind.DATE))
    check.check_choices(wanted, listed)
    return replace(_BOOLEAN, nullable=_any_null(call))


def _between(check: _Check, call: Call) -> Type:
    check.alike(call, call.arguments, _ORDERED)
    return replace(_BOOLEAN, nullable=_any_null(call))


def _junction(check: _Check, call: Call) -> Type:
    for node in call.arguments:
        check.need(node, Kind.BOOLEAN)
    return replace(_BOOLEAN, nullable=_any_null(call))


def _case(check: _Check, call: Call) -> Type:
    for condition, _ in branches(call):
        check.need(condition, Kind.BOOLEAN)
    return check.alike(call, [*(result for _, result in branches(call)), call.arguments[-1]])


def _sign_change(check: _Check, call: Call) -> Type:
    node = call.arguments[0]
    check.need(node, Kind.NUMBER)
    interval = (node.type.low, node.type.high)
    low, high = bounds.negated(interval) if call.operator == "neg" else bounds.absolute(interval)
    return Type(Kind.NUMBER, node.type.nullable, node.type.scale, low, high)


def _sign(check: _Check, call: Call) -> Type:
    node = call.arguments[0]
    check.need(node, Kind.NUMBER)
    return Type(
        Kind.NUMBER, node.type.nullable, 0, -1 if node.type.low < 0 else 0, 1 if node.type.high > 0 else 0
    )


def _extreme(check: _Check, call: Call) -> Type:
    result = check.alike(call, call.arguments, (Kind.NUMBER, Kind.DATE))
    if result.kind is not Kind.NUMBER:
        return result
    known = check.aligned(call, call.arguments)
    choose: Callable[[list[int]], int] = min if call.operator == "least" else max
    return replace(result, low=choose([low for low, _ in known]), high=choose([high for _, high in known]))


def _coalesce(check: _Check, call: Call) -> Type:
    result = check.alike(call, call.arguments)
    return replace(result, nullable=all(node.type.nullable for node in call.arguments))


def _nullif(check: _Check, call: Call) -> Type:
    check.alike(call, call.arguments, (Kind.NUMBER, Kind.TEXT, Kind.DATE))
    check.check_choices(call.arguments[0], [call.arguments[1]])
    return replace(call.arguments[0].type, nullable=True)


def _mod(check: _Check, call: Call) -> Type:
    dividend, divisor = call.arguments
    check.need_whole(dividend)
    check.need_whole(divisor)
    if isinstance(divisor, Literal) and divisor.value == 0:
        check.refuse(divisor, "Nothing can be divided by zero.")
    low, high = bounds.remainder(
        (dividend.type.low, dividend.type.high), (divisor.type.low, divisor.type.high)
    )
    may_be_zero = divisor.type.low <= 0 <= divisor.type.high
    return Type(Kind.NUMBER, _any_null(call) or may_be_zero, 0, low, high)


def _text_function(check: _Check, call: Call) -> Type:
    for node in call.arguments:
        check.need(node, Kind.TEXT)
    if call.operator == "length":
        return Type(Kind.NUMBER, _any_null(call), 0, 0, 2 * TEXT_LENGTH_MAX)
    kind = Kind.TEXT if call.operator in ("lower", "upper") else Kind.BOOLEAN
    return Type(kind, _any_null(call))


def _date_part(check: _Check, call: Call) -> Type:
    node = call.arguments[0]
    if node.type.kind is Kind.TIMESTAMP and not isinstance(node, Field):
        check.refuse(
            node,
            worded(
                "{operator}() takes a moment straight from a field, such as occurred_at.",
                operator=call.operator,
            ),
        )
    if call.operator in ("hour", "date"):
        check.need(node, Kind.TIMESTAMP)
    check.need(node, Kind.TIMESTAMP, Kind.DATE)
    if call.operator == "date":
        return Type(Kind.DATE, node.type.nullable)
    return Type(Kind.NUMBER, node.type.nullable, 0, *_PART_BOUNDS[call.operator])


_SIGNATURES: dict[str, Callable[[_Check, Call], Type]] = {
    **dict.fromkeys(("+", "-"), _sum),
    "*": _product,
    "/": _division,
    **dict.fromkeys(("neg", "abs"), _sign_change),
    "sign": _sign,
    **dict.fromkeys(ROUNDINGS, _rounding),
    **dict.fromkeys(COMPARISONS, _comparison),
    "in": _among,
    "between": _between,
    **dict.fromkeys(("and", "or", "not"), _junction),
    "is null": lambda _check, _call: _BOOLEAN,
    "case": _case,
    **dict.fromkeys(("least", "greatest"), _extreme),
    "coalesce": _coalesce,
    "nullif": _nullif,
    "mod": _mod,
    **dict.fromkeys(("length", "lower", "upper", "starts_with", "contains"), _text_function),
    **dict.fromkeys(DATE_PARTS, _date_part),
}
