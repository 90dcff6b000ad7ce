"""What taking activity in promises."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.activity.models import Event
from plaudit.earning.definitions import Every, Of, Per, Stacking
from plaudit.earning.outcomes import Status
from plaudit.earning.tests.factories import (
    NOON,
    amounts,
    make_event,
    make_limit,
    make_rule,
    make_story,
    purchase,
    refund,
)
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances, balances_of_members
from plaudit.ledger.models import Unit
from plaudit.people.resolving import find_members


def test_a_purchase_earns_its_points_rounded_down():
    story = make_story()
    outcome = story.buy("ada", "11.77")
    assert outcome.status is Status.RECORDED
    assert story.available("ada") == 11


def test_the_same_event_earns_once_however_often_it_is_sent():
    story = make_story()
    event = purchase("ada", "11.77", id="order-1")
    first = story.send(event, event)
    again = story.send(event)
    assert [o.status for o in (*first, *again)] == [Status.RECORDED, Status.REPEATED, Status.REPEATED]
    assert again[0].event_id == first[0].event_id
    assert story.available("ada") == 11


@pytest.mark.parametrize(
    "other, field",
    [
        (purchase("ada", "12.00", id="order-1"), "data"),
        (purchase("ada", "11.77", id="order-1", at=NOON + timedelta(days=1)), "time"),
        (purchase("bob", "11.77", id="order-1"), "subject"),
        (make_event("purchase.cancelled", "ada", {}, id="order-1"), "type"),
    ],
)
def test_the_same_id_with_another_body_is_a_conflict_and_changes_nothing(other, field):
    story = make_story()
    story.buy("ada", "11.77", id="order-1")
    outcome = story.send(other)[0]
    assert outcome.status is Status.CONFLICT
    assert outcome.refusal is not None and outcome.refusal.facts["field"] == field
    assert story.available("ada") == 11


def test_a_faulty_event_is_refused_alone():
    story = make_story()
    outcomes = story.send(
        purchase("ada", "5.00"),
        make_event("purchase", "ada", {"amount": "much"}),
        make_event("purchse", "ada", {}),
    )
    assert [o.status for o in outcomes] == [Status.RECORDED, Status.REFUSED, Status.REFUSED]
    assert outcomes[1].problems[0].pointer == "/amount"
    assert story.available("ada") == 5


def test_whoever_never_got_any_of_a_unit_has_no_balance_of_it():
    story = make_story(make_rule("large", when="amount >= 100"))
    here = story.organisation.id
    for amount, held in (("5", []), ("100", ["points"])):
        story.buy("ada", amount)

        with in_organisation(here):
            ada = find_members(here, [("till", "ada")])["till", "ada"]
            assert [one.unit for one in balances(here, ada)] == held
            assert [one.unit for one in balances_of_members(here, [ada]).get(ada, ())] == held


def test_an_event_without_a_member_is_recorded_and_earns_nothing():
    story = make_story()
    outcome = story.send(purchase(None, "5.00"))[0]
    assert outcome.status is Status.RECORDED
    assert outcome.grants == ()


def test_a_daily_limit_grants_what_is_left_and_opens_again_the_next_day():
    story = make_story(make_rule(limits=(make_limit(15),)))
    today = story.send(purchase("ada", "10"), purchase("ada", "10"), purchase("ada", "10"))
    tomorrow = story.buy("ada", "10", at=NOON + timedelta(days=1))
    assert amounts(today) == [[("purchases", 10)], [("purchases", 5)], []]
    assert amounts([tomorrow]) == [[("purchases", 10)]]


def test_what_a_limit_cut_is_kept_with_the_event():
    story = make_story(make_rule(limits=(make_limit(15),)))
    story.buy("ada", "10")
    outcome = story.buy("ada", "10")
    assert outcome.event_id is not None
    with in_organisation(story.organisation.id):
        event = Event.objects.get(organisation_id=story.organisation.id, id=outcome.event_id)
    assert event.decision is not None
    assert event.decision["cuts"] == [
        {
            "programme": "main",
            "rule": "purchases",
            "wanted": 10,
            "granted": 5,
            "limit": "member/day/points",
            "used": 10,
            "at_most": 15,
        }
    ]


def test_a_late_event_counts_in_the_period_it_happened_in():
    story = make_story(make_rule(limits=(make_limit(15),)))
    story.buy("ada", "10", at=NOON)
    story.buy("ada", "10", at=NOON + timedelta(days=1))
    late = story.buy("ada", "10", at=NOON + timedelta(hours=1))
    later = story.buy("ada", "10", at=NOON + timedelta(hours=2))
    assert amounts([late, later]) == [[("purchases", 5)], []]


def test_late_events_of_many_members_are_counted_in_one_statement():
    def statements(members: int) -> int:
        story = make_story(make_rule(limits=(make_limit(15),)))
        names = [f"m{number}" for number in range(members)]
        story.send(*(purchase(name, "10", at=NOON) for name in names))
        story.send(*(purchase(name, "10", at=NOON + timedelta(days=1)) for name in names))
        with CaptureQueriesContext(connection) as captured:
            late = story.send(*(purchase(name, "10", at=NOON + timedelta(hours=1)) for name in names))
        assert amounts(late) == [[("purchases", 5)]] * members
        return len(captured)

    assert statements(20) == statements(2)


def test_a_deduction_takes_nothing_that_has_lapsed():
    story = make_story(
        make_rule(), make_rule("return", when="amount < 0", take="floor(abs(amount))"), may_owe=False
    )
    with in_organisation(story.organisation.id):
        Unit.objects.update(expiry={"after": "P30D"})
    story.publish(make_rule(), make_rule("return", when="amount < 0", take="floor(abs(amount))"))
    with clock.frozen_at(NOON):
        story.buy("ada", "10", at=NOON)
    with clock.frozen_at(NOON + timedelta(days=40)):
        story.buy("ada", "4", at=NOON + timedelta(days=40))
        outcome = story.buy("ada", "-7", at=NOON + timedelta(days=40))
    assert amounts([outcome]) == [[("return", -4)]]
    assert story.available("ada") == 0


def test_a_limit_in_times_counts_grants():
    story = make_story(make_rule(limits=(make_limit(2, of=Of.TIMES),)))
    outcomes = story.send(*(purchase("ada", "3") for _ in range(3)))
    assert amounts(outcomes) == [[("purchases", 3)], [("purchases", 3)], []]


def test_a_limit_that_is_not_partial_grants_whole_or_not_at_all():
    story = make_story(make_rule(limits=(make_limit(15, partial=False),)))
    outcomes = story.send(purchase("ada", "10"), purchase("ada", "10"), purchase("ada", "5"))
    assert amounts(outcomes) == [[("purchases", 10)], [], [("purchases", 5)]]


def test_a_budget_is_shared_by_everyone():
    story = make_story(make_rule(limits=(make_limit(15, per=Per.ALL, every=Every.LIFETIME),)))
    outcomes = story.send(purchase("ada", "10"), purchase("bob", "10"))
    later = story.buy("cyd", "10")
    assert amounts([*outcomes, later]) == [[("purchases", 10)], [("purchases", 5)], []]


def test_a_grant_takes_from_all_of_its_limits_or_from_none():
    own, budget = make_limit(8), make_limit(10, per=Per.ALL, every=Every.LIFETIME)
    story = make_story(make_rule(limits=(own, budget)))
    outcomes = story.send(purchase("ada", "20"), purchase("bob", "20"), purchase("bob", "20"))
    assert amounts(outcomes) == [[("purchases", 8)], [("purchases", 2)], []]


@pytest.mark.parametrize(
    "stacking, extra",
    [
        (Stacking.ADD, {"double": 10, "half-more": 5}),
        (Stacking.MULTIPLY, {"double": 10, "half-more": 10}),
        (Stacking.BEST, {"double": 10}),
    ],
)
def test_multipliers_combine_as_the_programme_says(stacking, extra):
    story = make_story(
        make_rule(),
        make_rule("double", multiply="2", of=("purchases",)),
        make_rule("half-more", multiply="1.5", of=("purchases",)),
        stacking=stacking,
    )
    outcome = story.buy("ada", "10")
    assert dict(amounts([outcome])[0]) == {"purchases": 10, **extra}


def test_a_rule_runs_only_inside_its_window_which_is_half_open():
    story = make_story(make_rule(starts_at=NOON, ends_at=NOON + timedelta(days=1)))
    moments = [
        NOON - timedelta(seconds=1),
        NOON,
        NOON + timedelta(days=1, seconds=-1),
        NOON + timedelta(days=1),
    ]
    assert [bool(story.buy("ada", "1", at=at).grants) for at in moments] == [False, True, True, False]


def test_a_pending_grant_is_not_spendable_yet():
    story = make_story(make_rule(pending_days=14))
    story.buy("ada", "10")
    assert (story.available("ada"), story.pending("ada")) == (0, 10)


def test_a_deduction_may_owe_where_the_unit_allows_it():
    story = make_story(make_rule(), make_rule("return", when="amount < 0", take="floor(abs(amount))"))
    story.buy("ada", "10")
    story.buy("ada", "-25.90")
    assert story.available("ada") == -15
    story.buy("ada", "20")
    assert story.available("ada") == 5


def test_a_deduction_takes_no_more_than_there_is_where_the_unit_may_not_owe():
    story = make_story(
        make_rule(), make_rule("return", when="amount < 0", take="floor(abs(amount))"), may_owe=False
    )
    story.buy("ada", "10")
    outcome = story.buy("ada", "-25.90")
    assert amounts([outcome]) == [[("return", -10)]]
    assert story.available("ada") == 0


def test_a_refund_takes_back_exactly_what_the_purchase_earned():
    story = make_story()
    story.buy("ada", "11.77", id="order-1")
    story.buy("ada", "5", id="order-2")
    story.send(refund("order-1", "11.77"))
    assert story.available("ada") == 5


def test_refunds_of_a_third_each_take_back_no_more_than_was_earned_and_all_of_it_in_the_end():
    story = make_story()
    story.buy("ada", "10.00", id="order-1")
    seen = []
    for part in ("3.33", "3.33", "3.34"):
        story.send(refund("order-1", part))
        seen.append(story.available("ada"))
    assert seen == [7, 4, 0]


def test_a_refund_follows_what_was_recorded_not_todays_rules():
    story = make_story(make_rule(earn="floor(amount)"))
    story.buy("ada", "50", id="order-1")
    story.publish(make_rule(earn="floor(amount * 2)"))
    story.send(refund("order-1", "50"))
    assert story.available("ada") == 0


def test_a_refund_after_a_restart_of_its_rule_still_takes_back():
    story = make_story(make_rule())
    story.buy("ada", "50", id="order-1")
    story.publish(make_rule("other", when="amount > 1000"))
    story.send(refund("order-1", "50"))
    assert story.available("ada") == 0


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_four_events_give_the_same_balance_in_every_order_of_arrival(order):
    story = make_story()
    events = [
        purchase("ada", "10", id="a"),
        refund("a", "10", id="ra"),
        purchase("ada", "7", id="b"),
        make_event("purchase.cancelled", None, {}, id="cb", corrects="b"),
    ]
    for place in order:
        story.send(events[place])
    assert story.available("ada") == 0


def test_a_batch_may_hold_a_purchase_and_its_refund():
    story = make_story()
    story.send(refund("a", "10"), purchase("ada", "10", id="a"), purchase("ada", "3"))
    assert story.available("ada") == 3


def test_a_refund_gives_the_use_of_a_limit_back():
    story = make_story(make_rule(limits=(make_limit(15), make_limit(100, per=Per.ALL, every=Every.MONTH))))
    story.buy("ada", "15", id="a")
    story.send(refund("a", "15"))
    assert amounts([story.buy("ada", "15")]) == [[("purchases", 15)]]


def test_points_already_spent_by_a_debt_are_paid_by_the_next_earning():
    story = make_story()
    story.buy("ada", "10", id="a")
    story.buy("ada", "-0.01", id="nothing")
    story.send(refund("a", "10"))
    assert story.available("ada") == 0
