"""What changes about conversations to practise, one plain sentence for each thing."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import joined, listed, worded
from plaudit.learning.conversations import Scenario
from plaudit.learning.definitions import Learning
from plaudit.planning.programme_file.phrase_words import counted
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.scenario_facts import learning_in_force
from plaudit.planning.programme_file.wording import amount, people


def scenario_changes(older: Programme, newer: Programme) -> Iterator[str]:
    """Every change of what a file has people practise."""
    before, after = _by_key(older.learning), _by_key(newer.learning)
    for key, one in after.items():
        words = scenario_words(newer, one)
        if key not in before:
            yield worded("New to practise: {name} ({key}), {words}.", name=one.name, key=key, words=words)
            continue
        was = before[key]
        said = scenario_words(older, was)
        if said != words:
            yield worded(
                "{name} ({key}) is now {words}; before, it was {before}.",
                name=one.name,
                key=key,
                words=words,
                before=said,
            )
        if was.name != one.name:
            yield worded(
                "{name_was} ({key}) is now called {name}.", name_was=was.name, key=key, name=one.name
            )
        if was.intro != one.intro:
            yield worded("{name} ({key}) has another introduction.", name=one.name, key=key)
        if was.turns != one.turns:
            yield from _turns(was, one)
    for key, one in before.items():
        if key not in after:
            yield worded(
                "{name} ({key}) is no longer practised; who passed it stays.", name=one.name, key=key
            )
    if list(before) != list(after) and set(before) == set(after):
        yield worded("What there is to practise stands in another order.")


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
                worded(
                    "Whoever passed {name} ({key}) is asked for a refresher, for it teaches {changed}.",
                    name=after[key].name,
                    key=key,
                    changed=listed(changed),
                )
            )


def _by_key(one: Learning | None) -> dict[str, Scenario]:
    return {each.key: each for each in one.scenarios} if one is not None else {}


def _turns(was: Scenario, now: Scenario) -> Iterator[str]:
    before = {one.key: one for one in was.turns}
    after = {one.key: one for one in now.turns}
    for key, one in after.items():
        if key not in before:
            yield worded("{name} has another turn: {says} ({key}).", name=now.name, says=one.says, key=key)
        elif before[key].says != one.says:
            yield worded(
                "In {name} the customer says otherwise: {says} ({key}).",
                name=now.name,
                says=one.says,
                key=key,
            )
        elif before[key] != one:
            yield worded(
                "{name} has other answers to: {says} ({key}).", name=now.name, says=one.says, key=key
            )
    for key, one in before.items():
        if key not in after:
            yield worded(
                "{name} no longer has the turn: {says} ({key}).", name=now.name, says=one.says, key=key
            )
    if list(before) != list(after) and set(before) == set(after):
        yield worded("The turns of {name} stand in another order.", name=now.name)


def scenario_words(programme: Programme, one: Scenario) -> str:
    """What it is: `a conversation of 3 turns for staff, passed with 80 percent`."""
    said = [
        worded(
            "a conversation of {turns} for {people}",
            turns=counted(len(one.turns), "turn"),
            people=people(one.audience),
        )
    ]
    said.append(worded("passed with {percent} percent", percent=one.pass_percent))
    if one.earn is not None:
        said.append(worded("for {amount} the first time", amount=amount(one.earn, programme.unit(one.unit))))
    if one.teaches:
        said.append(worded("on {teaches}", teaches=listed(one.teaches)))
    return joined(said)
