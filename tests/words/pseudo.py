"""Two languages that nobody speaks: one with every word longer and in brackets, one from right to left as well.

Words that stand on a page without brackets were never marked for translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import override_settings
from django.utils.translation import trans_real

LONGER = "eo"
"""Esperanto's code: no catalogue of ours has it."""
RIGHT_TO_LEFT = "ar"

OPENS, CLOSES = "⟦", "⟧"
_ACCENTED = str.maketrans("aceinosuyACEINOSUY", "áçëîñöšüýÁÇËÎÑÖŠÜÝ")
_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابثدعفغهيجكلمنوبقرستشفصظزخ")
# Places for facts, tags, entities, and what is typed as it stands.
_KEPT = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]|%%|<[^>]*>|&\w+;|`[^`]*`")


class Pseudo:
    """A catalogue made as it is asked: Django reads it in place of one from a file."""

    def __init__(self, language: str) -> None:
        self.language_code = language
        self.letters = _ARABIC if language == RIGHT_TO_LEFT else _ACCENTED

    def gettext(self, message: str) -> str:
        """The message in brackets, its words longer by two fifths."""
        message = message.rpartition("\x04")[2]
        if not message.strip():
            return message
        return f"{OPENS}{''.join(self._said(part) for part in _parts(message))}{CLOSES}"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The form for that many."""
        return self.gettext(singular if number == 1 else plural)

    def language(self) -> str:
        """The code of it."""
        return self.language_code

    def to_language(self) -> str:
        """The code of it, as Django asks for it."""
        return self.language_code

    def _said(self, part: str) -> str:
        return part if _KEPT.fullmatch(part) else re.sub(r"[^\W\d_]+", self._longer, part)

    def _longer(self, found: re.Match[str]) -> str:
        word = found[0]
        more = (2 * len(word) + 4) // 5
        return (word + word[-1] * more).translate(self.letters)


def _parts(message: str) -> Iterator[str]:
    at = 0
    for kept in _KEPT.finditer(message):
        yield message[at : kept.start()]
        yield kept[0]
        at = kept.end()
    yield message[at:]


@contextmanager
def spoken() -> Iterator[None]:
    """Both languages can be chosen, like any other, while this lasts."""
    languages = [("en-gb", "English"), ("de", "Deutsch"), (LONGER, "Longer"), (RIGHT_TO_LEFT, "Backwards")]
    # Django forgets every catalogue it has read when the languages change, before and after.
    with override_settings(LANGUAGES=languages):
        kept: dict[str, Any] = vars(trans_real)["_translations"]
        kept.update({code: Pseudo(code) for code in (LONGER, RIGHT_TO_LEFT)})
        yield
