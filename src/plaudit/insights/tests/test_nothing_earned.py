"""Explaining the zero: why an activity earned nothing, and what it earned where it did."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from plaudit.foundation import clock
from plaudit.foundation.ids import new_id
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because_of_event
from plaudit.insights.happenings import PAGE, happenings
from plaudit.insights.reasons import Because
from plaudit.insights.tests.factories import NOON, PROGRAMME, Shop, make_shop
from plaudit.people.tests.factories import make_member


@pytest.fixture
def shop():
    with clock.frozen_at(NOON):
        yield make_shop(opened_at=NOON - timedelta(days=30))


def _layers(reason: Because) -> list[object]:
    return [
        reason.sentence,
        reason.inputs,
        reason.authority.name,
        reason.authority.words,
        reason.sums,
        reason.total.label,
        reason.would_change,
        reason.question,
        reason.aloud,
    ]


def _nothing(shop: Shop, *arguments: object, **facts: object) -> Because:
    """The reason for an activity that must have earned nothing."""
    reason = shop.why_of(shop.happens(*arguments, **facts))  # type: ignore[arg-type]  # as `happens` takes them
    assert all(_layers(reason))
    assert not any(rule.paid for rule in reason.rules)
    assert (reason.total.amount or 0, reason.total.value) == (0, "nothing")
    return reason


def test_a_condition_that_did_not_hold_is_said(shop):
    reason = _nothing(shop, "purchase", {"amount": Decimal("20.00"), "gift_card": True})

    assert reason.sentence == (
        "This purchase earned nothing. “1 point per £1” did not apply: "
        "it asks that gift card is not given or gift card is false."
    )
    assert "applies if gift card is not given" in reason.would_change[0]


def test_a_limit_that_was_used_up_is_said_with_when_it_opens(shop):
    shop.happens("survey")
    reason = _nothing(shop, "survey")

    assert reason.sentence == (
        "This survey earned nothing: “10 points for your opinion” has a limit of once a month for each "
        "member, used once before this."
    )
    assert reason.would_change == ("The limit opens again with the next month.",)


def test_a_rule_for_others_is_said_even_though_nothing_was_kept_of_the_member(shop):
    make_member(shop.id, name="Tom", kind="staff", external_ids=[("till", "tom")])
    reason = _nothing(shop, "survey", who="tom")

    assert "is for customer members" in reason.sentence


def test_an_activity_no_rule_is_about_says_so(shop):
    no_rule = make_shop(programme=_without_rule("visits"))
    reason = _nothing(no_rule, "visit")

    assert reason.sentence == "This visit earned nothing: no rule is about it."


def test_a_correction_says_what_it_took_back(shop):
    shop.buys("48.20", id="p1")
    reason = shop.why_of(
        shop.happens("purchase.refunded", {"refunded": Decimal("48.20")}, corrects="p1", id="r1")
    )

    assert reason.sentence == "48 points taken back: Refund of p1."
    assert (reason.total.amount, reason.adds_up()) == (-48, True)
    assert all(_layers(reason))


def test_a_correction_that_came_first_says_what_it_waits_for(shop):
    reason = _nothing(shop, "purchase.refunded", {"refunded": Decimal("1.00")}, corrects="not-here-yet")

    assert "which had earned nothing or is not there yet" in reason.sentence


def test_an_activity_that_earned_by_two_rules_adds_them_up(shop):
    reason = shop.why_of(shop.buys("152.92"))

    assert (reason.total.amount, reason.adds_up()) == (228, True)
    assert [rule.paid for rule in reason.rules] == [True, True]


def test_an_activity_that_is_not_there_is_not_found(shop):
    with in_organisation(shop.id), pytest.raises(NotFound):
        because_of_event(shop.id, new_id())


def test_a_members_activity_is_listed_with_what_it_earned_and_why_not(shop):
    shop.buys("48.20")
    shop.happens("survey")
    shop.happens("survey")
    shop.happens("purchase", {"amount": Decimal("9.00")}, who="somebody-else")

    with in_organisation(shop.id):
        found = happenings(shop.id, shop.mina.id).happenings

    assert [(one.title, one.earned, one.changed) for one in found] == [
        ("Survey", "", 0),
        ("Survey", "10 points", 10),
        ("Purchase", "48 points", 48),
    ]
    assert "once a month" in found[0].why_not
    assert found[1].why_not == ""


def test_pages_of_activity_leave_nothing_out(shop):
    for number in range(PAGE + 2):
        shop.buys("5.00", id=f"p{number}")

    with in_organisation(shop.id):
        first = happenings(shop.id, shop.mina.id)
        rest = happenings(shop.id, shop.mina.id, before=first.older)

    keys = [one.key for one in (*first.happenings, *rest.happenings)]
    assert keys == [f"p{number}" for number in reversed(range(PAGE + 2))]
    assert rest.older is None


def _without_rule(key: str) -> str:
    """The shop's programme without one of its rules."""
    before, _, after = PROGRAMME.partition(f"  {key}:\n    name:")
    return before + after[after.index("\n  bags:") + 1 :]
