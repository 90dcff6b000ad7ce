"""What a programme asks people, as its file says, and the stored form of that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from plaudit.foundation.exact import decode, encode
from plaudit.foundation.told import told, told_through

OPEN_DAYS = 30


class Kind(StrEnum):
    """What a survey measures: satisfaction, readiness to recommend, effort, mood, or whatever it asks."""

    CSAT = "csat"
    NPS = "nps"
    CES = "ces"
    PULSE = "pulse"
    QUESTIONNAIRE = "questionnaire"


SCALES = {
    Kind.CSAT: (1, 5),
    Kind.NPS: (0, 10),
    Kind.CES: (1, 7),
    Kind.PULSE: (1, 5),
    Kind.QUESTIONNAIRE: (1, 5),
}
"""The lowest and the highest point of a question that names none."""


class Answered(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


class Wording(msgspec.Struct, frozen=True):
    """A question in another language; what is left out is as in the first one."""

    language: str
    ask: str = ""
    low: str = ""
    high: str = ""
    choices: tuple[str, ...] = ()


class Condition(msgspec.Struct, frozen=True):
    """That an earlier question was answered so: `=`, `<=` or `>=` a value."""

    question: str
    sign: str
    value: str


class Question(msgspec.Struct, frozen=True):
    """One question. A scale has every whole number from `lowest` to `highest`; `low` and `high` name its ends.

    Choices are known by their words in the survey's first language. It is asked where `when` holds.
    """

    key: str
    ask: str
    answered: Answered = Answered.SCALE
    lowest: int = 1
    highest: int = 5
    low: str = ""
    high: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    optional: bool = False
    when: Condition | None = None
    wordings: tuple[Wording, ...] = ()

    def spoken(self, language: str) -> Wording:
        """The question's words in a language, or in the first one."""
        base = language.partition("-")[0]
        found = next((one for one in self.wordings if one.language == base), Wording(base))
        fits = len(found.choices) == len(self.choices)
        own = tuple(told(one) for one in self.choices)
        return Wording(
            base,
            found.ask or self.ask,
            found.low or self.low,
            found.high or self.high,
            found.choices if fits and found.choices else own,
        )


class Survey(msgspec.Struct, frozen=True):
    """One survey: what it measures, what it asks, and of whom.

    Completing it earns `earn` of the `unit`, None where only the rules say. At most `quota` answers are taken,
    0 for any number; a link can be used for `open_days`, and whoever has not used it is reminded after
    `remind_days`, 0 for never. The last day of all is `closes`. The answers of an `anonymous` one are kept
    without anything that leads to a person. One that is `about_somebody` says of a member how they served.
    """

    key: str
    name: str
    kind: Kind
    questions: tuple[Question, ...]
    intro: str = ""
    audience: tuple[str, ...] = ()
    anonymous: bool = False
    about_somebody: bool = False
    one_page: bool = False
    earn: Decimal | None = None
    unit: str = ""
    quota: int = 0
    open_days: int = OPEN_DAYS
    remind_days: int = 0
    closes: date | None = None

    def question(self, key: str) -> Question | None:
        """The question of that key."""
        return next((one for one in self.questions if one.key == key), None)

    @property
    def headline(self) -> Question | None:
        """The question whose answers are the survey's figure: its first scale."""
        return next((one for one in self.questions if one.answered is Answered.SCALE), None)


class Surveys(msgspec.Struct, frozen=True):
    """All that one version of a programme asks. Days are those of `time_zone`."""

    programme: str
    time_zone: str
    surveys: tuple[Survey, ...] = ()

    def survey(self, key: str) -> Survey | None:
        """The survey of that key."""
        return next((one for one in self.surveys if one.key == key), None)


def store_surveys(surveys: Surveys) -> dict[str, Any]:
    """The surveys as plain data for the database: the same surveys give the same data."""
    stored: dict[str, Any] = decode(encode(surveys))
    return stored


def read_surveys(stored: Mapping[str, Any]) -> Surveys:
    """The surveys behind their stored form, told to whoever reads; choices stay, for answers are known by them."""
    return told_through(msgspec.convert(stored, Surveys, strict=False))
