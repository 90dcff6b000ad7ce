"""Checks what people are asked against the rest of the file, and questions against one another."""

from __future__ import annotations

from collections.abc import Sequence

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import worded
from plaudit.planning.programme_file.own_reports import check_countable, check_not_declared
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme
from plaudit.surveys.definitions import Answered, Condition, Kind, Question, Survey
from plaudit.surveys.own_activities import OWN_TYPES

_MEASURES = (Kind.CSAT, Kind.NPS, Kind.CES, Kind.PULSE)
_POINTS_MAX = 11


def check_surveys(programme: Programme, problems: Problems) -> None:
    """Note whatever of it could not be asked or counted."""
    if programme.surveys is None:
        return
    check_not_declared(programme, OWN_TYPES, problems)
    for one in programme.surveys.surveys:
        _check_survey(programme, one, ("surveys", one.key), problems)


def _check_survey(programme: Programme, one: Survey, path: Path, problems: Problems) -> None:
    if not one.questions:
        problems.note((*path, "questions"), "Nothing is asked.", "Write a question at least.")
    if one.kind in _MEASURES and one.headline is None:
        problems.note(
            (*path, "questions"),
            worded("A survey of the kind {value} has no figure without a scale.", value=one.kind.value),
            "Ask one.",
        )
    if (
        one.kind is Kind.NPS
        and one.headline is not None
        and (one.headline.lowest, one.headline.highest) != (0, 10)
    ):
        problems.note(
            (*path, "questions", one.headline.key),
            "Readiness to recommend is asked from 0 to 10.",
            "Leave scale out.",
        )
    if one.anonymous and one.closes is None:
        problems.note(
            (*path, "anonymous"),
            "Answers without names come out eight at a time, and the last of them when the survey closes.",
            "Say its last day: closes.",
        )
    if one.anonymous and one.about_somebody:
        problems.note(
            (*path, "about_somebody"),
            "What is about somebody and comes at a known time has a name.",
            "Leave one out.",
        )
    if one.remind_days >= one.open_days:
        problems.note((*path, "remind"), "It is over by then.", "Remind earlier, or leave it open longer.")
    check_countable(programme, one.unit, one.earn, (*path, "earn"), problems)
    for number, question in enumerate(one.questions):
        _check_question(question, one.questions[:number], (*path, "questions", question.key), problems)


def _check_question(one: Question, earlier: Sequence[Question], path: Path, problems: Problems) -> None:
    if one.answered is Answered.SCALE and not 1 <= one.highest - one.lowest < _POINTS_MAX:
        problems.note((*path, "scale"), "A scale has from 2 to 11 points.", "Write it as 1 to 5, or 0 to 10.")
    if one.several and one.answered is not Answered.CHOICE:
        problems.note(
            (*path, "several"), "There is nothing to choose several of.", "Write choices, or leave it out."
        )
    for wording in one.wordings:
        if wording.choices and len(wording.choices) != len(one.choices):
            problems.note(
                (*path, "in", wording.language, "choices"),
                worded("There are {choices} choices.", choices=len(one.choices)),
                "Give every one of them, in the same order.",
            )
    if one.when is not None:
        _check_condition(one.when, earlier, (*path, "when"), problems)


def _check_condition(when: Condition, earlier: Sequence[Question], path: Path, problems: Problems) -> None:
    asked = next((one for one in earlier if one.key == when.question), None)
    if asked is None:
        known = [one.key for one in earlier]
        said = worded(
            "No earlier question is `{question}`{meant}",
            question=when.question,
            meant=did_you_mean(when.question, known),
        )
        problems.note(path, said, code="unknown_question")
    elif asked.answered is Answered.TEXT:
        problems.note(path, "Words decide nothing.", "Ask a scale or choices, and go by those.")
    elif asked.answered is Answered.CHOICE and (when.sign != "=" or when.value not in asked.choices):
        problems.note(
            path,
            worded(
                "`{value}` is none of its choices{meant}",
                value=when.value,
                meant=did_you_mean(when.value, asked.choices),
            ),
            code="unknown_choice",
        )
    elif asked.answered is Answered.SCALE and not (
        when.value.isascii() and when.value.isdigit() and asked.lowest <= int(when.value) <= asked.highest
    ):
        problems.note(
            path,
            worded("The scale goes from {lowest} to {highest}.", lowest=asked.lowest, highest=asked.highest),
            "Name one of its points.",
        )
