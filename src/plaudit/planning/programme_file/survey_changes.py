"""What changes about what people are asked, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import joined, listed, worded, worded_count
from plaudit.planning.programme_file.phrase_words import counted
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.read_surveys import condition_text
from plaudit.planning.programme_file.wording import amount, people
from plaudit.surveys.definitions import OPEN_DAYS, Answered, Question, Survey, Surveys


def survey_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file asks people."""
    before, after = _by_key(older.surveys), _by_key(newer.surveys)
    for key, one in after.items():
        words = survey_words(newer, one)
        if key not in before:
            yield worded("New survey: {name} ({key}), {words}.", name=one.name, key=key, words=words)
            continue
        was = before[key]
        said = survey_words(older, was)
        if said != words:
            yield worded(
                "The survey {name} ({key}) is now {words}; before, it was {before}.",
                name=one.name,
                key=key,
                words=words,
                before=said,
            )
        if was.name != one.name:
            yield worded(
                "The survey {name_was} ({key}) is now called {name}.",
                name_was=was.name,
                key=key,
                name=one.name,
            )
        if was.intro != one.intro:
            yield worded("The survey {name} ({key}) has another introduction.", name=one.name, key=key)
        yield from _questions(one, was)
    for key, one in before.items():
        if key not in after:
            yield worded(
                "The survey {name} ({key}) is no longer asked; its answers stay.", name=one.name, key=key
            )
    if list(before) != list(after) and set(before) == set(after):
        yield worded("Surveys stand in another order.")


def _by_key(one: Surveys | None) -> dict[str, Survey]:
    return {each.key: each for each in one.surveys} if one is not None else {}


def _questions(now: Survey, was: Survey) -> Iterator[str]:
    before = {one.key: one for one in was.questions}
    after = {one.key: one for one in now.questions}
    for key, one in after.items():
        if key not in before:
            yield worded(
                "{name} also asks: {ask} ({key}), {answered}.",
                name=now.name,
                ask=one.ask,
                key=key,
                answered=_answered(one),
            )
        elif before[key] != one:
            yield worded(
                "{name} asks {key} otherwise: {ask}, {answered}.",
                name=now.name,
                key=key,
                ask=one.ask,
                answered=_answered(one),
            )
    for key, one in before.items():
        if key not in after:
            yield worded(
                "{name} no longer asks: {ask} ({key}). What was answered stays.",
                name=now.name,
                ask=one.ask,
                key=key,
            )
    if list(before) != list(after) and set(before) == set(after):
        yield worded("{name} asks in another order.", name=now.name)


def _answered(one: Question) -> str:
    if one.answered is Answered.TEXT:
        said = [worded("in words")]
    elif one.answered is Answered.CHOICE:
        said = [
            worded("several of {choices}", choices=listed(one.choices))
            if one.several
            else worded("one of {choices}", choices=listed(one.choices))
        ]
    else:
        said = [worded("from {lowest} to {highest}", lowest=one.lowest, highest=one.highest)]
    if one.optional:
        said.append(worded("optional"))
    if one.when is not None:
        said.append(worded("where {condition}", condition=condition_text(one.when)))
    return joined(said)


def survey_words(programme: Programme, one: Survey) -> str:
    """What it is: `a survey of the kind csat for 10 points, of customers, about somebody`."""
    said = [worded("one of the kind {kind}", kind=one.kind.value)]
    if one.earn is not None:
        said[0] += worded(" for {amount}", amount=amount(one.earn, programme.unit(one.unit)))
    said.append(worded("of {people}", people=people(one.audience)))
    if one.anonymous:
        said.append(worded("without names"))
    if one.about_somebody:
        said.append(worded("about somebody"))
    said.append(worded("on one page") if one.one_page else worded("a question a page"))
    if one.quota:
        said.append(worded("for at most {answers}", answers=counted(one.quota, "answer")))
    if one.open_days != OPEN_DAYS:
        said.append(worded("open for {days}", days=counted(one.open_days, "day")))
    if one.remind_days:
        said.append(
            worded_count(one.remind_days, "with a reminder after {n} day", "with a reminder after {n} days")
        )
    if one.closes is not None:
        said.append(worded("through {day}", day=one.closes.isoformat()))
    return joined(said)
