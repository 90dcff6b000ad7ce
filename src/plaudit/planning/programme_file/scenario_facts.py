"""The facts in a scenario's texts, drawn from the rules in force, and the rules that it teaches by them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import translation
from msgspec.structs import replace

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.exact import encode
from plaudit.foundation.languages import ENGLISH
from plaudit.foundation.worded import worded
from plaudit.learning.conversations import Scenario, Taught
from plaudit.learning.definitions import Learning
from plaudit.planning.programme_file.document import rule_document
from plaudit.planning.programme_file.examples import Running
from plaudit.planning.programme_file.fact_wording import Wording
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Example, Programme, Rule
from plaudit.planning.programme_file.shapes import FIELD_NAME, KEY

FACT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_OF_UNIT = re.compile(rf"expiry of (?P<unit>{KEY})")
_OF_RULE = re.compile(rf"(?P<rule>{KEY})(?:\s*:\s*(?P<given>.+))?", re.DOTALL)
_GIVEN = re.compile(rf"(?P<name>{FIELD_NAME})\s*=\s*(?P<value>.+)", re.DOTALL)

# What a rule is called and tried with changes nothing of what it does.
_SAID_ONLY = ("name", "because", "objective", "examples")


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact that a text asks for: of a unit, of a rule, or what a rule earns for something given."""

    unit: str = ""
    rule: str = ""
    given: tuple[tuple[str, str], ...] | None = None


def learning_in_force(programme: Programme) -> Learning | None:
    """What is published to be learned: scenarios with their facts, and the rules that they teach."""
    learning = programme.learning
    if learning is None or not learning.scenarios:
        return learning
    problems = Problems()
    running = Running(programme, problems)
    with in_words_of_the_file(programme) as wording:
        scenarios = tuple(_in_force(running, wording, one) for one in learning.scenarios)
    assert not problems.found, "a file with a fact at fault is not published"
    return replace(learning, scenarios=scenarios)


@contextmanager
def in_words_of_the_file(programme: Programme) -> Iterator[Wording]:
    """How facts are said in texts as they are written: in the file's language, in English where it names none."""
    with translation.override(programme.language or ENGLISH):
        yield Wording(programme, {})


def rules_taught(programme: Programme, one: Scenario) -> list[Rule]:
    """The rules that a scenario teaches by name, or by a fact in a text, in the order of their keys."""
    facts = (_read(written) for _, text in texts_of(one) for written in FACT.findall(text))
    keys = {*one.teaches, *(fact.rule for fact in facts if fact is not None)} - {""}
    return sorted((rule for rule, _ in programme.all_rules() if rule.key in keys), key=lambda rule: rule.key)


def facts_in(text: str) -> set[str]:
    """The facts that a text asks for, as they are written, whatever the blanks around them."""
    return {written.strip() for written in FACT.findall(text)}


def check_facts(programme: Programme, one: Scenario, path: Path, problems: Problems) -> None:
    """Note facts that nothing says, and rules to teach that there are not."""
    rules = [rule.key for rule, _ in programme.all_rules()]
    for key in one.teaches:
        if key and key not in rules:
            said = worded("There is no rule `{key}`{meant}", key=key, meant=did_you_mean(key, rules))
            problems.note((*path, "teaches"), said, code="unknown_rule")
    for at, text in texts_of(one):
        for written in FACT.findall(text):
            _check_fact(programme, written, (*path, *at), rules, problems)


def check_facts_earn(programme: Programme, problems: Problems) -> None:
    """Work out every fact; the programme must have no other problem."""
    if programme.learning is None or not programme.learning.scenarios:
        return
    running = Running(programme, problems)
    with in_words_of_the_file(programme) as wording:
        for one in programme.learning.scenarios:
            for at, text in texts_of(one):
                filled(running, wording, text, ("learning", "scenarios", one.key, *at))


def texts_of(one: Scenario) -> Iterator[tuple[Path, str]]:
    """Every text of a scenario that may hold facts, with its place."""
    yield ("intro",), one.intro
    for turn in one.turns:
        yield ("turns", turn.key, "says"), turn.says
        for choice in turn.choices:
            at = ("turns", turn.key, "choices", choice.key)
            yield (*at, "say"), choice.say
            yield (*at, "because"), choice.because


def _check_fact(programme: Programme, written: str, path: Path, rules: list[str], problems: Problems) -> None:
    fact = _read(written)
    units = [unit.key for unit in programme.units]
    if fact is None:
        problems.note(
            path,
            worded("`{{{{{written}}}}}` is no fact.", written=written),
            "Write {{ a-rule }}, {{ a-rule: amount=30 }} or {{ expiry of points }}.",
            code="unknown_fact",
        )
    elif fact.unit and fact.unit not in units:
        problems.note(
            path,
            worded("There is no unit `{key}`{meant}", key=fact.unit, meant=did_you_mean(fact.unit, units)),
            code="unknown_unit",
        )
    elif fact.rule and fact.rule not in rules:
        problems.note(
            path,
            worded("There is no rule `{key}`{meant}", key=fact.rule, meant=did_you_mean(fact.rule, rules)),
            code="unknown_rule",
        )


def _read(written: str) -> _Fact | None:
    text = written.strip()
    unit = _OF_UNIT.fullmatch(text)
    if unit is not None:
        return _Fact(unit=unit["unit"])
    rule = _OF_RULE.fullmatch(text)
    if rule is None:
        return None
    if rule["given"] is None:
        return _Fact(rule=rule["rule"])
    pairs = [_GIVEN.fullmatch(each.strip()) for each in rule["given"].split(",")]
    if not all(pairs):
        return None
    given = tuple((pair["name"], pair["value"].strip()) for pair in pairs if pair is not None)
    return _Fact(rule=rule["rule"], given=given)


def _in_force(running: Running, wording: Wording, one: Scenario) -> Scenario:
    taught = tuple(_taught(wording, rule) for rule in rules_taught(running.programme, one))
    return replace(_with_texts(one, lambda text: filled(running, wording, text, ())), taught=taught)


def _with_texts(one: Scenario, change: Callable[[str], str]) -> Scenario:
    turns = tuple(
        replace(
            turn,
            says=change(turn.says),
            choices=tuple(
                replace(choice, say=change(choice.say), because=change(choice.because))
                for choice in turn.choices
            ),
        )
        for turn in one.turns
    )
    return replace(one, intro=change(one.intro), turns=turns)


def _taught(wording: Wording, rule: Rule) -> Taught:
    written = rule_document(wording.programme, rule)
    document = {name: value for name, value in written.items() if name not in _SAID_ONLY}
    digest = hashlib.sha256(encode(document).encode()).hexdigest()
    return Taught(rule.key, rule.name, wording.rule(rule), digest)


def filled(running: Running, wording: Wording, text: str, path: Path) -> str:
    """The text with its facts in these words. Notes facts whose values do not fit."""
    return FACT.sub(lambda found: _said(running, wording, _read(found[1]), path), text)


def _said(running: Running, wording: Wording, fact: _Fact | None, path: Path) -> str:
    programme = running.programme
    assert fact is not None, "a file with a fact at fault is not read any further"
    if fact.unit:
        return wording.expiry(programme.unit(fact.unit).expiry)
    rule = next(rule for rule, _ in programme.all_rules() if rule.key == fact.rule)
    if fact.given is None:
        return wording.effect(rule)
    wanted = running.wanted(rule, Example(on=rule.on, given=dict(fact.given)), path)
    return wording.amount(wanted or 0, programme.unit(rule.unit))
