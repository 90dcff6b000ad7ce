"""The elements of one JSON array of any size, holding no more than one element and one chunk of text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from plaudit.activity.files.limits import Limits
from plaudit.activity.files.refusals import FileDamaged
from plaudit.activity.files.text import Texts
from plaudit.activity.strict_json import JsonProblem, exact_number, examine

_BLANK = " \t\r\n"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


_strict = json.JSONDecoder(
    parse_float=exact_number, parse_constant=_no_constant, object_pairs_hook=_without_repeats
)
# Finds where an element ends whose content was refused.
_lenient = json.JSONDecoder(parse_float=str, parse_int=str)


def array_elements(name: str, texts: Texts, limits: Limits) -> Iterator[Any]:
    """Each element, or the JsonProblem of one whose end is known but which is refused.

    Raises FileDamaged, naming the element, where the text cannot be JSON: what follows is then unknown.
    """
    reader = _Reader(name, texts, limits)
    if reader.sign() != "[":
        raise reader.damaged("The text does not begin with [.")
    reader.at += 1
    if reader.sign() == "]":
        return
    while True:
        yield reader.element()
        sign = reader.sign()
        reader.at += 1
        if sign == "]":
            if reader.sign():
                raise reader.damaged("Text follows the end of the array.")
            return
        if sign != ",":
            raise reader.damaged("A comma or the end of the array is missing.")


class _Reader:
    """A window on the text that moves on as elements are taken."""

    def __init__(self, name: str, texts: Texts, limits: Limits) -> None:
        self._name = name
        self._texts = texts
        self._longest = limits.line_characters
        self._text = ""
        self._ended = False
        self._count = 0
        self.at = 0

    def damaged(self, found: str) -> FileDamaged:
        return FileDamaged(
            self._name, found, "Write the file anew, or as one object a line.", row=self._count or 1
        )

    def _more(self) -> bool:
        """Bring in more text; False where there is none."""
        if self._ended:
            return False
        text, self._ended = self._texts.next_text()
        self._text = self._text[self.at :] + text
        self.at = 0
        return True

    def sign(self) -> str:
        """The next character that is not blank, which is not taken; "" at the end."""
        while True:
            while self.at < len(self._text):
                if self._text[self.at] not in _BLANK:
                    return self._text[self.at]
                self.at += 1
            if not self._more():
                return ""

    def element(self) -> Any:
        self.sign()
        self._count += 1
        while True:
            try:
                value, end = _strict.raw_decode(self._text, self.at)
                if end < len(self._text) or self._ended:
                    self.at = end
                    examine(value)
                    return value
            except JsonProblem as problem:
                return problem
            except json.JSONDecodeError as error:
                if self._ended:
                    raise self.damaged(f"The element is not JSON that can be read: {error.msg}.") from None
            except RecursionError:
                raise self.damaged("The element is nested far too deep.") from None
            except (ValueError, ArithmeticError) as error:
                refused = self._past(error)
                if refused is not None:
                    return refused
            self._hold_more()

    def _hold_more(self) -> None:
        """Bring in more of an element that is not complete. Doubling what is held keeps retries few."""
        held = len(self._text) - self.at
        if held > self._longest:
            raise self.damaged(f"An element is longer than {self._longest:,} characters, or is not JSON.")
        while self._more() and len(self._text) < 2 * held:
            pass

    def _past(self, error: Exception) -> JsonProblem | None:
        """Go past an element that is refused for its content; None where its end is not yet in sight."""
        try:
            _, end = _lenient.raw_decode(self._text, self.at)
        except (ValueError, RecursionError):
            if self._ended:
                raise self.damaged("The element is not JSON that can be read.") from None
            return None
        self.at = end
        return JsonProblem("malformed", f"The element is refused: {error}.")
