"""Random well-typed expressions and rows, for holding Python and DuckDB equal."""

from __future__ import annotations

import datetime
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from plaudit.earning.expressions import (
    FieldKind,
    FieldType,
    Scope,
    boolean,
    date,
    decimal,
    integer,
    text,
    timestamp,
)

PARIS = ZoneInfo("Europe/Paris")
FIRST_YEAR, LAST_YEAR = 1990, 2040
FIELDS: dict[str, FieldType] = {
    "amount": decimal(2, minimum=0, maximum=1_000_000),
    "delta": decimal(3, nullable=True),
    "rate": decimal(6, nullable=True, minimum=-9, maximum=9),
    "items": integer(minimum=0, maximum=100),
    "change": integer(nullable=True),
    "channel": text("web", "app", "Łódź", nullable=True),
    "note": text(),
    "vip": boolean(),
    "gift": boolean(nullable=True),
    "day": date(nullable=True),
    "occurred_at": timestamp(),
    "member.joined_at": timestamp(nullable=True),
}
SCOPE = Scope(FIELDS, subject="purchase")

_FIRST = datetime.datetime(FIRST_YEAR, 1, 1, tzinfo=datetime.UTC)
_DAYS = (LAST_YEAR - FIRST_YEAR) * 365
_NEAR = (-250, -150, -100, -50, -5, -2, -1, 0, 1, 2, 3, 5, 7, 15, 25, 50, 100, 150, 250, 350, 1_000, 2_500)
_TEXTS = ("", "web", "app", "Łódź", "it's", "a%b", "WEB")


def _number_literals() -> SearchStrategy[str]:
    small = st.integers(-12, 12).map(str)
    decimals = st.decimals(-99, 99, places=2).map(lambda number: format(number, "f"))
    return st.one_of(small, small, decimals, st.integers(0, 10**9).map(str))


def _names(kind: FieldKind) -> SearchStrategy[str]:
    return st.sampled_from([name for name, field in FIELDS.items() if field.kind is kind])


def _format(template: str, *parts: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: template.format(*found))


def numbers(depth: int) -> SearchStrategy[str]:
    leaf = st.one_of(
        _names(FieldKind.DECIMAL), _names(FieldKind.INTEGER), _names(FieldKind.DECIMAL), _number_literals()
    )
    if depth == 0:
        return leaf
    inner = st.deferred(lambda: numbers(depth - 1))
    whole = st.one_of(_names(FieldKind.INTEGER), inner.map(lambda number: f"floor({number})"))
    roundings = st.sampled_from(("floor", "ceil", "round", "round_half_even", "trunc"))
    moments = st.one_of(_names(FieldKind.TIMESTAMP), _names(FieldKind.DATE))
    return st.one_of(
        leaf,
        _format("({0} {1} {2})", inner, st.sampled_from(("+", "-", "*")), inner),
        _format("{0}({1})", roundings, inner),
        _format("{0}({1}, {2})", roundings, inner, st.integers(0, 3).map(str)),
        _format("{0}({1} / {2})", roundings, inner, inner),
        _format("{0}({1} / {2}, {3})", roundings, inner, inner, st.integers(0, 2).map(str)),
        _format("{0}({1})", st.sampled_from(("-", "abs", "sign")), inner),
        _format("{0}({1}, {2})", st.sampled_from(("least", "greatest", "coalesce", "nullif")), inner, inner),
        _format("mod({0}, {1})", whole, whole),
        _format(
            "case when {0} then {1} else {2} end", st.deferred(lambda: conditions(depth - 1)), inner, inner
        ),
        _format("case when {0} then {1} end", st.deferred(lambda: conditions(depth - 1)), inner),
        _format("length({0})", texts(depth - 1)),
        _format("{0}({1})", st.sampled_from(("year", "month", "day", "weekday")), moments),
        _format("hour({0})", _names(FieldKind.TIMESTAMP)),
    )


