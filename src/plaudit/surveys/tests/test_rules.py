"""Claims about which question comes next, what is an answer, and whom figures would give away."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from plaudit.surveys.refusals import AnswerMissing, AnswerNotPossible
from plaudit.surveys.rules.asking import checked, read_answer, to_ask
from plaudit.surveys.rules.hiding import SMALLEST, groups_shown, labels_kept
from plaudit.surveys.tests.factories import CALL, SCORE, WHY, WORDS


def keys(**answers: object) -> list[str]:
    return [one.key for one in to_ask(CALL, answers)]


def test_a_question_that_rests_on_an_answer_waits_for_it():
    assert keys() == ["score", "words"]
    assert keys(score=2) == ["why", "words"]
    assert keys(score=3) == ["words"]
    assert keys(score=3, words=None) == []


def test_an_answer_whose_condition_no_longer_holds_is_left_out():
    assert checked(CALL, {"score": 5, "why": ["price"], "words": ""}) == {"score": 5}
    assert checked(CALL, {"score": 1, "why": ["waiting", "price"]}) == {
        "score": 1,
        "why": ["price", "waiting"],
    }


@pytest.mark.parametrize("answers", [{}, {"score": 1}, {"score": 1, "why": []}])
def test_what_is_asked_is_answered(answers):
    with pytest.raises(AnswerMissing):
        checked(CALL, answers)


@pytest.mark.parametrize("score", [0, 6, "5", True, [5]])
def test_only_points_of_the_scale_are_answers(score):
    with pytest.raises(AnswerNotPossible):
        checked(CALL, {"score": score})


@pytest.mark.parametrize("given", [["6"], ["-1"], ["five"], ["٥"]])
def test_a_form_cannot_say_what_the_scale_has_not(given):
    with pytest.raises(AnswerNotPossible):
        read_answer(SCORE, given)


def test_a_form_names_choices_by_their_place():
    assert read_answer(WHY, ["2", "0", "2"]) == ["price", "advice"]
    assert read_answer(WORDS, ["  "]) is None
    with pytest.raises(AnswerNotPossible):
        read_answer(WHY, ["3"])


def test_no_figure_and_no_difference_of_figures_is_of_fewer_than_eight():
    sizes_tried = [0, 1, 3, 7, 8, 9, 20]
    for sizes in (dict(zip("ABC", three, strict=True)) for three in combinations(sizes_tried * 2, 3)):
        for ungrouped in (0, 2, 8):
            groups = {**sizes, "": ungrouped}
            shown = groups_shown(groups)
            total = sum(groups.values())
            known = chain.from_iterable(combinations(sorted(shown), many) for many in range(len(shown) + 1))
            for some in known:
                # What is known of the rest, once these are taken from the total.
                rest = total - sum(groups[name] for name in some)
                if set(some) == set(shown):
                    assert rest == 0 or rest >= SMALLEST or not shown
            assert all(groups[name] >= SMALLEST for name in shown)


def test_a_small_team_loses_its_label_and_takes_another_along_where_it_must():
    assert labels_kept({"A": 12, "B": 9, "C": 8}, {}) == {"A": "A", "B": "B", "C": "C"}
    assert labels_kept({"A": 12, "B": 3}, {}) == {"A": "", "B": ""}
    assert labels_kept({"A": 12, "B": 9, "C": 3}, {}) == {"A": "A", "B": "", "C": ""}
    assert labels_kept({"A": 9, "B": 5, "C": 4}, {}) == {"A": "A", "B": "", "C": ""}
    assert labels_kept({"A": 8}, {"A": 16}) == {"A": "A"}
    assert labels_kept({"A": 3, "B": 4}, {}) is None
