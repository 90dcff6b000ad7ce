"""English sentences that remember how they were made, so that a page can say them in another language.

They are texts like any other: programs and files get their English. What facts they hold, and the words those
facts were put into, is only asked for where somebody reads (`plaudit.foundation.access.wording.translated`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self


class Worded(str):
    """English made of a message and its facts. `many` is the message for counts other than one, where it counts."""

    __slots__ = ("facts", "many", "message")

    message: str
    many: str
    facts: Mapping[str, Any]

    def __new__(
        cls, english: str, message: str = "", facts: Mapping[str, Any] | None = None, many: str = ""
    ) -> Self:
        made = super().__new__(cls, english)
        made.message = message
        made.many = many
        made.facts = facts or {}
        return made

    def __add__(self, other: str) -> Worded:
        return joined((self, other), by="")

    def __radd__(self, other: str) -> Worded:
        return joined((other, self), by="")


def worded(message: str, /, **facts: Any) -> Worded:
    """The message with its facts filled in; as it stands where there are none.

    Facts that are worded themselves are told in the reader's language too.
    """
    return Worded(message.format(**facts) if facts else message, message, facts)


def worded_count(n: int, one: str, many: str) -> Worded:
    """`1 day`, `14 days`: the message for one or for many, with `{n}` filled in."""
    return Worded((one if n == 1 else many).format(n=n), one, {"n": n}, many)


def figure(digits: str) -> Worded:
    """A number that is written out in plain digits, its thousands set apart for reading from five digits on."""
    whole, point, decimals = digits.partition(".")
    number = f"{int(whole):,}" if len(whole) >= 5 and whole.isdecimal() else whole
    return Worded(f"{number}{point}{decimals}", "", {"figure": digits})


def dated(day: date, english: str) -> Worded:
    """A day, as it is written in English here; in another language as days are written in it."""
    return Worded(english, "", {"day": day})


def tongue(code: str, english: str) -> Worded:
    """What a language is called, with its code: German (de)."""
    return Worded(f"{english} ({code})", "", {"language": english, "code": code})


def joined(words: Iterable[str], by: str = ", ") -> Worded:
    """Several pieces one after another, each of them told in the reader's language."""
    several = {f"_{place}": each for place, each in enumerate(words)}
    return worded(by.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in several), **several)


def recalled(kept: str, *messages: str) -> str:
    """A sentence that was kept as its English, with what it was made of where one of these messages made it."""
    for message in messages:
        shape = "".join(
            f"(?P<{part[1:-1]}>.+)" if part.startswith("{") else re.escape(part)
            for part in re.split(r"(\{\w+\})", message)
        )
        found = re.fullmatch(shape, kept, re.DOTALL)
        if found:
            return worded(message, **found.groupdict())
    return kept


def listed(words: Iterable[str], by: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; with "or" where one of them is meant."""
    *others, last = list(words) or [""]
    if not others:
        return last
    if by == "or":
        return worded("{others} or {last}", others=joined(others), last=last)
    return worded("{others} and {last}", others=joined(others), last=last)
