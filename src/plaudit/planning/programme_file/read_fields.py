"""Reads units, activities and fields: what is counted, what can happen and what is known of it."""

from __future__ import annotations

import re
from decimal import Decimal

from plaudit.earning.compiling import MEMBER_KINDS
from plaudit.earning.expressions.parse import parse
from plaudit.earning.expressions.refusals import ExpressionRefused, FieldRefused
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.earning.expressions.syntax import Field
from plaudit.earning.expressions.types import FieldKind, FieldType
from plaudit.foundation.currencies import CURRENCIES, minor_digits
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file import format as sections
from plaudit.planning.programme_file.phrases import (
    FIELD,
    PART,
    Expiry,
    PhraseRefused,
    Quantity,
    read_expiry,
    read_money,
)
from plaudit.planning.programme_file.programme import APPROVAL_FROM, Activity, Unit
from plaudit.planning.programme_file.reading import Place
from plaudit.planning.programme_file.shapes import (
    ACTIVITY_KEY,
    ACTIVITY_KEY_LENGTH_MAX,
    FIELD_NAME,
    KEY_LENGTH_MAX,
)
from plaudit.planning.programme_file.tree import Items, Text

UNIT_WORDS_TAKEN = ("times", "time", "once", "twice")
FIELD_NAMES_TAKEN = ("occurred_at", "member", "data", "original")
MEMBER_NAMES_TAKEN = ("kind",)
MONEY_MAX = 10**12
_VALUE_MAX = 10**18

_MEANT = {
    "string": "text",
    "str": "text",
    "varchar": "text",
    "int": "integer",
    "number": "integer or decimal(2)",
    "whole": "integer",
    "float": "decimal(2)",
    "decimal": "decimal(2)",
    "money": "decimal(2)",
    "bool": "boolean",
    "flag": "boolean",
    "datetime": "timestamp",
    "time": "timestamp",
    "moment": "timestamp",
    "day": "date",
}


def read_units(place: Place, currency: str) -> tuple[Unit, ...]:
    """Every unit, faulty ones with what could be read of them."""
    return tuple(_read_unit(key, below, currency) for key, below in place.entries())


def _read_unit(key: str, place: Place, currency: str) -> Unit:
    if key in UNIT_WORDS_TAKEN:
        place.note(
            worded("A unit cannot be called `{key}`: limits count times by that word.", key=key),
            "Choose another key.",
        )
    place = place.section(sections.UNIT)
    for name in ("one", "other"):
        _check_unit_name(place.at(name))
    precision = place.at("precision").whole(0, 4) or 0
    return Unit(
        key=key,
        one=place.at("one").text(key),
        other=place.at("other").text(key),
        precision=precision,
        worth=_read_worth(place.at("worth"), currency, precision),
        expiry=place.at("expires").phrase(read_expiry, Expiry()),
        may_owe=place.at("may_owe").flag(default=False),
        writes_off=_read_writes_off(place),
        approval_from=_read_approval(place.at("approval_from"), precision),
    )


def _read_writes_off(place: Place) -> bool:
    """Whether a shortfall is written off, which makes no sense where it is owed."""
    writes_off = place.at("writes_off").flag(default=False)
    if writes_off and place.at("may_owe").flag(default=False):
        place.at("writes_off").note(
            "What a member may owe is not written off.", "Say either `may_owe: true` or `writes_off: true`."
        )
        return False
    return writes_off


def _read_approval(place: Place, precision: int) -> Decimal | None:
    """From how much on an adjustment needs a second person; `never` for none."""
    if place.is_absent or place.text() == "never":
        return APPROVAL_FROM if place.is_absent else None
    number = place.number()
    if number is not None and (number <= 0 or number != round(number, precision)):
        place.note("This is not a possible amount.", "Write a number above zero, such as 500, or never.")
    return number if number is not None else APPROVAL_FROM


def _check_unit_name(place: Place) -> None:
    """A unit's name must be able to stand in a limit: `at most 500 gold stars a day`."""
    name = place.text()
    if name.lower() in UNIT_WORDS_TAKEN:
        place.note(
            worded("A unit cannot be called `{name}`: limits count times by that word.", name=name),
            "Choose another name.",
        )
    elif re.fullmatch(r"[A-Z]{3}", name):
        place.note(
            worded("`{name}` looks like a currency.", name=name),
            "Choose another name, or write it in small letters.",
        )
    elif name and not re.fullmatch(r"[^ ,0-9][^ ,]*(?: [^ ,]+){0,2}", name):
        place.note(
            "A unit's name is one to three words.", "Write a short name without commas, such as gold stars."
        )


def _read_worth(place: Place, currency: str, precision: int) -> Decimal | None:
    worth = read_amount_of_money(place, currency, decimals_max=9)
    if worth is None:
        return None
    if not value_minor_per_million(worth, currency, precision):
        place.note(
            "This is too little or too finely divided to count with.",
            "Use at most six decimals of a cent, above zero.",
        )
        return None
    return worth


def value_minor_per_million(worth: Decimal, currency: str, precision: int) -> int | None:
    """What a million smallest parts are worth in minor units of the currency; None where it is no whole number."""
    value = worth.scaleb(minor_digits(currency) + 6 - precision)
    return int(value) if value == value.to_integral_value() and 0 < value < _VALUE_MAX else None


