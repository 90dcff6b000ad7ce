"""Challenges: progress that follows the book, targets reached once, and corrections that take their part back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.earning.definitions import Every
from plaudit.earning.tests.factories import NOON, make_event, make_rule, purchase, refund
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.engagement.actions.publish_engagement import withdraw_engagement
from plaudit.engagement.tests.factories import Keeping, make_challenge, make_keeping
from plaudit.foundation.models import News
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.examples import examples
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds

DAY = timedelta(days=1)


def cancel(id: str):
    return make_event("purchase.cancelled", None, {}, corrects=id)


def told(keeping: Keeping, topic: str) -> int:
    with in_organisation(keeping.organisation):
        return News.objects.filter(organisation_id=keeping.organisation, topic=topic).count()


def test_the_target_reached_earns_once():
    keeping = make_keeping(make_challenge(3))
    for number in range(5):
        keeping.story.buy("ada", "1", id=f"p{number}")
        keeping.follow()

    assert keeping.progress("ada") == {"": 5}
    assert keeping.story.available("ada") == 50
    assert told(keeping, "challenge.completed") == 1
    assert told(keeping, "challenge.progressed") == 5


def test_each_period_begins_anew_and_late_events_count_in_the_one_they_happened_in():
    keeping = make_keeping(make_challenge(2, every=Every.MONTH))
    keeping.story.buy("ada", "1", at=datetime(2026, 3, 31, 23, tzinfo=UTC))
    keeping.story.buy("ada", "1", at=datetime(2026, 4, 1, 1, tzinfo=UTC))
    keeping.follow()
    assert keeping.story.available("ada") == 0

    keeping.story.buy("ada", "1", at=datetime(2026, 3, 1, 1, tzinfo=UTC))
    keeping.follow()

    assert keeping.progress("ada") == {"2026-03": 2, "2026-04": 1}
    assert keeping.story.available("ada") == 50


def test_a_period_begins_at_the_programmes_midnight():
    keeping = make_keeping(make_challenge(2, every=Every.MONTH), time_zone="America/New_York")
    keeping.story.buy("ada", "1", at=datetime(2026, 4, 1, 3, tzinfo=UTC))  # 31 March, 23:00 there
    keeping.follow()

    assert keeping.progress("ada") == {"2026-03": 1}


def test_a_sum_counts_as_much_as_it_is_and_a_condition_leaves_out_the_rest():
    keeping = make_keeping(make_challenge(100, sum="amount", when="amount >= 10"))
    keeping.story.send(purchase("ada", "9.99"), purchase("ada", "60"), purchase("ada", "39.99"))
    keeping.follow()
    assert keeping.story.available("ada") == 0

    keeping.story.buy("ada", "10.01")
    keeping.follow()

    assert keeping.progress("ada") == {"": 110}
    assert keeping.story.available("ada") == 50


def test_several_targets_are_reached_one_after_another():
    keeping = make_keeping(make_challenge(2, 4))
    keeping.story.send(*(purchase("ada", "1") for _ in range(4)))
    keeping.follow()

    assert [step for _, step, _, _ in keeping.reached("ada")] == [200, 400]
    assert keeping.story.available("ada") == 100


def test_a_correction_below_the_target_takes_the_points_back_and_progress_can_come_again():
    keeping = make_keeping(make_challenge(2))
    keeping.story.send(purchase("ada", "1", id="a"), purchase("ada", "1", id="b"))
    keeping.follow()
    assert keeping.story.available("ada") == 50

    keeping.story.send(cancel("b"))
    keeping.follow()
    assert (keeping.story.available("ada"), keeping.progress("ada")) == (0, {"": 1})
    assert told(keeping, "challenge.withdrawn") == 1

    keeping.story.buy("ada", "1", id="c")
    keeping.follow()
    assert keeping.story.available("ada") == 50
    assert keeping.reached("ada") == [("", 200, True, 2)]


def test_part_of_a_sum_is_taken_back_exactly():
    keeping = make_keeping(make_challenge(100, sum="amount"))
    keeping.story.buy("ada", "120", id="a")
    keeping.story.send(refund("a", "30"))
    keeping.follow()

    assert keeping.progress("ada") == {"": 90}
    assert keeping.story.available("ada") == 0


def test_a_correction_that_came_first_leaves_nothing_to_count():
    keeping = make_keeping(make_challenge(1))
    keeping.story.send(cancel("a"))
    keeping.follow()
    keeping.story.buy("ada", "1", id="a")
    keeping.follow()

    assert keeping.progress("ada") == {}
    assert keeping.story.available("ada") == 0


def test_only_whom_it_is_for_and_when_it_is_on_counts():
    challenge = make_challenge(1, audience=("staff",), key="staff")
    later = make_challenge(1, key="later", starts_at=NOON + DAY, ends_at=NOON + 2 * DAY)
    keeping = make_keeping(challenge, later)
    keeping.story.send(purchase("ada", "1"), purchase("ada", "1", at=NOON + 2 * DAY))
    keeping.follow()
    assert keeping.progress("ada") == {}

    keeping.story.buy("ada", "1", at=NOON + DAY)
    keeping.follow()
    assert keeping.story.available("ada") == 50


def test_what_was_recorded_before_it_was_asked_does_not_count():
    keeping = make_keeping()
    keeping.story.buy("ada", "1")
    keeping.ask(make_challenge(2))
    keeping.story.buy("ada", "1")
    keeping.follow()

    assert keeping.progress("ada") == {"": 1}


def test_a_programme_that_rests_counts_nothing_and_still_takes_back():
    keeping = make_keeping(make_challenge(1))
    keeping.story.buy("ada", "1", id="a")
    keeping.follow()
    withdraw_engagement(keeping.organisation, "main")
    keeping.story.buy("bob", "1")
    keeping.story.send(cancel("a"))
    keeping.follow()

    assert keeping.progress("bob") == {}
    assert keeping.story.available("ada") == 0


def test_a_target_that_moves_takes_nothing_from_who_reached_it():
    keeping = make_keeping(make_challenge(2))
    keeping.story.send(purchase("ada", "1"), purchase("ada", "1", id="b"))
    keeping.follow()
    keeping.ask(make_challenge(5))
    keeping.story.buy("ada", "1", id="c")
    keeping.follow()

    assert keeping.progress("ada") == {"": 3}
    assert keeping.story.available("ada") == 50


@rounds
def test_a_target_reached_among_many_followers_is_granted_once(round_: int):
    keeping = make_keeping(make_challenge(3))
    for number in range(4):
        keeping.story.buy("ada", "1", id=f"p{number}")

    at_once(CONTENDERS, lambda _: follow_on(keeping.organisation, at_most=1))

    assert keeping.progress("ada") == {"": 4}
    assert keeping.story.available("ada") == 50
    assert keeping.reached("ada") == [("", 300, True, 1)]


WHO = ("ada", "bob")
_purchases = st.tuples(st.sampled_from(WHO), st.integers(1, 40), st.integers(0, 70))


@st.composite
def histories(draw: st.DrawFn):
    """Purchases, which of them are corrected and how, and the order and repeats of their arrival."""
    bought = draw(st.lists(_purchases, min_size=1, max_size=7))
    events = [
        purchase(who, str(amount), at=NOON + day * DAY, id=f"p{number}")
        for number, (who, amount, day) in enumerate(bought)
    ]
    undone = draw(st.lists(st.sampled_from(range(len(events))), unique=True, max_size=len(events)))
    corrections = [cancel(events[number].id) for number in undone]
    arriving = draw(st.permutations([*events, *corrections]))
    again = draw(st.lists(st.sampled_from(arriving), max_size=3))
    left = [event for number, event in enumerate(events) if number not in undone]
    return [*arriving, *again], left, draw(st.integers(1, 4))


@pytest.mark.parametrize("every", [Every.MONTH, Every.LIFETIME])
@settings(max_examples=examples(10))
@given(history=histories())
def test_events_and_corrections_in_any_order_leave_it_as_if_the_corrected_had_never_been(every, history):
    arriving, left, together = history
    parts = (
        make_challenge(2, 3, every=every),
        make_challenge(30, key="spend", sum="amount", every=every),
    )
    disturbed, plain = make_keeping(*parts), make_keeping(*parts)
    for start in range(0, len(arriving), together):
        disturbed.story.send(*arriving[start : start + together])
        disturbed.follow(at_most=2)
    if left:
        plain.story.send(*left)
    plain.follow()

    for who in {event.subject for event in left if event.subject}:
        assert disturbed.progress(who) == plain.progress(who)
        assert disturbed.story.available(who) == plain.story.available(who)
        standing = [(period, step) for period, step, stands, _ in disturbed.reached(who) if stands]
        assert standing == [(period, step) for period, step, _, _ in plain.reached(who)]


def test_a_rule_decides_what_a_challenge_is_worth():
    bonus = make_rule("bonus", on="challenge.completed", earn="7", when="challenge = 'five' and target = 1")
    keeping = make_keeping(make_challenge(1), rules=(bonus,))
    keeping.story.buy("ada", "1")
    keeping.follow()

    assert keeping.story.available("ada") == 57
