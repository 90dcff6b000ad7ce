"""Members climb ladders by what they do, fall as time passes, and are rolled back by corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plaudit.earning.tests.factories import make_event, make_rule, purchase, refund
from plaudit.foundation.jobs.periodic import run_due
from plaudit.foundation.tests.examples import examples
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.people.actions.merging import merge_identities, separate_identities
from plaudit.people.tests.factories import ACTOR, make_member
from plaudit.targeting.actions.offering import publish_offers
from plaudit.targeting.actions.publish_segments import publish_segments
from plaudit.targeting.definitions import Keep, Measure, Offer, Within
from plaudit.targeting.refusals import StandingTaken
from plaudit.targeting.tests.climbing import climbing, kept, member, on, publish, settle, standing, told
from plaudit.targeting.tests.ladders import make_ladder
from plaudit.targeting.tests.segments import make_segment

TODAY = date(2026, 3, 2)
ROLLING = {"within": Within.MONTHS, "months": 12}


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def test_points_earned_reach_a_level_and_rules_may_ask_for_it():
    story = climbing(make_ladder(10, 100))
    with on(TODAY):
        story.buy("ada", "100", at=at(TODAY))
        story.buy("bob", "99", at=at(TODAY))
        settle(story)

        assert (standing(story, "ada"), standing(story, "bob")) == ("l1", "l0")
        assert [(one["level"], one["before"]) for one in told(story, "tier.reached")] == [
            ("l1", ""),
            ("l0", ""),
        ]


def test_spending_points_takes_no_level_away():
    story = climbing(
        make_ladder(10),
        rules=(make_rule(), make_rule("fee", on="fee", take="10")),
        types={"fee": {}},
    )
    with on(TODAY):
        story.buy("ada", "10", at=at(TODAY))
        story.send(make_event("fee", "ada", {}, at=at(TODAY)))
        settle(story)

        assert story.available("ada") == 0
        assert standing(story, "ada") == "l0"


@pytest.mark.parametrize(
    "measure, level",
    [
        (Measure(on="purchase"), "l0"),
        (Measure(on="purchase", when="amount >= 20"), None),
        (Measure(on="purchase", amount="floor(amount)"), "l1"),
        (Measure(on="purchase", when="channel = 'web'", amount="floor(amount)"), "l0"),
    ],
)
def test_a_ladder_counts_what_its_file_says(measure, level):
    story = climbing(make_ladder(2, 40, measure=measure))
    with on(TODAY):
        story.buy("ada", "15", at=at(TODAY), channel="web")
        story.buy("ada", "25", at=at(TODAY))
        settle(story)

        assert standing(story, "ada") == level


def test_several_ladders_stand_beside_each_other():
    points = make_ladder(100)
    visits = replace(make_ladder(1, 2), key="visits-made", measure=Measure(on="purchase"))
    story = climbing(points, visits)
    with on(TODAY):
        story.buy("ada", "15", at=at(TODAY))
        settle(story)

        assert standing(story, "ada") is None
        assert standing(story, "ada", "visits_made") == "l0"


def test_a_correction_rolls_a_level_back_and_says_so():
    story = climbing(make_ladder(10, 100))
    with on(TODAY):
        story.buy("ada", "60", at=at(TODAY), id="first")
        story.buy("ada", "60", at=at(TODAY), id="second")
        settle(story)
        story.send(refund("second", "30", at=at(TODAY)))
        settle(story)

        assert standing(story, "ada") == "l0"
        (left,) = told(story, "tier.left")
        assert (left["before"], left["level"], left["because"]) == ("l1", "l0", "activity")


def test_what_was_bought_before_the_ladder_counts_and_nobody_is_told():
    story = climbing()
    with on(TODAY):
        for _ in range(3):
            story.buy("ada", "60", at=at(TODAY))
        publish(story, make_ladder(10, 100))
        settle(story)

        assert standing(story, "ada") == "l1"
        assert told(story, "tier.reached") == []


def test_a_level_is_warned_of_once_and_goes_on_its_day():
    ladder = make_ladder(10, warn_days=30, keep=Keep.MONTHS, keep_months=12, **ROLLING)
    story = climbing(ladder)
    with on(TODAY):
        story.buy("ada", "10", at=at(TODAY))
        settle(story)
    falls_on = date(2027, 3, 2)
    for days_before in (40, 30, 29, 1):
        with on(falls_on - timedelta(days=days_before)):
            settle(story)
            assert len(told(story, "tier.will_leave")) == (0 if days_before > 30 else 1)
            assert standing(story, "ada") == "l0"
    with on(falls_on):
        settle(story)
    assert standing(story, "ada") is None
    (warned,) = told(story, "tier.will_leave")
    assert (warned["falls_on"], warned["falls_to"]) == ("2027-03-02", "")
    assert told(story, "tier.left")[0]["because"] == "time"


def test_time_alone_brings_the_happenings_about():
    ladder = make_ladder(10, warn_days=30, **ROLLING)
    story = climbing(ladder, time_zone="Pacific/Auckland")
    with on(TODAY):
        story.buy("ada", "10", at=at(TODAY))
        assert "1 events counted for tiers" in run_due(story.organisation.id)
    with on(date(2027, 3, 4)):
        assert "1 members stand on another level" in run_due(story.organisation.id)
    assert standing(story, "ada") is None


def test_an_event_dated_ahead_counts_when_its_day_comes():
    story = climbing(make_ladder(10))
    with on(TODAY):
        story.buy("ada", "10", at=at(TODAY + timedelta(days=5)))
        settle(story)
        assert standing(story, "ada") is None
    with on(TODAY + timedelta(days=5)):
        settle(story)
        assert standing(story, "ada") == "l0"


def test_a_changed_ladder_places_everybody_anew_and_a_removed_one_nobody():
    story = climbing(make_ladder(10))
    with on(TODAY):
        story.buy("ada", "50", at=at(TODAY))
        settle(story)
        publish(story, make_ladder(10, 50))
        settle(story)
        assert standing(story, "ada") == "l1"
        assert [one["because"] for one in told(story, "tier.reached")] == ["activity", "ladder"]

        publish(story)
        assert standing(story, "ada") is None


def test_everybody_stands_on_a_level_that_takes_nothing():
    story = climbing(make_ladder(0, 10))
    make_member(story.organisation.id, external_ids=[("till", "eve")])
    with on(TODAY):
        settle(story)
        assert standing(story, "eve") == "l0"
        story.send(purchase("new", "1", at=at(TODAY)))
        settle(story)
        assert standing(story, "new") == "l0"


def test_a_ladder_is_climbed_by_its_audience_only():
    story = climbing(make_ladder(10, audience=("staff",)))
    make_member(story.organisation.id, kind="staff", external_ids=[("till", "sam")])
    with on(TODAY):
        story.send(purchase("ada", "10", at=at(TODAY)), purchase("sam", "10", at=at(TODAY)))
        settle(story)
        assert (standing(story, "ada"), standing(story, "sam")) == (None, "l0")


def test_two_who_are_one_climb_together_until_they_are_two_again():
    story = climbing(make_ladder(10, 20))
    with on(TODAY):
        story.send(purchase("ada", "10", at=at(TODAY)), purchase("ida", "10", at=at(TODAY)))
        settle(story)
        ada, ida = member(story, "ada"), member(story, "ida")
        made = merge_identities(
            story.organisation.id, survivor_id=ada, absorbed_id=ida, reason="one", actor=ACTOR
        )
        settle(story)
        assert standing(story, "ada") == "l1"
    with on(TODAY + timedelta(days=1)):
        separate_identities(story.organisation.id, merge_id=made.id, reason="two", actor=ACTOR)
        settle(story)
        assert (standing(story, "ada"), standing(story, "ida")) == ("l0", "l0")


def test_two_programmes_cannot_say_the_same_of_a_member():
    story = climbing(make_ladder(10))
    at_work = story.organisation.id
    with pytest.raises(StandingTaken):
        publish(story, make_ladder(20), programme="other")
    with pytest.raises(StandingTaken):
        publish_segments(at_work, "other", time_zone="UTC", segments=[make_segment("visits > 1", "tier")])
    with pytest.raises(StandingTaken):
        publish_offers(at_work, "other", time_zone="UTC", offers=[Offer("tier", "Tier")])


@settings(max_examples=examples(4), phases=(Phase.generate,), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40), st.sampled_from("abc")), max_size=8),
    st.tuples(st.integers(0, 400), st.integers(1, 40), st.sampled_from("abc")),
    st.sampled_from([1, 3, 100]),
)
def test_an_event_and_its_correction_leave_every_tier_as_if_neither_had_been(bought, undone, pages):
    """Points, spend and counts, in any order of arrival: what is kept is what it would have been."""
    spend = replace(make_ladder(10, 40), key="spend", measure=Measure(on="purchase", amount="floor(amount)"))
    visits = replace(make_ladder(1, 3), key="visits", measure=Measure(on="purchase"))
    points = make_ladder(5, 50, keep=Keep.MONTHS, keep_months=6, **ROLLING)
    story, first = climbing(points, spend, visits), date(2025, 1, 1)
    events = [
        purchase(name, str(amount), at=at(first + timedelta(days=days)), id=f"e{place}")
        for place, (days, amount, name) in enumerate(bought)
    ]
    with on(TODAY):
        for start in range(0, len(events), pages):
            story.send(*events[start : start + pages])
            settle(story)
        settle(story)
        before = kept(story)
        days, amount, name = undone
        moment = at(first + timedelta(days=days))
        story.send(purchase(name, str(amount), at=moment, id="undone"))
        settle(story)
        story.send(make_event("purchase.cancelled", None, {}, at=moment, corrects="undone"))
        settle(story)
        after = kept(story)
    places = {one[0]: one for one in before[2]}
    assert after[:2] == before[:2]
    assert [one for one in after[2] if one[1] or one[4]] == [one for one in before[2] if one[1] or one[4]], (
        places
    )


@rounds
def test_what_many_count_at_once_counts_once(round_: int):
    story = climbing(make_ladder(10, 30))

    def contend(_: int) -> None:
        with on(TODAY):  # each in a thread of its own, where it is the real day
            settle(story)

    with on(TODAY):
        story.send(*(purchase(name, "10", at=at(TODAY)) for name in ("ada", "ada", "bob")))

        at_once(CONTENDERS, contend)

        assert (standing(story, "ada"), standing(story, "bob")) == ("l0", "l0")
        assert [(times, amount) for *_, times, amount in kept(story)[1]] == [(2, 20), (1, 10)]
        assert len(told(story, "tier.reached")) == 2
