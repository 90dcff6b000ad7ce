"""Points that wait for a confirmation become spendable with it, in whatever order the two arrive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plaudit.activity.events import IncomingEvent
from plaudit.earning.tests.factories import NOON, Story, make_event, make_rule, make_story, purchase, refund
from plaudit.foundation import clock
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.verification.verify import verify

WAITING = make_rule(pending_until="order.delivered")


def make_waiting_story() -> Story:
    return make_story(WAITING, types={"order.delivered": {"confirms": {"kind": "text"}}})


def delivered(of: str, *, member: str | None = "ada", days: int = 0) -> IncomingEvent:
    """An order reached its member."""
    return make_event("order.delivered", member, {"confirms": of}, at=NOON + timedelta(days=days))


def has(story: Story, member: str = "ada") -> tuple[int, int]:
    return story.available(member), story.pending(member)


def test_points_wait_until_they_are_confirmed_however_long_that_takes():
    story = make_waiting_story()
    with clock.frozen_at(NOON):
        story.send(purchase("ada", "10", id="a"), purchase("ada", "7", id="b"))
    with clock.frozen_at(NOON + timedelta(days=300)):
        assert has(story) == (0, 17)
        story.send(delivered("a", days=300))
        assert has(story) == (10, 7)
        story.send(delivered("a", days=300))  # told again, by another event
        assert has(story) == (10, 7)
        assert verify(story.organisation.id).broken() == []


def test_a_confirmation_that_names_nobody_confirms_what_is_there():
    story = make_waiting_story()
    story.buy("ada", "10", id="a")
    story.send(delivered("a", member=None))
    assert has(story) == (10, 0)


@pytest.mark.parametrize(
    "arrive",
    [
        lambda s, *events: s.send(*events),
        lambda s, *events: s.send(*events[::-1]),
        lambda s, *events: [s.send(one) for one in events[::-1]],
    ],
    ids=["together", "together, turned round", "one by one, turned round"],
)
def test_a_confirmation_may_arrive_first(arrive: Callable[..., object]):
    story = make_waiting_story()
    arrive(story, purchase("ada", "10", id="a"), delivered("a"))
    assert has(story) == (10, 0)


@pytest.mark.parametrize("first", ["refund", "delivery"])
def test_a_refund_before_or_after_the_confirmation_leaves_what_is_right(first: str):
    story = make_waiting_story()
    story.buy("ada", "10", id="a")
    both = [refund("a", "4"), delivered("a")]
    for event in both if first == "refund" else both[::-1]:
        story.send(event)
    assert has(story) == (6, 0)
    story.send(refund("a", "6"))
    assert has(story) == (0, 0)
    assert verify(story.organisation.id).broken() == []


def test_a_deduction_in_the_same_batch_finds_what_was_confirmed_before_it():
    take = make_rule("return", when="amount < 0", take="floor(abs(amount))")
    story = make_story(
        make_rule(when="amount > 0", pending_until="order.delivered"),
        take,
        may_owe=False,
        types={"order.delivered": {"confirms": {"kind": "text"}}},
    )
    story.send(purchase("ada", "10", id="a"), delivered("a"), purchase("ada", "-4"))
    assert has(story) == (6, 0)


def test_many_confirmations_cost_no_more_statements_than_few():
    def statements(members: int) -> int:
        story = make_waiting_story()
        names = [f"m{number}" for number in range(members)]
        story.send(*(purchase(name, "10", id=f"o-{name}") for name in names))
        with CaptureQueriesContext(connection) as captured:
            story.send(*(delivered(f"o-{name}", member=name) for name in names))
        assert sum(story.available(name) for name in names) == 10 * members
        return len(captured)

    assert statements(2) == statements(20)


@rounds
def test_what_waits_is_confirmed_once_among_twenty_at_once(round_: int):
    story = make_waiting_story()
    story.buy("ada", "10", id="a")
    at_once(CONTENDERS, lambda number: story.send(delivered("a")))
    assert has(story) == (10, 0)
