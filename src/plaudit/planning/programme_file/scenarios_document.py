"""Conversations to practise, as the file spells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaudit.learning.conversations import PASS_PERCENT, Choice, Scenario, Turn
from plaudit.planning.programme_file.document_engaging import plain_number
from plaudit.planning.programme_file.entries import one_or_list, without_nothing
from plaudit.planning.programme_file.format_scenarios import END


def scenarios_document(scenarios: Sequence[Scenario], *, units: int) -> dict[str, Any]:
    """Every scenario, without what goes without saying."""
    return {one.key: _scenario(one, units) for one in scenarios}


def _scenario(one: Scenario, units: int) -> dict[str, Any]:
    return without_nothing(
        {
            "name": one.name,
            "intro": one.intro,
            "audience": one_or_list(one.audience) if one.audience != Scenario("", "").audience else "",
            "teaches": one_or_list(one.teaches),
            "pass": one.pass_percent if one.pass_percent != PASS_PERCENT else None,
            "earn": plain_number(one.earn),
            "unit": one.unit if units > 1 else "",
            "turns": {turn.key: _turn(turn) for turn in one.turns},
        }
    )


def _turn(one: Turn) -> dict[str, Any]:
    return {"says": one.says, "choices": {each.key: _choice(each) for each in one.choices}}


def _choice(one: Choice) -> dict[str, Any]:
    return without_nothing(
        {"say": one.say, "points": one.points or None, "because": one.because, "next": one.next or END}
    )
