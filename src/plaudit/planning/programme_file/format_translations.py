"""The format of translations, key by key."""

from __future__ import annotations

from plaudit.planning.programme_file import shapes
from plaudit.planning.programme_file.shapes import Key, map_of

LANGUAGE = r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*"
LANGUAGE_LENGTH_MAX = 20
TEXT = r"(?s).+"
TEXT_LENGTH_MAX = 10_000

LANGUAGE_KEY = Key(
    "language",
    shapes.phrase("language", LANGUAGE),
    "The language the file's texts are written in: a code such as `en` or `pt-br`.",
    "en",
    default="the organisation's",
)
TRANSLATIONS_KEY = Key(
    "translations",
    map_of(
        "texts by language",
        LANGUAGE,
        LANGUAGE_LENGTH_MAX,
        {"type": "object", "additionalProperties": shapes.TEXT.schema},
    ),
    "What people read in further languages: each text as it is written, or `/` and its place, and what it is "
    "in the other language.",
    "{de: {Coffee: Kaffee, /rewards/coffee/terms: Nur solange der Vorrat reicht.}}",
    default="none",
)
