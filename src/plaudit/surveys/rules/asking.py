"""Which questions come next, and what is an answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plaudit.surveys.definitions import Answered, Condition, Question, Survey
from plaudit.surveys.refusals import AnswerMissing, AnswerNotPossible

WORDS_MAX = 2_000

Answers = Mapping[str, Any]
"""By question: a number of its scale, a list of choices, words, or None where it was passed over."""


def is_asked(question: Question, answers: Answers) -> bool | None:
    """Whether a question is asked; None as long as what decides that is not answered."""
    condition = question.when
    if condition is None:
        return True
    if condition.question not in answers:
        return None
    return holds(condition, answers[condition.question])


def holds(condition: Condition, answer: Any) -> bool:
    """Whether an answer is as the condition says; one that was passed over never is."""
    if answer is None:
        return False
    if isinstance(answer, int):
        wanted = int(condition.value)
        if condition.sign == "=":
            return answer == wanted
        return answer <= wanted if condition.sign == "<=" else answer >= wanted
    return condition.value in answer if isinstance(answer, list) else condition.value == answer


def to_ask(survey: Survey, answers: Answers) -> Sequence[Question]:
    """The questions that can be asked now, in order: not answered yet, and their condition known to hold.

    A question whose condition rests on one that was not asked is not asked either.
    """
    left: dict[str, Any] = dict(answers)
    found = []
    for question in survey.questions:
        if question.key in left:
            continue
        asked = is_asked(question, left)
        if asked:
            found.append(question)
        elif asked is False:
            left[question.key] = None
    return found


def read_answer(question: Question, given: Sequence[str]) -> Any:
    """What a form says in answer to a question: a number of the scale, places of choices, or words.

    Raises `AnswerMissing` and `AnswerNotPossible`.
    """
    texts = [text.strip() for text in given if text.strip()]
    if not texts:
        _pass_over(question)
        return None
    if question.answered is Answered.TEXT:
        return texts[0][:WORDS_MAX]
    if not all(text.isascii() and text.isdigit() and len(text) < 5 for text in texts):
        raise AnswerNotPossible(question=question.ask, given=texts[0])
    if question.answered is Answered.SCALE:
        return checked_answer(question, int(texts[0]))
    places = sorted({int(text) for text in texts})
    if places[-1] >= len(question.choices):
        raise AnswerNotPossible(question=question.ask, given=str(places[-1]))
    return checked_answer(question, [question.choices[place] for place in places])


def checked_answer(question: Question, answer: Any) -> Any:
    """The answer, if it is one. Raises `AnswerMissing` and `AnswerNotPossible`."""
    if answer is None or answer in ("", []):
        _pass_over(question)
        return None
    if question.answered is Answered.TEXT:
        if not isinstance(answer, str):
            raise AnswerNotPossible(question=question.ask, given=str(answer))
        words = answer.strip()[:WORDS_MAX]
        if not words:
            _pass_over(question)
        return words or None
    if question.answered is Answered.SCALE:
        if (
            isinstance(answer, bool)
            or not isinstance(answer, int)
            or not question.lowest <= answer <= question.highest
        ):
            raise AnswerNotPossible(question=question.ask, given=str(answer))
        return answer
    chosen = [answer] if isinstance(answer, str) else answer
    if not isinstance(chosen, list) or (len(chosen) > 1 and not question.several):
        raise AnswerNotPossible(question=question.ask, given=str(answer))
    for one in chosen:
        if one not in question.choices:
            raise AnswerNotPossible(question=question.ask, given=str(one))
    return [one for one in question.choices if one in chosen]


def _pass_over(question: Question) -> None:
    if not question.optional:
        raise AnswerMissing(question=question.ask)


def checked(survey: Survey, answers: Answers) -> dict[str, Any]:
    """Every answer that was asked for, in the order of the questions, without what was passed over.

    What was answered before a condition ceased to hold is left out. Raises `AnswerMissing` and
    `AnswerNotPossible`.
    """
    kept: dict[str, Any] = {}
    for question in survey.questions:
        if is_asked(question, kept):
            kept[question.key] = checked_answer(question, answers.get(question.key))
        else:
            kept[question.key] = None
    return {key: answer for key, answer in kept.items() if answer is not None}


def score_of(survey: Survey, answers: Answers) -> int | None:
    """The answer to the first scale; None where it was passed over."""
    headline = survey.headline
    return answers.get(headline.key) if headline is not None else None


def words_of(survey: Survey, answers: Answers) -> str | None:
    """The first words that were written, if any."""
    return next(
        (
            answers[one.key]
            for one in survey.questions
            if one.answered is Answered.TEXT and one.key in answers
        ),
        None,
    )
