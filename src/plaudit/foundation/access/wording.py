"""A refusal in the language of whoever reads the page. Programs get its own English, by `say`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext

from plaudit.foundation import written
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.worded import Worded

# Facts that are words of ours and no names: what there is none of, what may not be done, how often.
_WORDS = frozenset({"act", "audience", "kind", "needs", "often", "state", "summary", "what", "why"})


def said(refusal: Refusal) -> str:
    """The refusal as one sentence, its facts filled in."""
    return gettext(refusal.sentence).format(**_facts(refusal))


def way_on(refusal: Refusal) -> str:
    """What to do about it, its facts filled in; empty where there is nothing to do."""
    return gettext(refusal.way_forward).format(**_facts(refusal)) if refusal.way_forward else ""


def translated(text: str) -> str:
    """A sentence of ours in the language of whoever reads: a message with its facts, or a message alone."""
    if not isinstance(text, Worded):
        return gettext(text) if text else ""
    if not text.message:
        return _written(text)
    if text.many:
        return ngettext(text.message, text.many, text.facts["n"]).format(**text.facts)
    facts = {name: _in_words(value) for name, value in text.facts.items()}
    said = gettext(text.message)
    return said.format(**facts) if facts else said


def _written(text: Worded) -> str:
    """A number, a day or a language, as its own language writes it."""
    match text.facts:
        case {"figure": digits}:
            return written.number(Decimal(digits), decimals=len(digits.partition(".")[2]))
        case {"day": day}:
            return written.day(day)
        case {"language": name, "code": code}:
            return f"{gettext(name)} ({code})"
        case _:
            return str(text)


def _in_words(value: Any) -> Any:
    """A fact of a sentence: told where it was worded, else as it is; numbers as their place asks for them."""
    if isinstance(value, Worded):
        return translated(value)
    return _Grouped(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _Grouped:
    """A whole number in a sentence, its thousands set apart where its place has a comma."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        return written.number(self.value) if "," in form else format(self.value, form)


def _facts(refusal: Refusal) -> dict[str, Any]:
    return {name: _fact(name, value) for name, value in refusal.facts.items()}


class _Told:
    """A number or a moment that its place in a sentence asks for, in whatever form that place was written."""

    def __init__(self, value: int | date) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        if isinstance(self.value, int):
            return written.number(self.value)
        time = ", %H:%M:%S" if "%S" in form else ", %H:%M" if "%H" in form else ""
        return written.day(self.value) + (f"{self.value:{time}}" if time else "")


def _fact(name: str, value: Any) -> Any:
    if isinstance(value, Worded):
        return translated(value)
    if name == "ref":
        return value  # somebody's own way to name it: a number of it is not grouped
    if isinstance(value, int | date) and not isinstance(value, bool):
        return _Told(value)
    return gettext(value) if name in _WORDS and isinstance(value, str) and value else value
