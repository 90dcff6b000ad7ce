"""What changes about what people are asked, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.planning.programme_file.phrases import count_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.read_surveys import condition_text
from plaudit.planning.programme_file.wording import amount, listed, people
from plaudit.surveys.definitions import OPEN_DAYS, Answered, Question, Survey, Surveys


def survey_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file asks people."""
    before, after = _by_key(older.surveys), _by_key(newer.surveys)
    for key, one in after.items():
        words = survey_words(newer, one)
        if key not in before:
            yield f"New survey: {one.name} ({key}), {words}."
            continue
        was = before[key]
        said = survey_words(older, was)
        if said != words:
            yield f"The survey {one.name} ({key}) is now {words}; before, it was {said}."
        if was.name != one.name:
            yield f"The survey {was.name} ({key}) is now called {one.name}."
        if was.intro != one.intro:
            yield f"The survey {one.name} ({key}) has another introduction."
        yield from _questions(one, was)
    for key, one in before.items():
        if key not in after:
            yield f"The survey {one.name} ({key}) is no longer asked; its answers stay."
    if list(before) != list(after) and set(before) == set(after):
        yield "Surveys stand in another order."


def _by_key(one: Surveys | None) -> dict[str, Survey]:
    return {each.key: each for each in one.surveys} if one is not None else {}


def _questions(now: Survey, was: Survey) -> Iterator[str]:
    before = {one.key: one for one in was.questions}
    after = {one.key: one for one in now.questions}
    for key, one in after.items():
        if key not in before:
            yield f"{now.name} also asks: {one.ask} ({key}), {_answered(one)}."
        elif before[key] != one:
            yield f"{now.name} asks {key} otherwise: {one.ask}, {_answered(one)}."
    for key, one in before.items():
        if key not in after:
            yield f"{now.name} no longer asks: {one.ask} ({key}). What was answered stays."
    if list(before) != list(after) and set(before) == set(after):
        yield f"{now.name} asks in another order."


def _answered(one: Question) -> str:
    if one.answered is Answered.TEXT:
        said = ["in words"]
    elif one.answered is Answered.CHOICE:
        said = [f"{'several' if one.several else 'one'} of {listed(one.choices, 'and')}"]
    else:
        said = [f"from {one.lowest} to {one.highest}"]
    if one.optional:
        said.append("optional")
    if one.when is not None:
        said.append(f"where {condition_text(one.when)}")
    return ", ".join(said)


def survey_words(programme: Programme, one: Survey) -> str:
    """What it is: `a survey of the kind csat for 10 points, of customers, about somebody`."""
    said = [f"one of the kind {one.kind.value}"]
    if one.earn is not None:
        said[0] += f" for {amount(one.earn, programme.unit(one.unit))}"
    said.append(f"of {people(one.audience)}")
    if one.anonymous:
        said.append("without names")
    if one.about_somebody:
        said.append("about somebody")
    said.append("on one page" if one.one_page else "a question a page")
    if one.quota:
        said.append(f"for at most {count_text(one.quota, 'answer')}")
    if one.open_days != OPEN_DAYS:
        said.append(f"open for {count_text(one.open_days, 'day')}")
    if one.remind_days:
        said.append(f"with a reminder after {count_text(one.remind_days, 'day')}")
    if one.closes is not None:
        said.append(f"through {one.closes.isoformat()}")
    return ", ".join(said)
