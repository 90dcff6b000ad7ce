"""Reads what people are asked."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from plaudit.foundation.worded import worded
from plaudit.planning.programme_file import format_surveys as sections
from plaudit.planning.programme_file.phrases import PhraseRefused, read_day, read_wait
from plaudit.planning.programme_file.read_fields import read_audience
from plaudit.planning.programme_file.read_rules import POINTS_MAX, Setting, read_unit_key
from plaudit.planning.programme_file.reading import Place
from plaudit.surveys.definitions import (
    OPEN_DAYS,
    SCALES,
    Answered,
    Condition,
    Kind,
    Question,
    Survey,
    Surveys,
    Wording,
)

_QUOTA_MAX = 10**9


def read_scale(text: str) -> tuple[int, int]:
    """`1 to 5`."""
    found = re.fullmatch(sections.SCALE, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not a scale.", text=text), "Write its lowest and highest point: 1 to 5."
        )
    return int(found["lowest"]), int(found["highest"])


def read_condition(text: str) -> Condition:
    """`score <= 2`."""
    found = re.fullmatch(sections.CONDITION, text)
    if found is None:
        raise PhraseRefused(
            worded("`{text}` is not a condition.", text=text), "Write a question and its answer: score <= 2."
        )
    return Condition(found["question"], found["sign"], found["value"].strip())


def condition_text(one: Condition) -> str:
    """As `read_condition` reads it."""
    return f"{one.question} {one.sign} {one.value}"


def read_surveys(place: Place, *, programme: str, time_zone: str, setting: Setting) -> Surveys | None:
    """What a file asks people; None where it asks nothing."""
    if place.is_absent:
        place.check_not_empty()
        return None
    surveys = tuple(_read_survey(key, below, setting) for key, below in place.entries())
    return Surveys(programme, time_zone, surveys) if surveys else None


def _read_survey(key: str, place: Place, setting: Setting) -> Survey:
    place = place.section(sections.SURVEY)
    kind = Kind(place.at("kind").choice(tuple(Kind), Kind.QUESTIONNAIRE))
    earn = _read_earn(place.at("earn"))
    closes: date | None = place.at("closes").phrase(read_day, None)
    return Survey(
        key=key,
        name=place.at("name").text(key),
        kind=kind,
        questions=tuple(_read_question(each, below, kind) for each, below in place.at("questions").entries()),
        intro=place.at("intro").text(),
        audience=read_audience(place.at("audience")),
        anonymous=place.at("anonymous").flag(default=False),
        about_somebody=place.at("about_somebody").flag(default=False),
        one_page=place.at("one_page").flag(default=False),
        earn=earn,
        unit=read_unit_key(place, setting) if earn is not None else "",
        quota=place.at("quota").whole(1, _QUOTA_MAX) or 0,
        open_days=place.at("open").phrase(read_wait, OPEN_DAYS),
        remind_days=place.at("remind").phrase(read_wait, 0),
        closes=closes,
    )


def _read_question(key: str, place: Place, kind: Kind) -> Question:
    place = place.section(sections.QUESTION)
    choices = _read_choices(place.at("choices"))
    is_text = place.at("text").flag(default=False)
    lowest, highest = place.at("scale").phrase(read_scale, SCALES[kind])
    return Question(
        key=key,
        ask=place.at("ask").text(key),
        answered=Answered.TEXT if is_text else Answered.CHOICE if choices else Answered.SCALE,
        lowest=lowest,
        highest=highest,
        low=place.at("low").text(),
        high=place.at("high").text(),
        choices=choices,
        several=place.at("several").flag(default=False),
        optional=place.at("optional").flag(default=False),
        when=place.at("when").phrase(read_condition, None),
        wordings=tuple(
            _read_wording(language, below) for language, below in place.at("in").entries(sections.LANGUAGE, 3)
        ),
    )


def _read_wording(language: str, place: Place) -> Wording:
    place = place.section(sections.QUESTION_WORDS)
    return Wording(
        language,
        place.at("ask").text(),
        place.at("low").text(),
        place.at("high").text(),
        _read_choices(place.at("choices")),
    )


def _read_choices(place: Place) -> tuple[str, ...]:
    return tuple(below.text() for below in place.items())


def _read_earn(place: Place) -> Decimal | None:
    earn = place.number()
    if earn is not None and not 0 < earn <= POINTS_MAX:
        place.note("This is not a possible number.", "Write one above zero.")
    return earn