def read_amount_of_money(place: Place, currency: str, *, decimals_max: int | None = None) -> Decimal | None:
    """An amount of money in the programme's currency; no finer than its smallest coin unless said."""
    money = place.phrase(read_money, Quantity(Decimal(0), ""))
    if not money.of:
        return None
    check_currency(place, money.of, currency)
    if money.number > MONEY_MAX:
        place.note("This is more money than can be counted.", "Lower it.")
        return None
    digits = minor_digits(money.of) if decimals_max is None else decimals_max
    if money.number != round(money.number, digits):
        place.note(worded("{of} has {digits} decimals.", of=money.of, digits=digits), "Leave the others off.")
        return None
    return money.number


def check_currency(place: Place, written: str, currency: str) -> None:
    """Note money in any other currency than the programme's."""
    if currency and currency not in CURRENCIES:
        return  # said already
    if not currency:
        place.note(
            "The programme has no currency.",
            worded("Add currency: {written} near the top of the file.", written=written),
        )
    elif written != currency:
        place.note(
            worded(
                "This is in {written}, and the programme counts in {currency}.",
                written=written,
                currency=currency,
            ),
            worded("Write it in {currency}.", currency=currency),
        )


def read_activities(place: Place) -> tuple[Activity, ...]:
    """Every activity."""
    return tuple(
        _read_activity(key, below) for key, below in place.entries(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX)
    )


def _read_activity(key: str, place: Place) -> Activity:
    place = place.section(sections.ACTIVITY)
    part = place.at("part")
    return Activity(
        key=key,
        title=place.at("title").text(key),
        description=place.at("description").text(),
        fields=read_fields(place.at("fields"), FIELD_NAMES_TAKEN),
        extra_fields=place.at("extra_fields").flag(default=True),
        corrects=place.at("corrects").name(ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX),
        part=part.phrase(_read_part, ""),
        enrols=place.at("enrols").choice(MEMBER_KINDS, ""),
    )


def _read_part(text: str) -> str:
    found = re.fullmatch(PART, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not a part.", text=text),
            "Write a field over a field, such as refunded / amount.",
        )
    return f"{found['part']}/{found['whole']}"


def read_fields(place: Place, taken: tuple[str, ...]) -> dict[str, FieldType]:
    """The fields of an activity or a member; faulty ones are left out."""
    fields = {}
    for name, below in place.entries(FIELD_NAME, KEY_LENGTH_MAX):
        if name in taken:
            below.note(
                worded("`{name}` means something already.", name=name),
                "Choose another name for the field.",
                code="name",
            )
        elif not _can_be_named(name):
            below.note(
                worded("`{name}` is a word of the expression language.", name=name),
                "Choose another name for the field.",
                code="name",
            )
        field = _read_field(below)
        if field is not None:
            fields[name] = field
    return fields


def _can_be_named(name: str) -> bool:
    """Whether an expression can name this field."""
    try:
        return isinstance(parse(name), Field)
    except ExpressionRefused:
        return False


def _read_field(place: Place) -> FieldType | None:
    if isinstance(place.tree, Items):
        return _made(place, FieldKind.TEXT, choices=_read_choices(place))
    if isinstance(place.tree, Text):
        return place.phrase(_read_type, None)
    before = len(place.problems.found)
    place = place.section(sections.FIELD)
    declared = place.at("type").phrase(_read_type, None)
    if len(place.problems.found) > before:
        return None
    bounds = {name: place.at(name).number() for name in ("min", "max")}
    return _made(
        place,
        declared.kind if declared else FieldKind.TEXT,
        scale=declared.scale if declared else 0,
        nullable=place.at("optional").flag(default=declared.nullable if declared else False),
        choices=_read_choices(place.at("choices")),
        label=place.at("label").text(),
        minimum=bounds["min"],
        maximum=bounds["max"],
    )


def _read_choices(place: Place) -> tuple[str, ...]:
    return tuple(below.text() for below in place.items())


def _made(
    place: Place,
    kind: FieldKind,
    *,
    scale: int = 0,
    nullable: bool = False,
    choices: tuple[str, ...] = (),
    label: str = "",
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
) -> FieldType | None:
    """The field, or a problem where its declaration contradicts itself."""
    if "" in choices:
        place.note("A choice is empty.", "Write a text, or make the field optional.")
    try:
        return FieldType(kind, nullable, scale, minimum, maximum, choices, label)
    except FieldRefused as refused:
        place.note(worded(refused.sentence, **refused.facts), code="field")
        return None


def _read_type(text: str) -> FieldType:
    found = re.fullmatch(FIELD, text)
    if found is None:
        bare = re.sub(r"[^a-z].*", "", text.lower().removeprefix("optional "))
        if bare in _MEANT:
            advice = worded(
                "Write {type}, with `optional` before it if it may be missing.", type=_MEANT[bare]
            )
        elif text.endswith("?"):
            advice = worded("If it may be missing, write optional {text}.", text=text[:-1])
        else:
            kinds = ["integer", "decimal(2)", "text", "boolean", "date", "timestamp"]
            advice = worded(
                "A list of choices is written [web, shop], and this is no type{meant}",
                meant=did_you_mean(text, kinds),
            )
        raise PhraseRefused(worded("`{text}` is not a type.", text=text), advice)
    kind = FieldKind(found["kind"]) if found["kind"] else FieldKind.DECIMAL
    return FieldType(kind, nullable=bool(found["optional"]), scale=int(found["scale"] or 0))


def read_audience(place: Place) -> tuple[str, ...]:
    """The kinds of members, in one fixed order; all of them is the same as none named."""
    named = {below.choice(MEMBER_KINDS, "") for below in place.one_or_more()} - {""}
    return tuple(kind for kind in MEMBER_KINDS if kind in named) if len(named) < len(MEMBER_KINDS) else ()
