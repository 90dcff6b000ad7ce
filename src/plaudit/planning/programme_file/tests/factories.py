"""Small programme files for tests: one that is right, and ways to bend it."""

from __future__ import annotations

import re
from importlib import resources
from textwrap import dedent, indent

from django.utils.translation import gettext, ngettext

from plaudit.foundation.access.wording import translated
from plaudit.foundation.worded import Worded
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.problems import FileProblem
from plaudit.planning.programme_file.programme import Programme

HEAD = {
    "plaudit": "1",
    "programme": "corner-shop",
    "name": "Corner shop",
    "time_zone": "America/New_York",
    "currency": "USD",
}

UNITS = """
    points: {one: point, other: points, worth: 0.01 USD}
"""

ACTIVITIES = """
    purchase:
      title: Purchase
      fields: {amount: decimal(2), channel: optional text}
    refund:
      title: Refund
      corrects: purchase
      part: refunded / amount
      fields: {refunded: decimal(2)}
"""

RULES = """
    purchases:
      name: 1 point per $1
      on: purchase
      earn: floor(amount)
"""


_WORD = re.compile("[A-Za-z]{2,}")
_ALIKE = {"Partner", "Segment"}
_PLACE = re.compile(r"\{[^{}]*\}")


def make_file(**sections: str) -> str:
    """A whole file: the head, a unit, two activities and a rule, unless a section says otherwise.

    A section of several lines is a map or list below its key; `""` leaves a section out.
    """
    given = {**HEAD, "units": UNITS, "activities": ACTIVITIES, "rules": RULES, **sections}
    return "".join(_section(name, text) for name, text in given.items() if text)


def _section(name: str, text: str) -> str:
    if "\n" not in text:
        return f"{name}: {text}\n"
    return f"{name}:\n{indent(dedent(text).strip(), '  ')}\n"


def make_programme(**sections: str) -> Programme:
    """The programme of such a file, which must be right."""
    parsed = parse_programme(make_file(**sections))
    assert not parsed.problems, [str(problem) for problem in parsed.problems]
    return parsed.programme


def problems_of(source: str) -> list[FileProblem]:
    """What is wrong with a file."""
    return list(parse_programme(source).problems)


def said_about(source: str) -> list[str]:
    """What is wrong with a file, as people read it."""
    return [str(problem) for problem in problems_of(source)]


def shipped_files() -> dict[str, str]:
    """The files that come with Plaudit, by the key of their programme."""
    folder = resources.files("plaudit.programmes")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): (folder / name).read_text(encoding="utf-8") for name in files}


def left_in_english(text: str) -> set[str]:
    """The messages of a sentence that say nothing in the language at work; the sentence itself where it has none."""
    if not isinstance(text, Worded):
        return {str(text)} if gettext(text) == text else set()
    own = {text.message} if _WORD.search(_PLACE.sub("", text.message)) else set()
    said = {one for one in own - _ALIKE if translated(one) == one and ngettext(one, text.many, 1) == one}
    facts = (fact for fact in text.facts.values() if isinstance(fact, Worded))
    return said.union(*map(left_in_english, facts)) if text.message else set()
