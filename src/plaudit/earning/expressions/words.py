"""Expression to English: the fragment a rule's sentence and the Because panel are made of."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from plaudit.earning.expressions.rounding import places_of
from plaudit.earning.expressions.syntax import (
    ROUNDINGS,
    Call,
    Expression,
    Field,
    Literal,
    Node,
    branches,
    text_of,
)
from plaudit.earning.expressions.types import Kind, Scope

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CALENDAR = {"month": _MONTHS, "weekday": _WEEKDAYS}

_COMPARED = {
    "=": "is",
    "<>": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_COMPARED_IN_TIME = {
    **_COMPARED,
    "<": "is before",
    "<=": "is no later than",
    ">": "is after",
    ">=": "is no earlier than",
}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_ROUNDED = {
    "floor": "rounded down",
    "ceil": "rounded up",
    "round": "rounded",
    "round_half_even": "rounded",
    "trunc": "cut off",
}
_PHRASES = {
    "is null": "{0} is not given",
    "between": "{0} is between {1} and {2}",
    "in": "{0} is one of {rest}",
    "starts_with": "{0} starts with {1}",
    "contains": "{0} contains {1}",
    "neg": "−{0}",
    "abs": "{0} without its sign",
    "sign": "the sign of {0}",
    "least": "the least of {all}",
    "greatest": "the greatest of {all}",
    "nullif": "{0}, unless it is {1}",
    "mod": "what is left of {0} after dividing by {1}",
    "length": "the length of {0}",
    "lower": "{0} in small letters",
    "upper": "{0} in capitals",
    "date": "the day of {0}",
    **{part: f"the {part} of {{0}}" for part in ("year", "month", "day", "weekday", "hour")},
}
_PHRASES_DENIED = {
    "is null": "{0} is given",
    "between": "{0} is not between {1} and {2}",
    "in": "{0} is not one of {rest}",
    "starts_with": "{0} does not start with {1}",
    "contains": "{0} does not contain {1}",
}
# What reads as one thing, and so needs no brackets inside something larger.
_CLOSED = ("length", "year", "month", "day", "weekday", "hour", "date", "neg", "sign")


def describe(expression: Expression, scope: Scope | None = None) -> str:
    """The expression as part of an English sentence: "amount is more than 0 and channel is one of web, app".

    Fields are called by their labels in the scope, where they have any.
    """
    return _Speaker(scope).words(expression.root)


class _Speaker:
    """Says one expression."""

    def __init__(self, scope: Scope | None) -> None:
        self.scope = scope

    def words(self, node: Node) -> str:
        if isinstance(node, Literal):
            return _literal(node)
        if isinstance(node, Field):
            name = self.name(node)
            return f"{name} is true" if node.type.kind is Kind.BOOLEAN else name
        return _SAID.get(node.operator, _Speaker.phrase)(self, node)

    def name(self, field: Field) -> str:
        declared = self.scope.fields.get(field.name) if self.scope else None
        return (declared.label if declared else "") or field.name.replace("_", " ").replace(".", " ")

    def inner(self, node: Node) -> str:
        """The words of a part, in brackets where they would run into those around them."""
        if isinstance(node, Field):
            return self.name(node)
        closed = not isinstance(node, Call) or node.operator in _CLOSED
        return self.words(node) if closed else f"({self.words(node)})"

    def phrase(self, call: Call) -> str:
        return self.filled(_PHRASES[call.operator], call)

    def filled(self, phrase: str, call: Call) -> str:
        calendar = self.calendar(call)
        parts = [calendar(part) or self.inner(part) for part in call.arguments]
        return phrase.format(*parts, all=", ".join(parts), rest=", ".join(parts[1:]))

    def calendar(self, call: Call) -> Callable[[Node], str]:
        """What names the numbers of months and weekdays where such a call is compared."""
        subject = call.arguments[0]
        names = _CALENDAR.get(subject.operator, ()) if isinstance(subject, Call) else ()

        def name(node: Node) -> str:
            number = node.value if isinstance(node, Literal) else None
            return names[number - 1] if isinstance(number, int) and 1 <= number <= len(names) else ""

        return name

    def comparison(self, call: Call) -> str:
        in_time = call.arguments[0].type.kind in (Kind.DATE, Kind.TIMESTAMP)
        verb = (_COMPARED_IN_TIME if in_time else _COMPARED)[call.operator]
        return self.filled(f"{{0}} {verb} {{1}}", call)

    def junction(self, call: Call) -> str:
        joined = [
            f"({self.words(part)})"
            if isinstance(part, Call) and part.operator in ("and", "or")
            else self.words(part)
            for part in call.arguments
        ]
        return f" {call.operator} ".join(joined)

    def denial(self, call: Call) -> str:
        denied = call.arguments[0]
        if isinstance(denied, Field):
            return f"{self.name(denied)} is false"
        if isinstance(denied, Call) and denied.operator in _PHRASES_DENIED:
            return self.filled(_PHRASES_DENIED[denied.operator], denied)
        return f"it is false that {self.inner(denied)}"

    def arithmetic(self, call: Call) -> str:
        first, second = (self.inner(part) for part in call.arguments)
        return f"{first} {_SIGNS[call.operator]} {second}"

    def rounding(self, call: Call) -> str:
        inside, places = call.arguments[0], places_of(call)
        comma = "," if isinstance(inside, Call) else ""
        to = f" to {places} decimal{'s' if places > 1 else ''}" if places else ""
        even = ", halves to even" if call.operator == "round_half_even" else ""
        return f"{self.words(inside)}{comma} {_ROUNDED[call.operator]}{to}{even}"

    def coalesce(self, call: Call) -> str:
        first, *others = (self.inner(part) for part in call.arguments)
        return f"{first}, or {', or '.join(others)} where it is not given"

    def case(self, call: Call) -> str:
        said = [f"{self.words(result)} when {self.words(condition)}" for condition, result in branches(call)]
        otherwise = call.arguments[-1]
        last = "nothing" if text_of(otherwise) == "null" else self.words(otherwise)
        return f"{', '.join(said)}, otherwise {last}"


_SAID: dict[str, Callable[[_Speaker, Call], str]] = {
    **dict.fromkeys(_COMPARED, _Speaker.comparison),
    **dict.fromkeys(_SIGNS, _Speaker.arithmetic),
    **dict.fromkeys(("and", "or"), _Speaker.junction),
    **dict.fromkeys(ROUNDINGS, _Speaker.rounding),
    "not": _Speaker.denial,
    "case": _Speaker.case,
    "coalesce": _Speaker.coalesce,
}


def _literal(literal: Literal) -> str:
    value = literal.value
    if isinstance(value, str):
        return value or "empty"
    if isinstance(value, datetime.date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return text_of(literal).replace("-", "−")
