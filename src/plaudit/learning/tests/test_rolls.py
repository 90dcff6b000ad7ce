"""Lists of who came: looked at, chosen, counted once, and taken back whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from plaudit.earning.uploads import kept_upload
from plaudit.foundation import clock
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.learning.actions import rolls
from plaudit.learning.actions.fall_due import forget_rows
from plaudit.learning.actions.rolls import (
    choose_likely,
    commit_roll,
    count_roll,
    read_again,
    reverse_roll,
    stop_roll,
    take_back_roll,
)
from plaudit.learning.lists import Columns
from plaudit.learning.queries.rolls import groups_of, outcomes_of, rows_of
from plaudit.learning.refusals import ListGone, ListNamesNobody, MadeOfSteps, NotThatFar, TooLate
from plaudit.learning.roll_models import Roll, RollRow
from plaudit.learning.tests.factories import ACTOR, NOON, Academy, make_academy


@pytest.fixture
def academy() -> Iterator[Academy]:
    with clock.frozen_at(NOON):
        yield make_academy()


def commit(academy: Academy, roll: Roll, **how: int) -> None:
    commit_roll(academy.id, roll_id=roll.id, actor=ACTOR)
    count_roll(academy.id, roll_id=roll.id, **how)


def state(academy: Academy, roll: Roll) -> str:
    with in_organisation(academy.id):
        return Roll.objects.get(id=roll.id).state


def test_a_list_is_sorted_counted_and_taken_back(academy):
    ada = academy.member("Ada Lovelace", email="ada@x.example")
    bo, cy = academy.member("Bo Lind"), academy.member("Cy Young")
    academy.completes(cy)
    roll = academy.stages(
        "Name,Mail", "Ada Lovelace,ada@x.example", "Bo Lindt,", "Cy Young,", "Nobody Known,"
    )
    with in_organisation(academy.id):
        assert dict(groups_of(roll)) == {"sure": 1, "likely": 1, "unknown": 1, "duplicate": 1}
        (likely,) = rows_of(roll, group="likely")
    assert roll.preview == {"people": 1, "points": {"points": 1_000}}
    assert academy.available(ada) == 0

    assert choose_likely(academy.id, roll_id=roll.id, choices={likely.number: cy}, actor=ACTOR) == 1
    assert choose_likely(academy.id, roll_id=roll.id, choices={likely.number: bo}, actor=ACTOR) == 2
    with in_organisation(academy.id):
        assert Roll.objects.get().preview == {"people": 2, "points": {"points": 2_000}}
    commit(academy, roll, at_a_time=1)

    assert state(academy, roll) == "done"
    assert [academy.available(one) for one in (ada, bo, cy)] == [1_000, 1_000, 1_000]
    with in_organisation(academy.id):
        assert dict(outcomes_of(roll)) == {"counted": 2}
    commit(academy, roll)
    with pytest.raises(NotThatFar):
        choose_likely(academy.id, roll_id=roll.id, choices={}, actor=ACTOR)

    reverse_roll(academy.id, roll_id=roll.id, reason="The wrong day", actor=ACTOR)
    assert take_back_roll(academy.id, roll_id=roll.id, at_a_time=1) == 2
    reverse_roll(academy.id, roll_id=roll.id, reason="The wrong day", actor=ACTOR)

    assert state(academy, roll) == "reversed"
    assert [academy.available(one) for one in (ada, bo, cy)] == [0, 0, 1_000]


def test_a_list_that_is_stopped_keeps_whom_it_counted_and_goes_on_or_is_taken_back(academy):
    people = [academy.member(name) for name in ("Ada Lovelace", "Bo Lind")]
    roll = academy.stages("Name", "Ada Lovelace", "Bo Lind")
    commit_roll(academy.id, roll_id=roll.id, actor=ACTOR)
    act(academy.id, partial(rolls._count_some, academy.id, roll.id, 1))
    stop_roll(academy.id, roll_id=roll.id, actor=ACTOR)

    assert count_roll(academy.id, roll_id=roll.id) == 0
    assert state(academy, roll) == "stopped"
    assert sorted(academy.available(one) for one in people) == [0, 1_000]

    commit(academy, roll)
    assert state(academy, roll) == "done"
    assert [academy.available(one) for one in people] == [1_000, 1_000]
    with pytest.raises(NotThatFar):
        stop_roll(academy.id, roll_id=roll.id, actor=ACTOR)


def test_a_list_that_is_stopped_is_taken_back(academy):
    people = [academy.member(name) for name in ("Ada Lovelace", "Bo Lind")]
    roll = academy.stages("Name", "Ada Lovelace", "Bo Lind")
    commit_roll(academy.id, roll_id=roll.id, actor=ACTOR)
    act(academy.id, partial(rolls._count_some, academy.id, roll.id, 1))
    stop_roll(academy.id, roll_id=roll.id, actor=ACTOR)

    reverse_roll(academy.id, roll_id=roll.id, reason="The wrong day", actor=ACTOR)
    take_back_roll(academy.id, roll_id=roll.id)

    assert state(academy, roll) == "reversed"
    assert [academy.available(one) for one in people] == [0, 0]


def test_the_same_list_sent_again_is_found_again_until_it_is_counted(academy):
    ada = academy.member("Ada Lovelace")
    lines = ("Name", "Ada Lovelace")
    roll = academy.stages(*lines)

    assert academy.stages(*lines).id == roll.id
    commit(academy, roll)
    again = academy.stages(*lines)

    assert again.id != roll.id
    with in_organisation(academy.id):
        assert groups_of(again)["duplicate"] == 1
    commit(academy, again)
    assert academy.available(ada) == 1_000


def test_whoever_was_counted_since_the_list_was_looked_at_is_not_counted_twice(academy):
    ada = academy.member("Ada Lovelace")
    roll = academy.stages("Name", "Ada Lovelace")
    academy.completes(ada)
    commit(academy, roll)

    assert academy.available(ada) == 1_000
    with in_organisation(academy.id):
        assert dict(outcomes_of(roll)) == {"counted already": 1}


def test_a_list_is_taken_back_for_thirty_days_and_then_its_words_are_forgotten(academy):
    academy.member("Ada Lovelace")
    roll = academy.stages("Name", "Ada Lovelace", "Nobody Known")
    commit(academy, roll)

    with clock.frozen_at(NOON + timedelta(days=30)):
        assert forget_rows(academy.id) == 0
    with clock.frozen_at(NOON + timedelta(days=30, seconds=1)):
        with pytest.raises(TooLate):
            reverse_roll(academy.id, roll_id=roll.id, reason="Late", actor=ACTOR)
        assert forget_rows(academy.id) == 2
        assert forget_rows(academy.id) == 0
    with in_organisation(academy.id):
        assert set(RollRow.objects.values_list("said_name", "said_email", "said_id")) == {("", "", "")}


@pytest.mark.parametrize("lines", [("Seat,Colour",), ("Name",), ("Name,Colour", ",blue")])
def test_a_list_that_names_nobody_is_refused(academy, lines):
    with pytest.raises(ListNamesNobody):
        academy.stages(*lines)


def test_a_list_whose_columns_nobody_knows_is_read_again_as_somebody_says(academy):
    ada = academy.member("Ada Lovelace")
    roll = academy.stages("Seat,Colour", "1,Ada Lovelace")
    assert roll.preview == {"people": 0, "points": {}}

    with pytest.raises(ListNamesNobody):
        read_again(academy.id, roll_id=roll.id, columns=Columns(name="Mood"), actor=ACTOR)
    again = read_again(academy.id, roll_id=roll.id, columns=Columns(name="Colour"), actor=ACTOR)
    assert again.preview == {"people": 1, "points": {"points": 1_000}}
    other = academy.stages("Seat,Colour", "2,Ada Lovelace", offering="law")
    assert other.columns == {"name": "Colour"}
    commit(academy, roll)
    assert academy.available(ada) == 1_000

    with pytest.raises(NotThatFar):
        read_again(academy.id, roll_id=roll.id, columns=Columns(name="Colour"), actor=ACTOR)
    with in_organisation(academy.id):
        kept_upload(academy.id, Roll.objects.get(id=other.id).file).unlink()
    with pytest.raises(ListGone):
        read_again(academy.id, roll_id=other.id, columns=Columns(name="Colour"), actor=ACTOR)


def test_a_certification_with_steps_is_not_counted_by_a_list(academy):
    with pytest.raises(MadeOfSteps):
        academy.stages("Name", "Ada", offering="professional")
