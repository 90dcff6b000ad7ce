"""A refusal in the language of whoever reads the page. Programs get its own English, by `say`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext

from plaudit.foundation import written
from plaudit.foundation.refusals import Refusal

# Facts that are words of ours and no names: what there is none of, what may not be done, how often.
_WORDS = frozenset({"act", "audience", "kind", "needs", "often", "state", "summary", "what", "why"})


def said(refusal: Refusal) -> str:
    """The refusal as one sentence, its facts filled in."""
    return gettext(refusal.sentence).format(**_facts(refusal))


def way_on(refusal: Refusal) -> str:
    """What to do about it, its facts filled in; empty where there is nothing to do."""
    return gettext(refusal.way_forward).format(**_facts(refusal)) if refusal.way_forward else ""


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
    if name == "ref":
        return value  # somebody's own way to name it: a number of it is not grouped
    if isinstance(value, int | date) and not isinstance(value, bool):
        return _Told(value)
    return gettext(value) if name in _WORDS and isinstance(value, str) and value else value
