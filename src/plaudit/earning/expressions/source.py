"""The text of an expression before it is parsed: what may stand in it at all, and where a fault lies."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

from plaudit.earning.expressions.refusals import ExpressionRefused
from plaudit.earning.expressions.syntax import NOWHERE, Span
from plaudit.earning.expressions.types import INTEGER_DIGITS_MAX, SCALE_MAX
from plaudit.foundation.worded import worded

LENGTH_MAX = 2_000

_TEXT_LITERAL = re.compile(r"'(?:[^']|'')*'")
_NUMBER_LIKE = re.compile(r"(?<![A-Za-z0-9_.])(?:[0-9]|\.[0-9])[A-Za-z0-9_.]*")
_NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_STRANGE = re.compile(r"--|/\*|\*/|==|[^A-Za-z0-9_ \t\r\n().,+\-*/<>=!']")

_INSTEAD = {
    "--": worded("Comments are not part of an expression; to subtract a negative number write - (-1)."),
    "/*": worded("Comments are not part of an expression; put the explanation in the rule's name."),
    "==": worded("Write one equals sign: =."),
    ";": worded("An expression is a single formula; remove the semicolon."),
    '"': worded("Write text in single quotes, like 'web'; names of fields take no quotes."),
    "`": worded("Write text in single quotes, like 'web'; names of fields take no quotes."),
    "%": worded("Write mod(a, b) for a remainder, and 0.1 for ten percent."),
    "^": worded("There are no powers; multiply instead."),
    "|": worded("Texts cannot be joined in an expression; write or between two conditions."),
    "&": worded("Write and between two conditions."),
    "[": worded("Lists are written in round brackets: channel in ('web', 'app')."),
    "−": worded("Write - for minus."),
    "–": worded("Write - for minus."),
    "×": worded("Write * for times."),
    "÷": worded("Write / for a division, inside a rounding: floor(a / b)."),
    "≤": worded("Write <= for at most."),
    "≥": worded("Write >= for at least."),
    "≠": worded("Write <> for is not."),
    **dict.fromkeys("‘’“”„«»", worded("Write text in straight single quotes, like 'web'.")),
    ":": worded("Write a day as date '2026-01-31'; there are no casts."),
}


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one expression, and the one place that refuses it."""

    text: str

    def refuse(self, span: Span, advice: str) -> NoReturn:
        start, end = (0, len(self.text)) if span == NOWHERE else self.closed(span)
        raise ExpressionRefused(advice=advice, position=start, excerpt=self.text[start:end])

    def check_characters(self) -> None:
        """Refuses what no expression contains, before any parser sees it: a linear pass."""
        if len(self.text) > LENGTH_MAX:
            self.refuse(
                (0, LENGTH_MAX),
                worded(
                    "An expression has at most {length_max} characters; this has more.", length_max=LENGTH_MAX
                ),
            )
        if not self.text.strip():
            self.refuse((0, 0), "The expression is empty; write one, such as amount > 0.")
        for place, character in enumerate(self.text):
            if character not in "\t\r\n" and unicodedata.category(character) in (
                "Cc",
                "Cf",
                "Cs",
                "Co",
                "Cn",
            ):
                self.refuse(
                    (place, place + 1),
                    worded("There is an invisible character (U+{code:04X}); remove it.", code=ord(character)),
                )
        code = _TEXT_LITERAL.sub(lambda found: "'" + " " * (len(found[0]) - 2) + "'", self.text)
        strange = _STRANGE.search(code)
        if strange:
            found = strange[0]
            self.refuse(
                strange.span(),
                _INSTEAD.get(found, worded("{found} is not part of the expression language.", found=found)),
            )
        if code.count("'") % 2:
            last = code.rindex("'")
            self.refuse(
                (last, len(code)), "A text is not closed; end it with ', and write '' for one inside it."
            )
        for number in _NUMBER_LIKE.finditer(code):
            self._check_number(number)

    def closed(self, span: Span) -> Span:
        """The span, stretched over the brackets that close what it opens."""
        start, end = span
        for _ in range(self.text.count("(", start, end) - self.text.count(")", start, end)):
            following = self.text[end:]
            gap = len(following) - len(following.lstrip())
            if following[gap : gap + 1] != ")":
                break
            end += gap + 1
        return (start, end)

    def _check_number(self, found: re.Match[str]) -> None:
        number = _NUMBER.fullmatch(found[0])
        if number is None:
            self.refuse(
                found.span(), "Write numbers in digits with at most one point inside, such as 1000 or 0.5."
            )
        if len(number[1]) > INTEGER_DIGITS_MAX or len(number[2] or "") > SCALE_MAX:
            limits = worded(
                "{digits} digits before the point and {decimals} after it",
                digits=INTEGER_DIGITS_MAX,
                decimals=SCALE_MAX,
            )
            self.refuse(found.span(), worded("Numbers have at most {limits}.", limits=limits))


def _unknown(character: str) -> str:
    """Names a character outside ASCII, for it may look exactly like one that is allowed."""
    if character.isascii():
        return worded("{character} is not part of the expression language.", character=character)
    name = unicodedata.name(character, "an unnamed character").lower()
    return worded("This is {name}; outside of quotes, write plain letters, digits and signs.", name=name)
