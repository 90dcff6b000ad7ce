"""Expression to words: the fragment a rule's sentence and the Because panel are made of."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import reduce

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

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
from plaudit.foundation import written
from plaudit.foundation.told import told

_OWN = {
    "occurred_at": gettext_noop("when it happened"),
    "member.kind": gettext_noop("the member's kind"),
}
"""What every event has besides its data."""
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
    "=": gettext_noop("{0} is {1}"),
    "<>": gettext_noop("{0} is not {1}"),
    "<": gettext_noop("{0} is less than {1}"),
    "<=": gettext_noop("{0} is at most {1}"),
    ">": gettext_noop("{0} is more than {1}"),
    ">=": gettext_noop("{0} is at least {1}"),
}
_COMPARED_IN_TIME = {
    **_COMPARED,
    "<": gettext_noop("{0} is before {1}"),
    "<=": gettext_noop("{0} is no later than {1}"),
    ">": gettext_noop("{0} is after {1}"),
    ">=": gettext_noop("{0} is no earlier than {1}"),
}
_JOINED = {"and": gettext_noop("{0} and {1}"), "or": gettext_noop("{0} or {1}")}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_ROUNDED = {
    "floor": gettext_noop("{0} rounded down"),
    "ceil": gettext_noop("{0} rounded up"),
    "round": gettext_noop("{0} rounded"),
    "round_half_even": gettext_noop("{0} rounded"),
    "trunc": gettext_noop("{0} cut off"),
}
_PHRASES = {
    "is null": gettext_noop("{0} is not given"),
    "between": gettext_noop("{0} is between {1} and {2}"),
    "in": gettext_noop("{0} is one of {rest}"),
    "starts_with": gettext_noop("{0} starts with {1}"),
    "contains": gettext_noop("{0} contains {1}"),
    "neg": "−{0}",
    "abs": gettext_noop("{0} without its sign"),
    "sign": gettext_noop("the sign of {0}"),
    "least": gettext_noop("the least of {all}"),
    "greatest": gettext_noop("the greatest of {all}"),
    "nullif": gettext_noop("{0}, unless it is {1}"),
    "mod": gettext_noop("what is left of {0} after dividing by {1}"),
    "length": gettext_noop("the length of {0}"),
    "lower": gettext_noop("{0} in small letters"),
    "upper": gettext_noop("{0} in capitals"),
    "date": gettext_noop("the day of {0}"),
    "year": gettext_noop("the year of {0}"),
    "month": gettext_noop("the month of {0}"),
    "day": gettext_noop("the day of {0}"),
    "weekday": gettext_noop("the weekday of {0}"),
    "hour": gettext_noop("the hour of {0}"),
}
_PHRASES_DENIED = {
    "is null": gettext_noop("{0} is given"),
    "between": gettext_noop("{0} is not between {1} and {2}"),
    "in": gettext_noop("{0} is not one of {rest}"),
    "starts_with": gettext_noop("{0} does not start with {1}"),
    "contains": gettext_noop("{0} does not contain {1}"),
}
# What reads as one thing, and so needs no brackets inside something larger.
_CLOSED = ("length", "year", "month", "day", "weekday", "hour", "date", "neg", "sign")


def describe(expression: Expression, scope: Scope | None = None) -> str:
    """The expression as part of a sentence: "amount is more than 0 and channel is one of web, app".

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
            return _("{0} is true").format(name) if node.type.kind is Kind.BOOLEAN else name
        return _SAID.get(node.operator, _Speaker.phrase)(self, node)

    def name(self, field: Field) -> str:
        declared = self.scope.fields.get(field.name) if self.scope else None
        if field.name in _OWN:
            return _(_OWN[field.name])
        plain = field.name.replace("_", " ").replace(".", " ")
        if field.name.startswith("member.") and declared and declared.label == f"the member's {plain[7:]}":
            return _("the member's {name}").format(name=plain[7:])
        return (told(declared.label) if declared else "") or plain

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
        return _(phrase).format(*parts, all=", ".join(parts), rest=", ".join(parts[1:]))

    def calendar(self, call: Call) -> Callable[[Node], str]:
        """What names the numbers of months and weekdays where such a call is compared."""
        subject = call.arguments[0]
        names = _CALENDAR.get(subject.operator, ()) if isinstance(subject, Call) else ()

        def name(node: Node) -> str:
            number = node.value if isinstance(node, Literal) else None
            return _(names[number - 1]) if isinstance(number, int) and 1 <= number <= len(names) else ""

        return name

    def comparison(self, call: Call) -> str:
        in_time = call.arguments[0].type.kind in (Kind.DATE, Kind.TIMESTAMP)
        return self.filled((_COMPARED_IN_TIME if in_time else _COMPARED)[call.operator], call)

    def junction(self, call: Call) -> str:
        joined = [
            f"({self.words(part)})"
            if isinstance(part, Call) and part.operator in ("and", "or")
            else self.words(part)
            for part in call.arguments
        ]
        return reduce(lambda before, part: _(_JOINED[call.operator]).format(before, part), joined)

    def denial(self, call: Call) -> str:
        denied = call.arguments[0]
        if isinstance(denied, Field):
            return _("{0} is false").format(self.name(denied))
        if isinstance(denied, Call) and denied.operator in _PHRASES_DENIED:
            return self.filled(_PHRASES_DENIED[denied.operator], denied)
        return _("it is false that {0}").format(self.inner(denied))

    def arithmetic(self, call: Call) -> str:
        first, second = (self.inner(part) for part in call.arguments)
        return f"{first} {_SIGNS[call.operator]} {second}"

    def rounding(self, call: Call) -> str:
        inside, places = call.arguments[0], places_of(call)
        comma = "," if isinstance(inside, Call) else ""
        said = _(_ROUNDED[call.operator]).format(f"{self.words(inside)}{comma}")
        if places:
            said += ngettext(" to {n} decimal", " to {n} decimals", places).format(n=places)
        return said + (_(", halves to even") if call.operator == "round_half_even" else "")

    def coalesce(self, call: Call) -> str:
        parts = [self.inner(part) for part in call.arguments]
        first, others = parts[0], _(", or ").join(parts[1:])
        return _("{0}, or {1} where it is not given").format(first, others)

    def case(self, call: Call) -> str:
        said = [
            _("{0} when {1}").format(self.words(result), self.words(condition))
            for condition, result in branches(call)
        ]
        otherwise = call.arguments[-1]
        last = _("nothing") if text_of(otherwise) == "null" else self.words(otherwise)
        return _("{0}, otherwise {1}").format(", ".join(said), last)


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
        return value or _("empty")
    if isinstance(value, datetime.date):
        return written.day(value)
    return written.digits(text_of(literal))
