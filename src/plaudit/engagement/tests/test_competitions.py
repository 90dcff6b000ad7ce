"""Competitions: places that are always right, results that stand, and prizes given once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.earning.tests.factories import NOON, make_event, make_rule, purchase
from plaudit.engagement.actions.competing import decide_rounds
from plaudit.engagement.models import Part as PartRow
from plaudit.engagement.models import Result
from plaudit.engagement.queries.ranking import Ranked, around, leaders
from plaudit.engagement.rules.ranking import ahead_of, drawers_of
from plaudit.engagement.tests.factories import Keeping, make_competition, make_keeping
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.examples import examples
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds

MARCH = "2026-03"
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
PRIZES = tuple(
    make_rule(f"place-{place}", on="competition.won", earn=str(400 - place * 100), when=f"place = {place}")
    for place in (1, 2, 3)
)


def compete(keeping: Keeping, *amounts: tuple[str, int]) -> None:
    minute = timedelta(minutes=1)
    keeping.story.send(
        *(purchase(who, str(much), at=NOON + n * minute, id=f"p{n}") for n, (who, much) in enumerate(amounts))
    )
    keeping.follow()


def part_id(keeping: Keeping) -> int:
    return PartRow.objects.get(organisation_id=keeping.organisation, kind="competition").id


def near(keeping: Keeping, who: str, neighbours: int = 2, *, shares: bool = False) -> list[Ranked]:
    with in_organisation(keeping.organisation):
        return around(
            keeping.organisation,
            part_id(keeping),
            MARCH,
            keeping.member_of(who),
            neighbours=neighbours,
            shares=shares,
        )


def decided(keeping: Keeping) -> dict[str, int]:
    with clock.frozen_at(APRIL):
        decide_rounds(keeping.organisation)
    with in_organisation(keeping.organisation):
        return {
            str(one.member_id): one.place
            for one in Result.objects.filter(organisation_id=keeping.organisation)
        }


ALL = (("ada", 50), ("bob", 30), ("cy", 30), ("dan", 20), ("eve", 10))


def test_a_member_stands_between_their_neighbours_and_whoever_was_first_is_ahead():
    keeping = make_keeping(make_competition())
    compete(keeping, *ALL)

    found = near(keeping, "cy", 1)
    assert [(one.place, one.amount // 100) for one in found] == [(2, 30), (3, 30), (4, 20)]
    assert found[1].member_id == keeping.member("cy")
    assert [one.place for one in near(keeping, "ada")] == [1, 2, 3]
    assert [one.place for one in near(keeping, "eve")] == [3, 4, 5]


def test_a_shared_place_leaves_the_next_one_out():
    keeping = make_keeping(make_competition(shares_places=True))
    compete(keeping, *ALL)

    assert [one.place for one in near(keeping, "dan", 3, shares=True)] == [1, 2, 2, 4, 5]
    with in_organisation(keeping.organisation):
        first = leaders(keeping.organisation, part_id(keeping), MARCH, limit=2, shares=True)
    assert [one.place for one in first] == [1, 2, 2]


def test_a_correction_moves_places_at_once():
    keeping = make_keeping(make_competition())
    compete(keeping, *ALL)
    keeping.story.send(make_event("purchase.cancelled", None, {}, corrects="p0"))
    keeping.follow()

    assert [one.place for one in near(keeping, "bob", 1)] == [1, 2]
    assert near(keeping, "ada") == []


def test_prizes_are_given_at_the_end_and_corrections_after_it_change_nothing():
    keeping = make_keeping(make_competition(), rules=PRIZES)
    compete(keeping, *ALL)
    with clock.frozen_at(APRIL - timedelta(seconds=1)):
        assert decide_rounds(keeping.organisation) == 0
    places = decided(keeping)
    assert [keeping.story.available(who) for who, _ in ALL] == [300, 200, 100, 0, 0]

    keeping.story.send(make_event("purchase.cancelled", None, {}, corrects="p0"))
    keeping.follow()
    assert decided(keeping) == places
    assert keeping.story.available("ada") == 300
    assert keeping.progress("ada") == {}


def test_it_is_decided_only_when_late_events_have_had_their_days():
    keeping = make_keeping(make_competition(wait_days=3), rules=PRIZES)
    compete(keeping, *ALL)

    assert decided(keeping) == {}


@rounds
def test_a_round_decided_by_many_at_once_gives_its_prizes_once(round_: int):
    keeping = make_keeping(make_competition(), rules=PRIZES)
    compete(keeping, *ALL)

    def decide(_: int) -> int:
        with clock.frozen_at(APRIL):
            return decide_rounds(keeping.organisation)

    counts = at_once(CONTENDERS, decide)

    assert sorted(map(str, counts), reverse=True)[:2] == ["1", "0"]
    assert [keeping.story.available(who) for who, _ in ALL] == [300, 200, 100, 0, 0]


@given(st.lists(st.integers(1, 10**8) | st.integers(1, 3000), min_size=1, max_size=30), st.data())
def test_who_is_ahead_is_tallied_once_and_nobody_else_is(amounts, data):
    own = data.draw(st.sampled_from(amounts))
    tallied = [drawer for amount in amounts for drawer in drawers_of(amount)]
    ahead = sum(
        one.first <= drawer.number < one.end and one.level == drawer.level
        for one in ahead_of(own)
        for drawer in tallied
    )
    assert ahead == sum(amount > own for amount in amounts)


@pytest.mark.parametrize("shares", [False, True])
@settings(max_examples=examples(8))
@given(
    bought=st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 30)), min_size=1, max_size=12),
    undone=st.sets(st.integers(0, 11)),
)
def test_places_are_those_of_a_recount_whatever_was_corrected(shares, bought, undone):
    keeping = make_keeping(make_competition(shares_places=shares))
    compete(keeping, *bought)
    left: dict[str, int] = {}
    for number, (who, amount) in enumerate(bought):
        if number in undone:
            keeping.story.send(make_event("purchase.cancelled", None, {}, corrects=f"p{number}"))
        else:
            left[who] = left.get(who, 0) + amount
    keeping.follow(at_most=3)

    for who, amount in left.items():
        own = next(one for one in near(keeping, who, shares=shares) if one.member_id == keeping.member(who))
        ahead = sum(other > amount for other in left.values())
        alike = sum(other == amount for other in left.values())
        assert ahead < own.place <= ahead + (1 if shares else alike)
