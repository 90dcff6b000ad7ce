"""Following the book: every event once a follower, none skipped, and what is undone of each."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from fractions import Fraction

import pytest
from django.db import connection

from plaudit.activity.following import FollowedEvent, begin_to_follow, follow, waits_since
from plaudit.activity.refusals import SourceReserved
from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.earning.outcomes import Status
from plaudit.earning.tests.factories import NOON, Story, make_event, make_rule, make_story, purchase, refund
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.resolving import find_members

NAME = "test"


def started(**how: bool) -> Story:
    story = make_story()
    with in_organisation(story.organisation.id):
        begin_to_follow(story.organisation.id, NAME, **how)
    return story


def pages(story: Story, *, at_most: int = 100) -> list[list[FollowedEvent]]:
    found: list[list[FollowedEvent]] = []
    while follow(story.organisation.id, NAME, lambda page: found.append(list(page)), at_most=at_most):
        pass
    return found


def given(story: Story, *, at_most: int = 100) -> list[str]:
    return [
        str(event.data.get("amount", event.type)) for page in pages(story, at_most=at_most) for event in page
    ]


@pytest.mark.parametrize("at_most", [1, 2, 3, 5, 100])
def test_pages_of_any_size_give_every_event_once_and_in_order(at_most):
    story = started()
    for batch in range(3):
        story.send(*(purchase("ada", f"1{batch}{number}") for number in range(3)))

    assert given(story, at_most=at_most) == [f"1{batch}{number}" for batch in range(3) for number in range(3)]
    assert given(story) == []


def test_from_the_end_gives_only_what_comes_and_from_the_beginning_all():
    story = make_story()
    story.buy("ada", "1")
    with in_organisation(story.organisation.id):
        begin_to_follow(story.organisation.id, NAME)
        begin_to_follow(story.organisation.id, "all", from_beginning=True)
    story.buy("ada", "2")
    everything: list[FollowedEvent] = []

    follow(story.organisation.id, "all", everything.extend)

    assert given(story) == ["2"]
    assert [str(event.data["amount"]) for event in everything] == ["1", "2"]


def test_a_follower_that_never_began_is_given_nothing():
    story = make_story()
    story.buy("ada", "1")

    assert pages(story) == []
    with in_organisation(story.organisation.id):
        assert waits_since(story.organisation.id, NAME) is None


def test_it_waits_since_the_first_event_it_has_not_seen():
    story = started()
    outcome = story.buy("ada", "1")
    assert outcome.status is Status.RECORDED
    with in_organisation(story.organisation.id):
        assert waits_since(story.organisation.id, NAME) is not None
    pages(story)
    with in_organisation(story.organisation.id):
        assert waits_since(story.organisation.id, NAME) is None


def test_what_a_page_was_made_into_and_the_place_are_one():
    story = started()
    story.buy("ada", "1")

    def fail(_: Sequence[FollowedEvent]) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        follow(story.organisation.id, NAME, fail)
    assert given(story) == ["1"]


def test_a_slow_writers_events_are_never_skipped():
    story = started()
    story.send(purchase("slow", "0"), purchase("quick", "0"))
    pages(story)
    wrote, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with in_organisation(story.organisation.id):
                story.buy("slow", "1")
                wrote.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert wrote.wait(30)
    story.buy("quick", "2")
    before = given(story)
    may_end.set()
    writer.join()

    assert before == []
    assert given(story) == ["1", "2"]


@rounds
def test_followers_at_once_give_each_page_to_one_of_them(round_: int):
    story = started()
    for number in range(5):
        story.buy("ada", str(number))
    seen: list[FollowedEvent] = []

    counts = at_once(CONTENDERS, lambda _: follow(story.organisation.id, NAME, seen.extend, at_most=2))

    assert sorted(map(str, counts), reverse=True)[:4] == ["2", "2", "1", "0"]
    assert [str(event.data["amount"]) for event in seen] == ["0", "1", "2", "3", "4"]


def test_a_correction_gives_what_it_corrects_again_with_how_much_is_undone():
    story = started()
    story.buy("ada", "100", id="p")
    (first,) = pages(story)
    story.send(refund("p", "25"))
    (second,) = pages(story)
    story.send(make_event("purchase.cancelled", None, {}, corrects="p"))
    (third,) = pages(story)

    assert [(event.type, event.undone, event.corrects) for event in first] == [
        ("purchase", Fraction(0), None)
    ]
    assert [(event.type, event.undone) for event in second] == [
        ("purchase.refunded", Fraction(0)),
        ("purchase", Fraction(1, 4)),
    ]
    assert second[0].corrects == second[1].id == first[0].id
    assert third[-1].undone == 1


def test_a_correction_that_came_first_is_known_when_the_event_comes():
    story = started()
    story.send(refund("p", "50"))
    (first,) = pages(story)
    story.buy("ada", "100", id="p")
    (second,) = pages(story)

    assert [(event.type, event.corrects) for event in first] == [("purchase.refunded", None)]
    assert [(event.type, event.undone) for event in second] == [("purchase", Fraction(1, 2))]


def test_in_one_page_an_event_stands_once_behind_its_corrections():
    story = started()
    story.send(purchase("ada", "100", id="p"), purchase("ada", "7"), refund("p", "50"), refund("p", "25"))

    (page,) = pages(story)

    assert [(event.type, event.undone) for event in page] == [
        ("purchase", Fraction(0)),
        ("purchase.refunded", Fraction(0)),
        ("purchase.refunded", Fraction(0)),
        ("purchase", Fraction(3, 4)),
    ]


def test_the_programmes_own_activity_earns_and_is_taken_back_like_any_other():
    story = make_story(
        make_rule("done", on="feat", earn="50"),
        types={"feat": {"what": {"kind": "text"}}},
    )
    with in_organisation(story.organisation.id):
        from_outside = story.buy("ada", "1")
        assert from_outside.member_id is not None
        feat = OwnActivity("feat:1", "feat", from_outside.member_id, NOON, {"what": "five"})
        (first,), (again,) = (record_own(story.organisation.id, [feat]) for _ in range(2))
        assert find_members(story.organisation.id, [("plaudit", str(from_outside.member_id))]) == {}

    assert (first.status, again.status) == (Status.RECORDED, Status.REPEATED)
    assert story.available("ada") == 50


def test_nobody_else_reports_as_plaudit():
    story = make_story()
    event = purchase("ada", "5")
    (outcome,) = story.send(type(event)("plaudit", "x", event.type, "ada", None, event.time, event.data))

    assert outcome.status is Status.REFUSED
    assert isinstance(outcome.refusal, SourceReserved)
