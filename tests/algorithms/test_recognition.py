"""The worked tables of docs/algorithms/recognition.md, row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from plaudit.earning.definitions import Every
from plaudit.foundation.ids import new_ids
from plaudit.recognition.rules.giving import DAY, PAIR, POINTS, Use, uses_of
from plaudit.recognition.tests.factories import make_standard
from tests.algorithms.worked import worked


def said(use: Use | None) -> str:
    return "nothing" if use is None else f"{use.amount} of {use.at_most} in {use.period}"


@pytest.mark.parametrize("row", worked("recognition", "uses"))
def test_what_one_act_uses_up(row):
    standard = make_standard(every=Every(row["every"]), colleagues=200)
    moment = datetime.fromisoformat(row["moment"]).replace(hour=12, tzinfo=UTC)
    recipients = new_ids(int(row["recipients"]))
    uses = uses_of(
        standard, moment, leads=row["leads"] == "yes", points=int(row["points"]), recipients=recipients
    )
    by_what = {use.what: use for use in uses}
    assert said(by_what.get(DAY)) == row["day"]
    assert said(by_what.get(POINTS)) == row["allowance"]
    assert sum(use.what.startswith(PAIR) for use in uses) == int(row["pairs"])


def hours(text: str) -> list[timedelta]:
    return [timedelta(hours=int(one)) for one in text.split(", ")]


@pytest.mark.parametrize("row", worked("recognition", "promptness"))
def test_promptness_is_a_value_that_occurred(row):
    spans = hours(row["hours"])
    with connection.cursor() as cursor:
        cursor.execute(
            "select percentile_disc(0.5) within group (order by h), percentile_disc(0.9) within group (order by h)"
            " from unnest(%s::interval[]) as of (h)",
            [spans],
        )
        kept = cursor.fetchone()
    for percent, name, found in ((50, "median", kept[0]), (90, "90th", kept[1])):
        place = -(-percent * len(spans) // 100)
        assert found == sorted(spans)[place - 1] == timedelta(hours=int(row[name]))
