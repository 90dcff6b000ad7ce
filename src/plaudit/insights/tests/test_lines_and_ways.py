"""Statement lines in words, ways to earn as sentences, and the words they are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.lines import ToldLine, told_lines
from plaudit.insights.tests.factories import NOON, Shop, make_shop
from plaudit.insights.ways import units_earned, ways_to_earn
from plaudit.insights.wording import arithmetic_words, expiry_words, last_day, list_words
from plaudit.ledger.actions.expire import activate
from plaudit.people.tests.factories import make_member
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import cancel, fulfil


@pytest.fixture
def shop():
    with clock.frozen_at(NOON):
        yield make_shop(opened_at=NOON - timedelta(days=30))


def _told(shop: Shop) -> list[ToldLine]:
    with in_organisation(shop.id):
        return told_lines(shop.id, shop.lines())


def test_a_line_says_what_its_rule_tells_members(shop):
    shop.buys("48.20")
    shop.happens("party", {"guests": 2})

    assert [one.title for one in _told(shop)] == ["20 points a guest", "You spent 48.20 with us"]


def test_a_line_that_was_taken_back_in_part_says_how_much(shop):
    shop.buys("40.00", id="p")
    shop.happens("purchase.refunded", {"refunded": Decimal("10.00")}, corrects="p")

    refund, purchase = _told(shop)
    assert (refund.title, refund.line.change) == ("Refund: 1 point per £1", -10)
    assert (purchase.undone, purchase.is_undone) == (10, False)


def test_pending_points_change_nothing_until_they_are_there(shop):
    shop.happens("visit")
    pending = _told(shop)[0]

    assert (pending.line.change, pending.waits_until) == (0, NOON + timedelta(days=7))

    with clock.frozen_at(NOON + timedelta(days=8)):
        activate(shop.id)
        now = _told(shop)[0]
    assert (now.title, now.line.change) == ("Yours to spend now: 25 points for coming by", 25)


def test_a_redemption_is_named_on_each_of_its_lines(shop):
    shop.buys("300.00")
    mine = {"member_id": shop.mina.id, "reward_id": shop.reward_id("coffee"), "actor": "usr_0"}
    first, second = (redeem(shop.id, key=key, **mine) for key in ("1", "2"))
    fulfil(shop.id, first.id, actor="usr_0")
    cancel(shop.id, second.id, actor="usr_0")

    told = [(one.title, one.standing, one.is_undone) for one in _told(shop)[:4]]
    assert told == [
        ("A coffee: cancelled", "", False),
        ("A coffee: with you", "", False),
        ("A coffee", "cancelled", True),
        ("A coffee", "fulfilled", False),
    ]


def test_ways_to_earn_are_sentences_with_an_example_and_what_is_left(shop):
    shop.happens("survey")

    with in_organisation(shop.id):
        ways = {way.key: way for way in ways_to_earn(shop.id, shop.mina)}

    assert "bags" not in ways  # it takes
    assert ways["purchases"].words == (
        "Each purchase earns points: order value rounded down, when gift card is not given or gift card is false."
    )
    assert ways["purchases"].example == "order value 11.77: 11 points"
    assert [(one.words, one.left, one.used_up) for one in ways["surveys"].limits] == [
        ("at most once a month for each member", "nothing left for now", True)
    ]
    assert [(one.left, one.used_up) for one in ways["parties"].limits] == [("50 points left", False)]
    assert ways["visits"].pending_days == 7


def test_nobody_is_shown_rules_for_others(shop):
    tom = make_member(shop.id, name="Tom", kind="staff")

    with in_organisation(shop.id):
        assert ways_to_earn(shop.id, tom) == []
        assert units_earned(shop.id, "staff") == []
        assert units_earned(shop.id, "customer") == ["points"]


@pytest.mark.parametrize(
    "line, words",
    [
        ("floor(48.20) = 48", ("48.20, rounded down", "48")),
        ("1.5 * 20 = 30", ("1.5 × 20", "30")),
        ("rating = 5 is true", ("rating = 5", "true")),
        ("case when true then 3 end = 3", ("the part of the rule that applies", "3")),
        ("case else 1 end = 1", ("otherwise", "1")),
    ],
)
def test_arithmetic_is_written_as_people_write_it(line, words):
    assert arithmetic_words(line) == words


@pytest.mark.parametrize(
    "policy, words",
    [
        ({}, "for ever"),
        ({"on": "2027-01-31"}, "until 31 January 2027"),
        ({"end_of": "year"}, "until the end of the year they were earned in"),
        ({"after": "P24M", "round_to": "month"}, "24 months, then to the end of that month"),
        ({"after": "P1Y"}, "1 year"),
    ],
)
def test_how_long_points_last_is_said(policy, words):
    assert expiry_words(policy) == words


def test_points_that_expire_at_midnight_last_to_the_end_of_the_day_before():
    london = ZoneInfo("Europe/London")

    assert last_day(datetime(2027, 1, 1, tzinfo=UTC), london) == date(2026, 12, 31)
    assert last_day(datetime(2026, 7, 31, 23, tzinfo=UTC), london) == date(2026, 7, 31)


def test_a_day_that_is_cut_short_is_not_promised():
    midnight_in_new_york = datetime(2026, 12, 1, 5, tzinfo=UTC)

    assert last_day(midnight_in_new_york, ZoneInfo("Europe/London")) == date(2026, 11, 30)


def test_a_list_reads_as_one():
    assert list_words(["a"]) == "a"
    assert list_words(["a", "b", "c"]) == "a, b and c"
