"""What people are asked, as its file spells it, and the activities and rules that come with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plaudit.planning.programme_file.document_engaging import plain_number
from plaudit.planning.programme_file.entries import one_or_list, without_nothing
from plaudit.planning.programme_file.own_reports import shorthand_rule
from plaudit.planning.programme_file.phrases import count_text
from plaudit.planning.programme_file.programme import Programme, Rule
from plaudit.planning.programme_file.read_surveys import condition_text
from plaudit.surveys.definitions import OPEN_DAYS, SCALES, Answered, Kind, Question, Survey, Wording
from plaudit.surveys.own_activities import COMPLETED


def surveys_document(programme: Programme) -> dict[str, Any]:
    """The section `surveys`, without what goes without saying; empty where there is none."""
    if programme.surveys is None:
        return {}
    return {one.key: _survey(one, len(programme.units)) for one in programme.surveys.surveys}


def _survey(one: Survey, units: int) -> dict[str, Any]:
    return without_nothing(
        {
            "name": one.name,
            "kind": one.kind.value,
            "intro": one.intro,
            "audience": one_or_list(one.audience),
            "anonymous": one.anonymous or None,
            "about_somebody": one.about_somebody or None,
            "one_page": one.one_page or None,
            "earn": plain_number(one.earn),
            "unit": one.unit if units > 1 else "",
            "quota": one.quota or None,
            "open": count_text(one.open_days, "day") if one.open_days != OPEN_DAYS else "",
            "remind": count_text(one.remind_days, "day") if one.remind_days else "",
            "closes": one.closes.isoformat() if one.closes is not None else "",
            "questions": {each.key: _question(each, one.kind) for each in one.questions},
        }
    )


def _question(one: Question, kind: Kind) -> dict[str, Any]:
    own_scale = one.answered is Answered.SCALE and (one.lowest, one.highest) != SCALES[kind]
    return without_nothing(
        {
            "ask": one.ask,
            "scale": f"{one.lowest} to {one.highest}" if own_scale else "",
            "low": one.low,
            "high": one.high,
            "choices": list(one.choices),
            "several": one.several or None,
            "text": True if one.answered is Answered.TEXT else None,
            "optional": one.optional or None,
            "when": condition_text(one.when) if one.when is not None else "",
            "in": {each.language: _wording(each) for each in one.wordings},
        }
    )


def _wording(one: Wording) -> dict[str, Any]:
    return without_nothing({"ask": one.ask, "low": one.low, "high": one.high, "choices": list(one.choices)})


def survey_rules(programme: Programme) -> Iterator[Rule]:
    """The rules behind what completing a survey earns. They know no answer."""
    for one in programme.surveys.surveys if programme.surveys is not None else ():
        if one.earn is not None:
            yield shorthand_rule(
                programme, "survey", one.key, name=one.name, on=COMPLETED, unit=one.unit, earn=one.earn
            )
