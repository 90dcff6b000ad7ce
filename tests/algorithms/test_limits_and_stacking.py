"""Executes the tables of limits-and-stacking.md through the rules of a programme file."""

from __future__ import annotations

from datetime import date

import pytest

from plaudit.earning.definitions import Definition, Every, Limit, Of, Per
from plaudit.earning.limits import Use, grant
from plaudit.earning.uses import crossings
from plaudit.planning.programme_file.definitions import definition_of
from plaudit.planning.programme_file.tests.factories import make_programme
from tests.algorithms.worked import Row, worked

PURCHASES = "purchases: {name: Purchases, on: purchase, earn: floor(amount)}\n"


def numbers(cell: str) -> list[str]:
    """The numbers of a cell, which are written with commas between."""
    return cell.split(", ")


def granted(definition: Definition, wanted: int, used: dict[Use, int]) -> dict[str, int]:
    """What one purchase on 1 June is granted, by rule."""
    grants, _ = grant(
        [(rule, wanted) for rule in definition.rules],
        stacking=definition.stacking,
        day=date(2026, 6, 1),
        member="ada",
        teams=(),
        used=used,
    )
    return {one.rule.key: one.amount for one in grants}


@pytest.mark.parametrize("row", worked("limits-and-stacking", "stacking"), ids=str)
def test_multipliers_stack_as_the_table_says(row: Row) -> None:
    factors = numbers(row["multipliers"])
    rules = PURCHASES + "".join(
        f"double-{place}: {{name: More, on: purchase, multiply: {factor}}}\n"
        for place, factor in enumerate(factors)
    )
    definition = definition_of(make_programme(rules=rules, stacking=row["stacking"]))

    by_rule = granted(definition, int(row["base"]), {})

    assert [str(amount) for rule, amount in by_rule.items() if rule != "purchases"] == numbers(
        row["each adds"]
    )
    assert sum(by_rule.values()) == int(row["earned in all"])


@pytest.mark.parametrize("row", worked("limits-and-stacking", "limits"), ids=lambda row: row["limit"])
def test_limits_cut_as_the_table_says(row: Row) -> None:
    definition = definition_of(make_programme(rules=PURCHASES, limits=row["limit"]))
    used: dict[Use, int] = {}

    amounts = [
        granted(definition, int(wanted), used).get("purchases", 0)
        for wanted in numbers(row["wanted one after another"])
    ]

    assert [str(amount) for amount in amounts] == numbers(row["granted"])


@pytest.mark.parametrize("row", worked("limits-and-stacking", "thresholds"), ids=str)
def test_thresholds_are_told_as_the_table_says(row: Row) -> None:
    limit = Limit("budget", int(row["at most"]), Of.POINTS, Per.ALL, Every.MONTH)

    news = crossings(
        "main", limit, ("budget", "", "2026-06"), int(row["used before"]), int(row["used after"])
    )

    told = [f"{one['percent']} {'reached' if one['reached'] else 'left'}" for one in news]
    assert (", ".join(told) or "nothing") == row["told"]
