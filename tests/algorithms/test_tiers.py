"""Executes the tables of tiers.md."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plaudit.planning.programme_file.tiers import (
    Ladder,
    Level,
    ladder_definition,
    read_keep,
    read_then,
    read_within,
)
from plaudit.targeting.definitions import Ladder as Definition
from plaudit.targeting.rules.climbing import NO_LEVEL, Climbed, climb
from plaudit.targeting.rules.keeping import needed_to_keep, next_level
from tests.algorithms.worked import Row, worked

ANCHOR = date(2024, 1, 1)
LEVELS = (Level("silver", "Silver", Decimal(10)), Level("gold", "Gold", Decimal(30)))


def ladder(**parts: str) -> Definition:
    written = Ladder(
        "tier",
        "Status",
        earned="points",
        levels=LEVELS,
        window=read_within(parts["within"]),
        keeping=read_keep(parts["keep"]),
        downgrade=read_then(parts.get("then", "recalculated")),
        grace_days=int(parts.get("grace", 0)),
    )
    return ladder_definition(written, (), 0)


def climbed(row: Row, **parts: str) -> Climbed:
    return climb(ladder(**parts), amounts(row["amounts"]), today=date.fromisoformat(row["on"]), anchor=ANCHOR)


def amounts(cell: str) -> dict[date, int]:
    """`2026-05-01: 10 - 5, …` as amounts by day; nothing is kept of a day on which nothing is left."""
    found = {}
    for one in cell.split(", "):
        day, _, sum_of = one.partition(": ")
        first, *less = (int(part) for part in sum_of.split(" - "))
        if first - sum(less):
            found[date.fromisoformat(day)] = first - sum(less)
    return found


def level(number: int) -> str:
    return "none" if number == NO_LEVEL else LEVELS[number].key


@pytest.mark.parametrize("row", worked("tiers", "kept"), ids=str)
def test_levels_are_kept_as_the_table_says(row: Row) -> None:
    found = climbed(row, **row)

    shown = (level(found.level), str(found.keep_until or "none"), str(found.falls_on or "never"))
    assert shown == (row["level"], row["keep until"], row["goes on"])


@pytest.mark.parametrize("row", worked("tiers", "corrected"), ids=str)
def test_corrections_leave_what_the_table_says(row: Row) -> None:
    found = climbed(row, within="12 months", keep="12 months")

    since = str(found.since) if found.level != NO_LEVEL else "none"
    assert (level(found.level), since) == (row["level"], row["since"])


@pytest.mark.parametrize("row", worked("tiers", "needed"), ids=str)
def test_what_keeps_and_raises_a_level_is_what_the_table_says(row: Row) -> None:
    found, counted, today = climbed(row, **row), amounts(row["amounts"]), date.fromisoformat(row["on"])
    needed = needed_to_keep(ladder(**row), counted, found, today=today, anchor=ANCHOR)
    above = next_level(ladder(**row), found)

    keeps = f"{needed.amount} by {needed.by}" if needed else "nothing"
    raises = f"{above[1]} for {above[0].key}" if above else "nothing"
    assert (level(found.level), keeps, raises) == (row["level"], row["keeps it"], row["raises it"])
