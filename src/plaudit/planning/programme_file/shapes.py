"""What may stand at a place of the file: in words for people, and as JSON Schema for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plaudit.foundation.currencies import CURRENCIES
from plaudit.planning.programme_file import phrases

KEY = r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*"
KEY_LENGTH_MAX = 50
ACTIVITY_KEY = r"[A-Za-z][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*"
ACTIVITY_KEY_LENGTH_MAX = 100
FIELD_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
AUDIENCE = ("customer", "staff", "partner")

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of value. `words` name it in the reference, `schema` describes it to an editor."""

    words: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a section: what it holds and means, an example of it, and what goes without saying."""

    name: str
    shape: Shape
    meaning: str
    example: str
    required: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of map in the file. Exactly one of the keys in `one_of` stands in it; never two of `apart`."""

    name: str
    title: str
    intro: str
    keys: tuple[Key, ...]
    one_of: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    def key(self, name: str) -> Key:
        """The key of that name."""
        return next(key for key in self.keys if key.name == name)


def phrase(words: str, pattern: str) -> Shape:
    """A phrase with one spelling."""
    return Shape(words, {"type": "string", "pattern": phrases.schema_pattern(pattern)})


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def one_of_words(words: tuple[str, ...]) -> Shape:
    """One of a few words."""
    return Shape(" or ".join(f"`{word}`" for word in words), {"enum": list(words)})


def one_or_list(shape: Shape, noun: str) -> Shape:
    """One, or several in a list."""
    several = {"type": "array", "items": shape.schema, "minItems": 1}
    return Shape(f"{shape.words}, or a list of {noun}", {"anyOf": [shape.schema, several]})


def map_of(noun: str, pattern: str, length_max: int, inside: Schema) -> Shape:
    """A map from names to things of one kind, in an order that counts."""
    names = {"pattern": phrases.schema_pattern(pattern), "maxLength": length_max}
    return Shape(f"map of {noun}", {"type": "object", "propertyNames": names, "additionalProperties": inside})


def section_map(noun: str, section: str) -> Shape:
    """A map of sections by their keys."""
    return map_of(noun, KEY, KEY_LENGTH_MAX, _reference(section))


_ONE_PIECE: list[str] = ["string", "number", "boolean"]

TEXT = Shape("text", {"type": _ONE_PIECE})
TRANSLATABLE = "translatable"
"""How the schema marks what people read, which `translations` can give in further languages."""
WORDS = Shape("text, translatable", {"type": _ONE_PIECE, "$comment": TRANSLATABLE})
EXPRESSION = Shape("expression", {"type": _ONE_PIECE})
FLAG = Shape("`true` or `false`", {"type": "boolean"})
NAME = Shape("key", {"type": "string", "pattern": phrases.schema_pattern(KEY), "maxLength": KEY_LENGTH_MAX})
ACTIVITY_NAME = Shape(
    "an activity's key", {"type": "string", "pattern": phrases.schema_pattern(ACTIVITY_KEY)}
)
RULE_NAMES = one_or_list(Shape("a rule's key", NAME.schema), "them")
VERSION = Shape("`1`", {"const": 1})
TIME_ZONE = Shape("time zone", {"type": "string", "pattern": "^[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*$"})
CURRENCY = Shape("currency", {"enum": sorted(CURRENCIES)})
DECIMALS = Shape("0 to 4", {"type": "integer", "minimum": 0, "maximum": 4})
COUNT = Shape("whole number", {"type": "integer", "minimum": 1, "maximum": 10**9})
FACTOR = Shape("number above 1", {"type": "number", "exclusiveMinimum": 1, "maximum": 1000})
NUMBER = Shape("number", {"type": "number"})
NUMBER_OR_NEVER = Shape(
    "number or `never`", {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"const": "never"}]}
)
MONEY = phrase("money", phrases.MONEY)
QUANTITY = phrase("amount", phrases.QUANTITY)
LIMIT_PHRASE = phrase("limit", phrases.LIMIT)
LADDER = Shape(
    "list of steps",
    {
        "type": "array",
        "items": phrase("step", phrases.STEP).schema,
        "minItems": 1,
        "maxItems": 100,
        "uniqueItems": True,
    },
)
PERCENT = Shape("1 to 100", {"type": "integer", "minimum": 1, "maximum": 100})
PER_MEMBER = phrase("how often", phrases.PER_MEMBER)
WAIT = phrase("days or weeks", phrases.WAIT)
PENDING = phrase("days, weeks, or `until` an activity", phrases.PENDING)
EXPIRY = phrase("expiry", phrases.EXPIRY)
BEGINNING = phrase("day or moment", phrases.BEGINNING)
LAST_DAY = phrase("day", phrases.DAY)
MOMENT = phrase("moment", phrases.MOMENT)
PART = phrase("field / field", phrases.PART)
FIELD_TYPE = phrase("type", phrases.FIELD)
CHOICES = Shape(
    "list of texts",
    {"type": "array", "items": {"type": _ONE_PIECE}, "minItems": 1, "maxItems": 200, "uniqueItems": True},
)
WORDS_LIST = Shape("list of texts, translatable", {**CHOICES.schema, "items": WORDS.schema})
FIELD = Shape(
    "type, list of choices, or a field in long form",
    {"anyOf": [FIELD_TYPE.schema, CHOICES.schema, _reference("field")]},
)
FIELDS = map_of("fields", FIELD_NAME, KEY_LENGTH_MAX, FIELD.schema)
EDITIONS = one_or_list(Shape("whole number", {"type": "integer", "minimum": 1, "maximum": 10**6}), "them")
AUDIENCES = one_or_list(one_of_words(AUDIENCE), "them")
LIMIT = Shape("limit", {"anyOf": [LIMIT_PHRASE.schema, _reference("limit")]})
LIMITS = one_or_list(LIMIT, "limits")
ACTIVITIES = map_of("activities", ACTIVITY_KEY, ACTIVITY_KEY_LENGTH_MAX, _reference("activity"))
OBJECTIVES = map_of("texts", KEY, KEY_LENGTH_MAX, TEXT.schema)
FACTS = map_of("values by field", FIELD_NAME, KEY_LENGTH_MAX, {"type": [*_ONE_PIECE, "null"]})
AMOUNTS = map_of("numbers by unit", KEY, KEY_LENGTH_MAX, NUMBER.schema)


def list_of(section: str, words: str) -> Shape:
    """A list of sections."""
    return Shape(words, {"type": "array", "items": _reference(section), "minItems": 1})
