"""Parts of a programme in plain words: what a rule does, what a field is, when something is in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from plaudit.earning.expressions.types import FieldType
from plaudit.foundation.worded import Worded, joined, listed, worded
from plaudit.planning.programme_file.definitions import KeyedLimit, at_most_of
from plaudit.planning.programme_file.document import field_words, quantity_counted
from plaudit.planning.programme_file.phrase_words import (
    counted,
    expiry_words,
    limit_phrase_words,
    quantity_words,
)
from plaudit.planning.programme_file.phrases import LimitPhrase, Quantity, moment_text
from plaudit.planning.programme_file.programme import Programme, Rule, Unit, Window

KINDS = {"customer": worded("customers"), "staff": worded("staff"), "partner": worded("partners")}


def people(audience: Sequence[str]) -> str:
    """The kinds of members, as people say it."""
    return listed(KINDS[kind] for kind in audience) if audience else worded("everyone")


def amount(number: Decimal, unit: Unit) -> str:
    """`200 points`."""
    return quantity_words(Quantity(number, unit.one if number == 1 else unit.other))


def money(number: Decimal, currency: str) -> str:
    """`2.50 USD`."""
    return quantity_words(Quantity(number, currency))


def unit_words(unit: Unit, currency: str) -> str:
    """What holds for a unit: worth, expiry, debt, decimals."""
    facts = [
        worded("worth {money} each", money=money(unit.worth, currency))
        if unit.worth is not None
        else worded("with no worth in money"),
        worded("never expiring")
        if not unit.expiry.stored()
        else worded("expiring {expiry}", expiry=expiry_words(unit.expiry)),
    ]
    if unit.precision:
        facts.append(worded("with {precision}", precision=counted(unit.precision, "decimal")))
    if unit.may_owe:
        facts.append(worded("which members may owe"))
    if unit.writes_off:
        facts.append(worded("written off where a correction finds them spent"))
    return joined(facts)


def fields_words(fields: Iterable[tuple[str, FieldType]]) -> str:
    """`amount (decimal(2)) and channel (web or shop)`."""
    return listed(joined((name, " (", field_type_words(field), ")"), by="") for name, field in fields)


def field_type_words(field: FieldType) -> str:
    """A field's type: `optional decimal(2)`, `web or shop`, with its bounds."""
    words = field_words(field)
    if field.minimum is not None:
        words += worded(" from {minimum}", minimum=field.minimum)
    if field.maximum is not None:
        words += worded(" up to {maximum}", maximum=field.maximum)
    return words


def rule_words(programme: Programme, rule: Rule) -> str:
    """What a rule does: `purchase, where amount > 0, earns floor(amount) points`."""
    effect = effect_words(programme, rule)
    if not rule.when:
        return joined((rule.on, effect), by=" ")
    return worded(
        "{activity}, where {condition}, {effect}", activity=rule.on, condition=rule.when, effect=effect
    )


def effect_words(programme: Programme, rule: Rule) -> str:
    """`earns floor(amount) points`, `takes 5 points`, `multiplies purchases by 2`."""
    unit = programme.unit(rule.unit)
    if rule.multiply is not None:
        what = listed(rule.of) or worded("all {unit}", unit=unit.other)
        return worded("multiplies {what} by {factor}", what=what, factor=rule.multiply)
    number = rule.earn or rule.take
    many = f"{number} {unit.one if number == '1' else unit.other}"
    return worded("earns {amount}", amount=many) if rule.earn else worded("takes {amount}", amount=many)


def limit_sentence(programme: Programme, keyed: KeyedLimit) -> str:
    """The limit, with its points where it is written in money."""
    limit = keyed.limit
    counts = quantity_counted(programme, limit)
    words = limit_phrase_words(LimitPhrase(counts, limit.every, limit.per, limit.partial))
    if limit.unit and limit.at_most.of != limit.unit:
        unit = programme.unit(limit.unit)
        points = Decimal(at_most_of(programme, limit)).scaleb(-unit.precision)
        return worded("{words} (that is {amount})", words=words, amount=amount(points, unit))
    return words


def window_words(window: Window) -> str:
    """`from 2026-06-01 through 2026-08-31`, with times of day where they are not midnight."""
    said = [worded("from {moment}", moment=moment_text(window.starts))] if window.starts is not None else []
    said += [end_words(window.ends)] if window.ends is not None else []
    return joined(said, by=" ") if said else worded("always")


def end_words(ends: datetime) -> Worded:
    """`through` the last whole day, or `until` a moment that is not included."""
    if ends.time() == time():
        return worded("through {day}", day=(ends - timedelta(days=1)).date().isoformat())
    return worded("until {moment}", moment=moment_text(ends))
