"""Members are in a segment while its condition holds, kept up with the book and with the days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaudit.earning.tests.factories import make_event, purchase
from plaudit.foundation.jobs.periodic import run_due
from plaudit.people.tests.factories import make_member, make_team
from plaudit.targeting.actions.publish_segments import take_snapshot
from plaudit.targeting.definitions import FactKind
from plaudit.targeting.rules.facts import cuts_of, rank
from plaudit.targeting.tests.climbing import climbing, on, settle, standing, told
from plaudit.targeting.tests.ladders import make_ladder
from plaudit.targeting.tests.segments import FACTS, how_many_belong, keep_segments, make_segment

TODAY = date(2026, 3, 2)
BY_NAME = {fact.name: fact for fact in FACTS}


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@pytest.mark.parametrize(
    "when, inside",
    [
        ("visits >= 2", True),
        ("visits >= 3", False),
        ("spent > 20", True),
        ("last <= 3", True),
        ("last < 3", False),
        ("member.kind = 'customer' and member.city = 'Leeds'", True),
        ("member.city = 'York'", False),
        ("member.tier = 'l0'", True),
        ("best = 1 and fresh = 5", True),
    ],
)
def test_a_member_is_in_where_the_condition_holds(when, inside):
    story = climbing(make_ladder(10))
    make_member(story.organisation.id, external_ids=[("till", "ada")], attributes={"city": "Leeds"})
    with on(TODAY):
        for days in (3, 30, 100):
            story.buy("ada", "15", at=at(TODAY - timedelta(days=days)))
        settle(story)
        keep_segments(story, make_segment(when))
        settle(story)

        assert standing(story, "ada", "regulars") == (True if inside else None)
        assert how_many_belong(story) == int(inside)


def test_activity_sorts_at_once_and_a_correction_sorts_back():
    story = climbing()
    with on(TODAY):
        keep_segments(story, make_segment("visits >= 2"))
        settle(story)
        story.buy("ada", "1", at=at(TODAY), id="one")
        story.buy("ada", "1", at=at(TODAY), id="two")
        run_due(story.organisation.id)
        assert standing(story, "ada", "regulars") is True
        story.send(make_event("purchase.cancelled", None, {}, at=at(TODAY), corrects="two"))
        run_due(story.organisation.id)
        assert standing(story, "ada", "regulars") is None
    assert [len(told(story, f"segment.{what}")) for what in ("entered", "left")] == [1, 1]


def test_days_alone_sort_members_in_and_out():
    story = climbing()
    with on(TODAY):
        keep_segments(story, make_segment("last > 30"), make_segment("visits > 0", "recent"))
        story.buy("ada", "1", at=at(TODAY))
        settle(story)
        assert (standing(story, "ada", "regulars"), standing(story, "ada", "recent")) == (None, True)
    with on(TODAY + timedelta(days=31)):
        run_due(story.organisation.id)
        assert (standing(story, "ada", "regulars"), standing(story, "ada", "recent")) == (True, True)
    with on(TODAY + timedelta(days=90)):
        run_due(story.organisation.id)
        assert (standing(story, "ada", "regulars"), standing(story, "ada", "recent")) == (True, None)


def test_a_segment_can_be_of_teams():
    story = climbing()
    sam = make_member(story.organisation.id, kind="staff", external_ids=[("till", "sam")])
    team = make_team(story.organisation.id, members=[sam])
    story.send(purchase("ada", "1"))
    keep_segments(story, make_segment("visits >= 0", teams=(team.key,)))
    settle(story)
    assert (standing(story, "sam", "regulars"), standing(story, "ada", "regulars")) == (True, None)


def test_a_snapshot_keeps_who_was_in_and_is_taken_once():
    story = climbing()
    with on(TODAY):
        keep_segments(story, make_segment("visits >= 1"))
        story.send(purchase("ada", "1", at=at(TODAY)), purchase("bob", "1", at=at(TODAY)))
        settle(story)
        first = take_snapshot(story.organisation.id, "main", "regulars", name="spring", actor="usr_0")
        story.send(purchase("cyd", "1", at=at(TODAY)))
        settle(story)
        again = take_snapshot(story.organisation.id, "main", "regulars", name="spring", actor="usr_0")
        assert (first.members, again.members, again.id) == (2, 2, first.id)
        assert how_many_belong(story) == 3


def test_a_segment_that_leaves_the_file_has_nobody_in_it():
    story = climbing()
    with on(TODAY):
        keep_segments(story, make_segment("visits >= 1"))
        story.send(purchase("ada", "1", at=at(TODAY)))
        settle(story)
        keep_segments(story)
        assert (how_many_belong(story), standing(story, "ada", "regulars")) == (0, None)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=60))
def test_ranks_rise_with_the_figure_and_equal_figures_are_equal(figures):
    cuts = cuts_of(figures)
    ranks = [rank(BY_NAME["best"], figure, cuts) or 0 for figure in sorted(figures)]
    assert ranks == sorted(ranks)
    assert len({figure: rank(BY_NAME["best"], figure, cuts) for figure in figures}) == len(set(figures))
    fewest = rank(BY_NAME["fresh"], min(figures), cuts)
    assert fewest == 5
    assert BY_NAME["fresh"].kind is FactKind.RANK_DAYS_SINCE


def test_of_a_hundred_different_figures_twenty_are_in_each_fifth():
    cuts = cuts_of(range(1, 101))
    ranks = [rank(BY_NAME["best"], figure, cuts) for figure in range(1, 101)]
    assert [ranks.count(number) for number in (1, 2, 3, 4, 5)] == [20] * 5
