"""Checks conversations to practise: every turn is reached and leads to an end, and their facts are in force."""

from __future__ import annotations

from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.foundation.worded import worded
from plaudit.learning.conversations import Scenario, Turn
from plaudit.learning.rules.playing import reached, without_end
from plaudit.planning.programme_file.format_scenarios import END
from plaudit.planning.programme_file.own_reports import check_countable
from plaudit.planning.programme_file.problems import Path, Problems
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.scenario_facts import check_facts


def check_scenarios(programme: Programme, problems: Problems) -> None:
    """Note whatever of them could not be played, or would say what is not so."""
    for one in programme.learning.scenarios if programme.learning is not None else ():
        path: Path = ("learning", "scenarios", one.key)
        _check_turns(one, path, problems)
        check_facts(programme, one, path, problems)
        check_countable(programme, one.unit, one.earn, (*path, "earn"), problems)


def _check_turns(one: Scenario, path: Path, problems: Problems) -> None:
    if not one.turns:
        problems.note((*path, "turns"), "Nobody says anything.", "Write a turn at least.")
    known = [turn.key for turn in one.turns]
    for turn in one.turns:
        _check_turn(turn, known, (*path, "turns", turn.key), problems)
    if not problems.under(path):
        _check_ways(one, path, problems)


def _check_turn(turn: Turn, known: list[str], path: Path, problems: Problems) -> None:
    if turn.key == END:
        problems.note(
            path, worded("`{end}` is where a conversation ends.", end=END), "Give the turn another key."
        )
    if turn.choices and not turn.best:
        said = worded("No answer to it is worth points, so that nobody learns which is better.")
        problems.note((*path, "choices"), said, "Give the best of them points.", code="no_points")
    for choice in turn.choices:
        if choice.next and choice.next not in known:
            said = worded(
                "There is no turn `{key}`{meant}", key=choice.next, meant=did_you_mean(choice.next, known)
            )
            problems.note((*path, "choices", choice.key, "next"), said, code="unknown_turn")


def _check_ways(one: Scenario, path: Path, problems: Problems) -> None:
    there, astray = reached(one), set(without_end(one))
    for turn in one.turns:
        at = (*path, "turns", turn.key)
        if turn.key not in there:
            advice = worded("Name it as next of a choice, or leave it out.")
            problems.note(at, "No answer leads here.", advice, code="unreachable")
        elif turn.key in astray:
            said = worded("From here the conversation goes round for ever.")
            problems.note(
                at, said, worded("Let a choice lead to the end: next: {end}.", end=END), code="going_round"
            )
