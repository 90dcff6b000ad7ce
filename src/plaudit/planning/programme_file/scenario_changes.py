"""What changes about conversations to practise, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.learning.conversations import Scenario
from plaudit.learning.definitions import Learning
from plaudit.planning.programme_file.phrases import count_text
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.scenario_facts import learning_in_force
from plaudit.planning.programme_file.wording import amount, listed, people


def scenario_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file has people practise."""
    before, after = _by_key(older.learning), _by_key(newer.learning)
    for key, one in after.items():
        words = scenario_words(newer, one)
        if key not in before:
            yield f"New to practise: {one.name} ({key}), {words}."
            continue
        was = before[key]
        said = scenario_words(older, was)
        if said != words:
            yield f"{one.name} ({key}) is now {words}; before, it was {said}."
        if was.name != one.name:
            yield f"{was.name} ({key}) is now called {one.name}."
        if was.intro != one.intro:
            yield f"{one.name} ({key}) has another introduction."
        if was.turns != one.turns:
            yield from _turns(was, one)
    for key, one in before.items():
        if key not in after:
            yield f"{one.name} ({key}) is no longer practised; who passed it stays."
    if list(before) != list(after) and set(before) == set(after):
        yield "What there is to practise stands in another order."


def refreshers(older: Programme, newer: Programme) -> Iterator[str]:
    """Which scenario whoever passed it is asked to refresh, and why, a sentence each; both files must be right."""
    before, after = _by_key(learning_in_force(older)), _by_key(learning_in_force(newer))
    for key in [each for each in after if each in before]:
        known = {rule.rule: rule.digest for rule in before[key].taught}
        changed = [
            rule.name for rule in after[key].taught if known.get(rule.rule, rule.digest) != rule.digest
        ]
        if changed:
            yield (
                f"Whoever passed {after[key].name} ({key}) is asked for a refresher, for it teaches {listed(changed)}."
            )


def _by_key(one: Learning | None) -> dict[str, Scenario]:
    return {each.key: each for each in one.scenarios} if one is not None else {}


def _turns(was: Scenario, now: Scenario) -> Iterator[str]:
    before = {one.key: one for one in was.turns}
    after = {one.key: one for one in now.turns}
    for key, one in after.items():
        if key not in before:
            yield f"{now.name} has another turn: {one.says} ({key})."
        elif before[key].says != one.says:
            yield f"In {now.name} the customer says otherwise: {one.says} ({key})."
        elif before[key] != one:
            yield f"{now.name} has other answers to: {one.says} ({key})."
    for key, one in before.items():
        if key not in after:
            yield f"{now.name} no longer has the turn: {one.says} ({key})."
    if list(before) != list(after) and set(before) == set(after):
        yield f"The turns of {now.name} stand in another order."


def scenario_words(programme: Programme, one: Scenario) -> str:
    """What it is: `a conversation of 3 turns for staff, passed with 80 percent`."""
    said = [f"a conversation of {count_text(len(one.turns), 'turn')} for {people(one.audience)}"]
    said.append(f"passed with {one.pass_percent} percent")
    if one.earn is not None:
        said.append(f"for {amount(one.earn, programme.unit(one.unit))} the first time")
    if one.teaches:
        said.append(f"on {listed(one.teaches)}")
    return ", ".join(said)
