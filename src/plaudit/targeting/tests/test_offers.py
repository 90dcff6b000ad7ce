"""Offers are made to a segment or a person, some of whom are kept back, accepted, and ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaudit.earning.tests.factories import Story, purchase
from plaudit.foundation.jobs.periodic import run_due
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.targeting.actions.offering import accept_offer, draw, make_offer, make_offers, publish_offers
from plaudit.targeting.definitions import Measure, Offer
from plaudit.targeting.models import Drawn
from plaudit.targeting.queries.offers import report_of
from plaudit.targeting.refusals import OfferNotMade, OfferOver
from plaudit.targeting.rules.comparing import difference, share, shown
from plaudit.targeting.rules.drawing import in_control
from plaudit.targeting.tests.climbing import climbing, member, on, settle, standing, told
from plaudit.targeting.tests.segments import keep_segments, make_segment

TODAY = date(2026, 3, 2)
NAMES = [f"m{number}" for number in range(40)]


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def offering(*offers: Offer) -> Story:
    """Forty regulars, settled, and these offers."""
    story = climbing()
    with on(TODAY):
        keep_segments(story, make_segment("visits >= 1"))
        story.send(*(purchase(name, "10", at=at(TODAY)) for name in NAMES))
        settle(story)
        publish(story, *offers)
    return story


def publish(story: Story, *offers: Offer) -> None:
    publish_offers(story.organisation.id, "main", time_zone="UTC", offers=offers)


def drawn(story: Story) -> dict[UUID, bool]:
    with in_organisation(story.organisation.id):
        rows = Drawn.objects.filter(organisation_id=story.organisation.id)
        return dict(rows.values_list("member_id", "is_control"))


def make(**parts: Any) -> Offer:
    return Offer("spring", "Spring", **{"segment": "regulars", **parts})


def test_a_share_of_the_segment_gets_nothing_and_stays_so():
    story = offering(make(control_percent=50))
    with on(TODAY):
        draw(story.organisation.id)
        first = drawn(story)
        publish(story, make(control_percent=10))
        draw(story.organisation.id)

    assert drawn(story) == first
    assert 5 < sum(first.values()) < 35
    for name in NAMES:
        assert standing(story, name, "spring") == (None if first[member(story, name)] else True)
    assert sum(len(one["members"]) for one in told(story, "offer.made")) == 40 - sum(first.values())


def test_an_offer_is_made_while_it_runs_and_to_those_who_come():
    story = offering(make(starts_at=at(TODAY + timedelta(days=2)), ends_at=at(TODAY + timedelta(days=4))))
    with on(TODAY):
        run_due(story.organisation.id)
        assert drawn(story) == {}
    with on(TODAY + timedelta(days=3)):
        story.buy("late", "5", at=at(TODAY + timedelta(days=3)))
        run_due(story.organisation.id)
        assert len(drawn(story)) == 41
        assert standing(story, "late", "spring") is True
    with on(TODAY + timedelta(days=4)):
        run_due(story.organisation.id)
        assert standing(story, "late", "spring") is None


def test_an_offer_to_be_accepted_holds_once_it_is():
    story = offering(make(accept=True, control_percent=50))
    at_work = story.organisation.id
    with on(TODAY):
        draw(at_work)
        groups = drawn(story)
        (lucky, *_), (kept_back, *_) = (
            [one for one in groups if groups[one] is control] for control in (False, True)
        )
        accept_offer(at_work, "main", "spring", member_id=lucky)
        accept_offer(at_work, "main", "spring", member_id=lucky)
        with pytest.raises(OfferNotMade):
            accept_offer(at_work, "main", "spring", member_id=kept_back)
        assert [standing(story, name, "spring") for name in NAMES].count(True) == 1
        assert len(told(story, "offer.accepted")) == 1
        publish(story, make(accept=True, ends_at=at(TODAY)))
        with pytest.raises(OfferOver):
            accept_offer(at_work, "main", "spring", member_id=lucky)


def test_an_offer_to_one_person_is_made_once():
    story = offering(make(segment=""))
    one = member(story, "m1")
    for _ in range(2):
        make_offer(story.organisation.id, "main", "spring", member_id=one, actor="usr_0")
    assert drawn(story) == {one: False}
    assert standing(story, "m1", "spring") is True


def test_an_offer_to_a_list_is_made_to_everybody_on_it_once():
    story = offering(make(segment=""))
    at_work, listed = story.organisation.id, [member(story, name) for name in NAMES[:9]]
    made = [make_offers(at_work, "main", "spring", members=listed[:until], actor="usr_0") for until in (6, 9)]
    assert made == [6, 3]
    assert drawn(story) == dict.fromkeys(listed, False)
    assert [standing(story, name, "spring") for name in NAMES].count(True) == 9
    assert sum(len(one["members"]) for one in told(story, "offer.made")) == 9


def test_what_is_done_after_the_last_day_does_not_count_for_the_report():
    story = offering(make(goal=Measure(on="purchase"), ends_at=at(TODAY)))
    with on(TODAY - timedelta(days=1)):
        settle(story)
        draw(story.organisation.id)
    ends = datetime.combine(TODAY, time(), UTC)
    publish(story, make(goal=Measure(on="purchase"), ends_at=ends))
    with on(TODAY + timedelta(days=1)):
        settle(story)
        with in_organisation(story.organisation.id):
            assert report_of(story.organisation.id, "main", "spring").exposed.did == 0


def test_the_report_lays_both_groups_side_by_side():
    story = offering(make(control_percent=50, goal=Measure(on="purchase", when="amount > 50")))
    with on(TODAY):
        settle(story)
        draw(story.organisation.id)
        groups = drawn(story)
        buyers = [name for name in NAMES if not groups[member(story, name)]][:1]
        story.send(*(purchase(name, "60", at=at(TODAY)) for name in buyers))
        settle(story)
        with in_organisation(story.organisation.id):
            report = report_of(story.organisation.id, "main", "spring")

    assert (report.exposed.did, report.exposed.of) == (1, 40 - sum(groups.values()))
    assert (report.control.did, report.control.of) == (0, sum(groups.values()))
    assert report.difference is not None and not report.difference.is_clear


def test_intervals_are_those_that_were_published():
    """Newcombe, Stat. Med. 17 (1998): 81 of 263 alone (p. 861), and 56 of 70 beside 48 of 80 (p. 876)."""
    one = share(81, 263)
    assert (shown(one.low), shown(one.high)) == ("0.2553", "0.3662")
    both = difference(share(56, 70), share(48, 80))
    assert both is not None and both.is_clear
    assert (shown(both.rate), shown(both.low), shown(both.high)) == ("0.2000", "0.0524", "0.3339")


@given(st.integers(0, 200), st.integers(0, 200))
def test_an_interval_holds_its_share(did, others):
    one = share(did, did + others)
    assert Decimal(0) <= one.low <= one.rate <= one.high <= Decimal(1)


@given(st.binary(min_size=32, max_size=32), st.uuids(), st.integers(0, 99))
def test_a_greater_share_takes_nobody_out_of_the_control_group(key, member_id, percent):
    assert in_control(key, member_id, percent + 1) >= in_control(key, member_id, percent)
    assert not in_control(key, member_id, 0)
    assert in_control(key, member_id, 100)


def test_the_share_kept_back_is_the_share_asked_for():
    key = bytes(range(32))
    kept_back = sum(in_control(key, UUID(int=number << 64), 20) for number in range(10_000))
    assert 1_850 < kept_back < 2_150  # 20 % of 10,000 within four standard deviations


@rounds
def test_whoever_draws_at_once_draws_everybody_once(round_: int):
    story = offering(make(control_percent=50))

    at_once(CONTENDERS, lambda _: draw(story.organisation.id))

    assert len(drawn(story)) == 40
    assert sum(len(one["members"]) for one in told(story, "offer.made")) == 40 - sum(drawn(story).values())


@rounds
def test_an_offer_accepted_by_many_at_once_is_accepted_once(round_: int):
    story = offering(make(accept=True))
    draw(story.organisation.id)
    one = member(story, "m1")

    at_once(CONTENDERS, lambda _: accept_offer(story.organisation.id, "main", "spring", member_id=one))

    assert len(told(story, "offer.accepted")) == 1


@rounds
def test_an_offer_made_to_a_list_by_many_at_once_is_made_to_each_once(round_: int):
    story = offering(make(segment=""))
    at_work, listed = story.organisation.id, [member(story, name) for name in NAMES[:9]]

    made = at_once(
        CONTENDERS, lambda _: make_offers(at_work, "main", "spring", members=listed, actor="usr_0")
    )

    assert sorted(made, key=str) == [0] * (CONTENDERS - 1) + [9]
    assert drawn(story) == dict.fromkeys(listed, False)
    assert sum(len(one["members"]) for one in told(story, "offer.made")) == 9
