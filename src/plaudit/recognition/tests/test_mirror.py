"""A supervisor's mirror: groups of five and more, and nobody whom sums and differences give away."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.recognition.rules.mirror import (
    GROUP_MIN,
    OTHERS,
    nobody_can_be_worked_out,
    shown_groups,
    together,
)

VALUES = st.sampled_from(["a", "b", "c"])
PEOPLE = st.integers(5, 30).flatmap(
    lambda many: st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=many, max_size=many)
)


def fields(people: list[tuple[str, str, str]]) -> dict[str, dict[int, str]]:
    return {
        name: {number: person[place] for number, person in enumerate(people)}
        for place, name in enumerate(("shift", "contract", "site"))
    }


def test_groups_that_are_too_small_stand_together_and_take_one_along_where_they_are_still_too_small():
    sizes = {"early": 9, "late": 6, "night": 2, "relief": 1}
    people = {f"{value}{number}": value for value, size in sizes.items() for number in range(size)}

    assert {name: len(group) for name, group in together(people).items()} == {"early": 9, OTHERS: 9}


def test_a_field_with_one_group_left_is_not_shown():
    assert shown_groups({"shift": dict(enumerate("aaaaabb"))}) == {}


def test_what_differs_from_another_field_by_one_person_is_not_shown():
    early = {number: "early" if number < 5 else "late" for number in range(12)}
    full = {number: "full" if number < 6 else "part" for number in range(12)}

    assert set(shown_groups({"shift": early, "contract": full})) == {"shift"}
    assert set(shown_groups({"contract": full})) == {"contract"}


@settings(deadline=None, max_examples=60)
@given(PEOPLE)
def test_every_shown_group_has_five(people):
    shown = shown_groups(fields(people))
    assert all(len(group) >= GROUP_MIN for groups in shown.values() for group in groups.values())


@settings(deadline=None, max_examples=15)
@given(PEOPLE)
def test_nobody_who_adds_and_takes_away_shown_groups_comes_to_fewer_than_five(people):
    """Somebody who tries every sum of shown groups with weights from -1 to 1."""
    shown = shown_groups(fields(people))
    groups = [set(range(len(people)))] + [group for one in shown.values() for group in one.values()]
    for weights in product((-1, 0, 1), repeat=min(6, len(groups))):
        figure = [
            sum(weight for weight, group in zip(weights, groups, strict=False) if person in group)
            for person in range(len(people))
        ]
        about = sum(weight != 0 for weight in figure)
        assert about == 0 or about >= GROUP_MIN


@settings(deadline=None, max_examples=10)
@given(PEOPLE)
def test_what_solves_the_shown_figures_as_equations_comes_to_nobody(people):
    """Somebody with linear algebra: no figure about any four people lies in the span of what is shown."""
    shown = shown_groups(fields(people))
    rows = [
        [Fraction(person in group) for person in range(len(people))]
        for one in shown.values()
        for group in one.values()
    ]
    if not rows:
        return
    for first in range(len(people)):
        alike = [other for other in range(len(people)) if all(row[first] == row[other] for row in rows)]
        if len(alike) < GROUP_MIN:
            assert not spans(rows, [Fraction(person in alike) for person in range(len(people))])


def spans(rows: list[list[Fraction]], wanted: list[Fraction]) -> bool:
    return rank([*rows, wanted]) == rank(rows)


def rank(rows: list[list[Fraction]]) -> int:
    left, found = [row[:] for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            left = [
                [value - row[column] / pivot[column] * against for value, against in zip(row, pivot, strict=True)]
                for row in left if row is not pivot
            ]  # fmt: skip
            found += 1
    return found


def test_groups_that_let_somebody_be_worked_out_are_told_apart():
    """The check can fail: six of whom five are early, and the sixth is what is left."""
    six = {"full": frozenset(range(6)), "part": frozenset(range(6, 12))}
    five = {"early": frozenset(range(5)), "late": frozenset(range(5, 12))}
    assert not nobody_can_be_worked_out([six, five])
    assert nobody_can_be_worked_out([six])
