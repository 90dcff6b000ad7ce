"""Challenges and streaks from the programme file to the points they earn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plaudit.earning.tests.factories import Story, make_event, purchase
from plaudit.engagement.actions.competing import decide_rounds
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_organisation
from plaudit.planning.actions.apply import apply
from plaudit.planning.actions.lifecycle import pause, resume
from plaudit.planning.plans import plan
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.queries import export, regenerate

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FILE = """
plaudit: 1
programme: shop
name: Shop
time_zone: America/New_York
units:
  points: {one: point, other: points, precision: 1}
activities:
  purchase: {title: Purchase, fields: {amount: decimal(2)}}
  cancelled: {title: Cancelled, corrects: purchase}
rules:
  purchases: {name: A point a purchase, on: purchase, earn: 1}
  thanks: {name: Thanks, on: challenge.completed, when: challenge = 'three', earn: 0.5}
limits: at most 100 points ever per member
challenges:
  three: {name: Three a month, on: purchase, target: 3, every: month, earn: 10.5}
  spend:
    name: Spender
    on: purchase
    sum: amount
    targets:
      - {at: 20, earn: 2}
      - {at: 50, earn: 5, badge: spender}
streaks:
  daily: {name: Three days, on: purchase, in: days, length: 3, multiply: 2, earn: 20}
competitions:
  top:
    name: Top of the month
    on: purchase
    sum: amount
    every: month
    wait: 2 days
    prizes:
      - {at: 1, earn: 30}
"""


@pytest.fixture
def story() -> Story:
    return Story(make_organisation())


def put(story: Story, source: str) -> list[str]:
    return apply(story.organisation.id, source, actor="usr_1").plan.sentences()


def buy(story: Story, *days: int, amount: str = "10") -> None:
    story.send(*(purchase("ada", amount, at=NOON + day * DAY, id=f"d{day}") for day in days))
    follow_on(story.organisation.id)


def test_what_the_file_asks_is_counted_and_earns_and_is_taken_back(story):
    put(story, FILE)
    buy(story, 0, 1, 2)
    # 3 purchases, the challenge and the thanks for it, the first spender's target, the streak and its third day.
    assert story.available("ada") == 30 + 105 + 5 + 20 + 200 + 10

    story.send(make_event("cancelled", None, {}, corrects="d1"))
    follow_on(story.organisation.id)
    assert story.available("ada") == 20 + 20


def test_the_first_of_the_month_gets_the_prize_two_days_after_it(story):
    put(story, FILE)
    buy(story, 0)
    with clock.frozen_at(datetime(2026, 4, 3, 3, 59, tzinfo=UTC)):
        assert decide_rounds(story.organisation.id) == 0
    with clock.frozen_at(datetime(2026, 4, 3, 4, tzinfo=UTC)):
        assert decide_rounds(story.organisation.id) == 1

    assert story.available("ada") == 10 + 300


def test_limits_of_the_programme_hold_what_challenges_earn(story):
    put(story, FILE.replace("at most 100 points ever", "at most 13 points ever"))
    buy(story, 0, 1, 2)

    assert story.available("ada") == 130


def test_the_plan_says_what_comes_changes_and_goes(story):
    said = put(story, FILE)
    assert "New challenge three (Three a month): purchase, each month, up to 3 gives 10.5 points." in said
    assert (
        "New streak daily (Three days): purchase, then 2 times what it earns, 3 days in a row gives 20 points."
        in said
    )
    with in_organisation(story.organisation.id):
        changed = plan(story.organisation.id, FILE.replace("target: 3", "target: 4")).sentences()
        gone = plan(story.organisation.id, FILE[: FILE.index("competitions:")]).sentences()
    assert changed[0].startswith(
        "Challenge three is now purchase, each month, up to 4 gives 10.5 points; before,"
    )
    assert gone == [
        "Competition top (Top of the month) ends: nothing more counts for it, and what it gave stays."
    ]


def test_the_file_is_given_back_and_written_anew_the_same(story):
    put(story, FILE)
    with in_organisation(story.organisation.id):
        assert export(story.organisation.id, "shop") == FILE
        again = regenerate(story.organisation.id, "shop")
    assert parse_programme(again).programme == parse_programme(FILE).programme


def test_while_the_programme_rests_nothing_counts(story):
    put(story, FILE)
    pause(story.organisation.id, "shop", actor="usr_1")
    buy(story, 0, 1, 2)
    resume(story.organisation.id, "shop", actor="usr_1")
    buy(story, 3, 4)
    assert story.available("ada") == 20 + 20


@pytest.mark.parametrize(
    "was, now, said",
    [
        ("target: 3,", "", "One of `target` or `targets` is missing."),
        ("target: 3,", "target: 0,", "This cannot be reached."),
        ("on: purchase, target", "on: visit, target", "There is no activity `visit` to count"),
        ("on: purchase, target", "on: cancelled, target", "There is no activity `cancelled` to count"),
        ("sum: amount", "sum: amuont", "amuont"),
        ("sum: amount", "sum: amount * 0.001", "decimals"),
        ("earn: 10.5}", "earn: 10.55}", "The unit has 1 decimals."),
        ("length: 3,", "length: 2.5,", "A length is a whole number."),
        ("in: days,", "in: editions, rest: once a week,", "Editions know no rest days and no midnight."),
        ("in: days,", "in: days, cancelled: 2020,", "Only a streak in editions has editions."),
        ("in: days,", "in: days, rest: once a year,", "A rest is not counted in this period."),
        ("in: days,", "in: days, rest: 7 times a week,", "With that much rest the streak never breaks."),
        (
            "  cancelled: {",
            "  challenge.completed: {title: X}\n  cancelled: {",
            "is what Plaudit reports itself",
        ),
    ],
)
def test_what_could_not_be_followed_is_refused_by_name(was, now, said):
    assert was in FILE
    problems = [str(problem) for problem in parse_programme(FILE.replace(was, now, 1)).problems]
    assert any(said in problem for problem in problems), problems
