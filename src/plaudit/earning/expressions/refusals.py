"""The ways the expression language says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Refusal
from plaudit.foundation.worded import Worded, worded

EXCERPT_LENGTH_MAX = 60


class ExpressionRefused(Refusal):
    """An expression cannot be used; says where, and what to write instead.

    `position` counts characters from 0 and `excerpt` is the part of the expression it is about.
    """

    code = "expression_refused"
    sentence = "{advice}"

    def __init__(self, *, advice: str, position: int, excerpt: str) -> None:
        self.advice = advice if isinstance(advice, Worded) else worded(advice)
        self.position = position
        self.excerpt = shortened(excerpt)
        super().__init__(advice=self.advice, position=position, excerpt=self.excerpt)


class FieldRefused(Refusal):
    """A field's declaration contradicts itself."""

    code = "field_refused"
    sentence = "The field cannot be declared so: {fault}."

    def __init__(self, fault: str) -> None:
        super().__init__(fault=fault)


def shortened(text: str, length_max: int = EXCERPT_LENGTH_MAX) -> str:
    """The beginning of a text from outside, as long as a sentence can bear and fit for any log and database."""
    kept = text if len(text) <= length_max else text[: length_max - 1] + "…"
    return "".join(_visible(character) for character in kept)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else "\ufffd"
