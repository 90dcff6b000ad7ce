"""Reads in which language a file is written, and what it says in further ones."""

from __future__ import annotations

import re

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file import format_translations as sections
from plaudit.planning.programme_file.reading import Place


def read_language(place: Place) -> str:
    """The code of a language; "" for the organisation's."""
    code = place.text()
    if code and not re.fullmatch(sections.LANGUAGE, code):
        place.note(
            worded("`{code}` is not the code of a language.", code=code), "Write one such as en, de or pt-br."
        )
        return ""
    return code


def read_translations(place: Place) -> dict[str, dict[str, str]]:
    """By language: texts of the file, or their places, with what they are in it."""
    found: dict[str, dict[str, str]] = {}
    for language, below in place.entries(sections.LANGUAGE, sections.LANGUAGE_LENGTH_MAX):
        said = below.entries(sections.TEXT, sections.TEXT_LENGTH_MAX)
        found[language] = {text.strip(): one.text() for text, one in said}
    return {language: said for language, said in found.items() if said}
