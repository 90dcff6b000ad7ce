"""Parts of a programme in plain words: what a rule does, what a field is, when something is in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from plaudit.earning.expressions.types import FieldType
from plaudit.planning.programme_file.definitions import KeyedLimit, at_most_of
from plaudit.planning.programme_file.document import field_words, limit_words
from plaudit.planning.programme_file.phrases import (
    Quantity,
    count_text,
    expiry_text,
    moment_text,
    quantity_text,
)
from plaudit.planning.programme_file.programme import Programme, Rule, Unit, Window

KINDS = {"customer": "customers", "staff": "staff", "partner": "partners"}


def grouped(text: str) -> str:
    """The text with the thousands of its longer numbers set apart, for reading."""
    return re.sub(r"(?<![\d.])\d{5,}(?![\d])", lambda found: f"{int(found[0]):,}", text)


def listed(words: Iterable[str], joined_by: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    several = list(words)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} {joined_by} {several[-1]}"


def people(audience: Sequence[str]) -> str:
    """The kinds of members, as people say it."""
    return listed(KINDS[kind] for kind in audience) if audience else "everyone"


def amount(number: Decimal, unit: Unit) -> str:
    """`200 points`."""
    return grouped(quantity_text(Quantity(number, unit.one if number == 1 else unit.other)))


def money(number: Decimal, currency: str) -> str:
    """`2.50 USD`."""
    return grouped(quantity_text(Quantity(number, currency)))


def unit_words(unit: Unit, currency: str) -> str:
    """What holds for a unit: worth, expiry, debt, decimals."""
    facts = [
        f"worth {money(unit.worth, currency)} each" if unit.worth is not None else "with no worth in money",
        "never expiring" if not unit.expiry.stored() else f"expiring {expiry_text(unit.expiry)}",
    ]
    if unit.precision:
        facts.append(f"with {count_text(unit.precision, 'decimal')}")
    if unit.may_owe:
        facts.append("which members may owe")
    if unit.writes_off:
        facts.append("written off where a correction finds them spent")
    return ", ".join(facts)


def fields_words(fields: Iterable[tuple[str, FieldType]]) -> str:
    """`amount (decimal(2)) and channel (web or shop)`."""
    return listed(f"{name} ({field_type_words(field)})" for name, field in fields)


def field_type_words(field: FieldType) -> str:
    """A field's type: `optional decimal(2)`, `web or shop`, with its bounds."""
    words = field_words(field)
    if field.minimum is not None:
        words += f" from {field.minimum}"
    if field.maximum is not None:
        words += f" up to {field.maximum}"
    return words


def rule_words(programme: Programme, rule: Rule) -> str:
    """What a rule does: `purchase, where amount > 0, earns floor(amount) points`."""
    condition = f", where {rule.when}," if rule.when else ""
    return f"{rule.on}{condition} {effect_words(programme, rule)}"


def effect_words(programme: Programme, rule: Rule) -> str:
    """`earns floor(amount) points`, `takes 5 points`, `multiplies purchases by 2`."""
    if rule.multiply is not None:
        what = listed(rule.of) if rule.of else f"all {programme.unit(rule.unit).other}"
        return f"multiplies {what} by {rule.multiply}"
    unit = programme.unit(rule.unit)
    amount_written = rule.earn or rule.take
    name = unit.one if amount_written == "1" else unit.other
    return f"{'earns' if rule.earn else 'takes'} {amount_written} {name}"


def limit_sentence(programme: Programme, keyed: KeyedLimit) -> str:
    """The limit, with its points where it is written in money."""
    words = grouped(limit_words(programme, keyed.limit))
    limit = keyed.limit
    if limit.unit and limit.at_most.of != limit.unit:
        unit = programme.unit(limit.unit)
        points = Decimal(at_most_of(programme, limit)).scaleb(-unit.precision)
        return f"{words} (that is {amount(points, unit)})"
    return words


def window_words(window: Window) -> str:
    """`from 2026-06-01 through 2026-08-31`, with times of day where they are not midnight."""
    starts = f"from {moment_text(window.starts)}" if window.starts is not None else ""
    ends = f"{end_words(window.ends)}" if window.ends is not None else ""
    return " ".join(part for part in (starts, ends) if part) or "always"


def end_words(ends: datetime) -> str:
    """`through` the last whole day, or `until` a moment that is not included."""
    if ends.time() == time():
        return f"through {(ends - timedelta(days=1)).date().isoformat()}"
    return f"until {moment_text(ends)}"
