"""Executes the tables of expiry.md."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plaudit.ledger.expiry import expires_at, extended
from plaudit.ledger.rules import Lot, in_burn_order, take_from_lots
from plaudit.planning.programme_file.phrases import read_expiry
from tests.algorithms.worked import Row, worked

ZONE = ZoneInfo("America/New_York")
FOR_EVER = "for ever"


def noon(day: str) -> datetime:
    """Noon of a day where the programme is."""
    return datetime.combine(date.fromisoformat(day), time(12), ZONE).astimezone(UTC)


def last_day(moment: datetime | None) -> str:
    """The last whole day before that moment."""
    if moment is None:
        return FOR_EVER
    return (moment.astimezone(ZONE) - timedelta(microseconds=1)).date().isoformat()


def policy(row: Row) -> dict[str, Any]:
    return dict(read_expiry(row["expires"]).stored())


@pytest.mark.parametrize("row", worked("expiry", "policies"), ids=lambda row: row["expires"])
def test_points_are_good_as_long_as_the_table_says(row: Row) -> None:
    assert last_day(expires_at(policy(row), noon(row["earned"]), ZONE)) == row["good until"]


@pytest.mark.parametrize("row", worked("expiry", "inactivity"), ids=lambda row: row["active"])
def test_activity_lets_points_last_as_the_table_says(row: Row) -> None:
    own = expires_at(policy(row), noon(row["earned"]), ZONE)
    active = [noon(day) for day in row["active"].split(", ") if day != "never"]

    assert own is not None
    assert last_day(extended(own, active, policy(row), ZONE)) == row["good until"]


def lots(cell: str) -> list[Lot]:
    """`40 until 2026-06-30, 20 for ever`."""
    found = []
    for line, text in enumerate(cell.split(", "), start=1):
        amount, _, until = text.partition(" ")
        ends = None if until == FOR_EVER else noon(until.removeprefix("until "))
        found.append(Lot(line, int(amount), ends))
    return found


def said(found: list[Lot]) -> str:
    return ", ".join(
        f"{lot.remaining} {FOR_EVER if lot.expires_at is None else f'until {lot.expires_at:%Y-%m-%d}'}"
        for lot in found
        if lot.remaining
    )


@pytest.mark.parametrize("row", worked("expiry", "burn-order"), ids=str)
def test_lots_are_spent_in_the_order_of_the_table(row: Row) -> None:
    held = lots(row["lots, oldest first"])
    for lot, taken in take_from_lots(in_burn_order(held), int(row["spent"])):
        lot.remaining -= taken

    assert said(held) == row["left"]