def texts(depth: int) -> SearchStrategy[str]:
    literal = st.sampled_from(_TEXTS).map(lambda found: "'" + found.replace("'", "''") + "'")
    leaf = st.one_of(_names(FieldKind.TEXT), _names(FieldKind.TEXT), literal)
    if depth == 0:
        return leaf
    inner = st.deferred(lambda: texts(depth - 1))
    return st.one_of(
        leaf,
        _format("{0}({1})", st.sampled_from(("lower", "upper")), inner),
        _format("coalesce({0}, {1})", inner, inner),
        _format("nullif(note, {0})", inner),
        _format(
            "case when {0} then {1} else {2} end", st.deferred(lambda: conditions(depth - 1)), inner, inner
        ),
    )


def days() -> SearchStrategy[str]:
    literal = st.sampled_from(("date '2024-02-29'", "date '2026-03-29'", "date '1999-12-31'"))
    return st.one_of(_names(FieldKind.DATE), literal, _names(FieldKind.TIMESTAMP).map("date({})".format))


def conditions(depth: int) -> SearchStrategy[str]:
    leaf = st.one_of(_names(FieldKind.BOOLEAN), st.sampled_from(("true", "false", "vip", "gift")))
    if depth == 0:
        return leaf
    inner = st.deferred(lambda: conditions(depth - 1))
    signs = st.sampled_from(("=", "<>", "<", "<=", ">", ">="))
    a_number, a_text = numbers(depth - 1), texts(depth - 1)
    return st.one_of(
        leaf,
        _format("({0} {1} {2})", inner, st.sampled_from(("and", "or", "=", "<>")), inner),
        _format("(not {0})", inner),
        _format("(not ({0} {1} {2}))", inner, st.sampled_from(("and", "or")), inner),
        _format("({0} {1} {2})", a_number, signs, a_number),
        _format("({0} {1} {2})", a_number, signs, a_number),
        _format("(note {0} {1})", signs, a_text),
        _format("({0} {1} {2})", days(), signs, days()),
        _format("({0} {1} {2})", _names(FieldKind.TIMESTAMP), signs, _names(FieldKind.TIMESTAMP)),
        _format("({0} between {1} and {2})", a_number, a_number, a_number),
        _format("({0} not between {1} and {2})", days(), days(), days()),
        _format("({0} in ({1}, {2}))", a_number, _number_literals(), _number_literals()),
        _format("(channel {0} ('web', 'Łódź'))", st.sampled_from(("in", "not in"))),
        _format("({0} is {1})", st.one_of(a_number, a_text, inner), st.sampled_from(("null", "not null"))),
        _format("{0}({1}, {2})", st.sampled_from(("starts_with", "contains")), a_text, a_text),
        _format("case when {0} then {1} else {2} end", inner, inner, inner),
        _format("coalesce({0}, {1})", inner, inner),
    )


def table(count: int) -> list[dict[str, object]]:
    """Rows of typed values of every field, as the reader gives them: the same ones each time.

    They are full of nulls, bounds, zeros and numbers half way between two others.
    """
    chance = Random(20_260_131)  # noqa: S311  # nothing is kept secret here
    return [{name: _value(field, chance) for name, field in FIELDS.items()} for _ in range(count)]


def _value(field: FieldType, chance: Random) -> object:
    if field.nullable and chance.random() < 0.3:
        return None
    if field.is_number:
        near = [number for number in _NEAR if field.low <= number <= field.high]
        anywhere = (chance.randint(field.low, field.high), field.low, field.high)
        return chance.choice((chance.choice(near), chance.choice(near), chance.choice(anywhere)))
    if field.kind is FieldKind.TEXT:
        return chance.choice(field.choices or _TEXTS)
    if field.kind is FieldKind.BOOLEAN:
        return chance.random() < 0.5
    if field.kind is FieldKind.DATE:
        return _FIRST.date() + datetime.timedelta(days=chance.randrange(_DAYS))
    return _FIRST + datetime.timedelta(seconds=chance.randrange(_DAYS * 86_400))
