"""What listening decides: balanced designs, medians with bounds, scores with errors, agreement, samples, groups."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest

from plaudit.listening.refusals import NoDesign
from plaudit.listening.rules.agreement import agreement, thousandths
from plaudit.listening.rules.designs import SIZES, arranged, design_for
from plaudit.listening.rules.sampling import drawn
from plaudit.listening.rules.wanting import Verdict, groups_shown, standing, verdict, wanted


@pytest.mark.parametrize("deeds", SIZES)
def test_every_deed_is_shown_as_often_and_every_two_together_as_often(deeds: int):
    design = design_for(deeds)
    shown = Counter(one for block in design.blocks for one in block)
    together = Counter(pair for block in design.blocks for pair in combinations(block, 2))

    assert set(shown.values()) == {design.shown}
    assert len(shown) == deeds
    assert len(together) == deeds * (deeds - 1) // 2
    assert len(set(together.values())) == 1
    assert len({len(block) for block in design.blocks}) == 1
    assert len(design.blocks) <= 15


def test_where_there_is_no_short_design_the_numbers_that_have_one_are_named():
    with pytest.raises(NoDesign, match="about 12 deeds") as refused:
        design_for(12)
    assert "11, 13" in refused.value.next_step()


def test_a_block_keeps_its_deeds_in_whatever_order():
    assert arranged((1, 3, 4), 2) == (4, 1, 3)
    assert {frozenset(arranged((1, 3, 4), turn)) for turn in range(9)} == {frozenset((1, 3, 4))}


def test_the_bounds_of_a_median_are_the_order_statistics_of_a_fair_coin():
    """Of 8, P(at most 0 heads) is 1/256, and with one head more 9/256 > 2.5 %; of 20, 5 are cut off at each end."""
    eight = wanted([10, 20, 30, 40, 50, 60, 70, 80])
    assert (eight.low, eight.middle, eight.high) == (10, 40, 80)

    twenty = wanted(range(1, 21))
    assert (twenty.low, twenty.middle, twenty.high) == (6, 10, 15)
    assert wanted([7, 7]).low == wanted([7, 7]).high == 7


def test_a_rule_within_the_bounds_is_aligned_and_one_that_gives_what_nobody_wants_is_not_wanted():
    want = wanted([20] * 12)
    assert verdict(want, Decimal(20)) is Verdict.ALIGNED
    assert verdict(want, Decimal(5)) is Verdict.UNDER
    assert verdict(want, Decimal(50)) is Verdict.OVER
    assert verdict(wanted([0] * 12), Decimal(50)) is Verdict.NOT_WANTED
    assert verdict(wanted([0] * 12), Decimal(0)) is Verdict.ALIGNED
    assert verdict(want, None) is Verdict.FORMULA


def test_a_score_is_best_less_worst_over_shown_with_the_error_of_the_mean_over_persons():
    """Three persons, each shown a deed four times: 4/4, 2/4 and 0; mean 1/2, variance 1/4, error sqrt(1/12)."""
    found = standing([(4, 0), (3, 1), (1, 1)], shown=4)

    assert (found.best, found.worst, found.people) == (8, 2, 3)
    assert found.score == Decimal("0.5")
    assert found.error.quantize(Decimal("0.0001")) == Decimal("0.2887")
    assert standing([(1, 0)], shown=1).error == 0


def test_a_group_under_eight_is_not_shown_nor_found_by_taking_the_others_from_the_whole():
    assert groups_shown({1: 7}, 20) == []
    assert groups_shown({1: 8, 2: 12}, 20) == [2, 1]
    assert groups_shown({1: 12, 2: 9, 3: 3}, 24) == [1]
    assert groups_shown({1: 12, 2: 3}, 24) == [1]
    assert groups_shown({1: 12}, 13) == []


def test_the_same_seed_draws_the_same_and_another_draws_others():
    first = drawn("spring", range(1, 1_001), 100)
    assert first == drawn("spring", reversed(range(1, 1_001)), 100)
    assert len(set(first)) == 100
    assert first != drawn("autumn", range(1, 1_001), 100)
    assert first[:10] == drawn("spring", range(1, 1_001), 10)


_BEN, _GERRY = "a a b b d c c c e d d a", "b a b b b c c c e d d d"
# The "C" data, as the manual of `kripp.alpha` in the R package irr 0.84 has them, whose last unit one alone coded;
# 0.743 is the nominal value, beside 0.815 ordinal, 0.849 interval and 0.797 ratio.
_FOUR = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . .",
    ". 3 3 3 2 3 4 2 2 5 1 3",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# Three coders and fifteen units, as the worked example of the article on alpha in Wikipedia and of fast-krippendorff.
_THREE = (
    ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "1 . 2 1 3 3 4 3 . . . . . . .",
    ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
)


def _alpha(*observers: str) -> str:
    columns = zip(*(one.split() for one in observers), strict=True)
    found = agreement([[code for code in codes if code != "."] for codes in columns])
    assert found.alpha is not None
    return thousandths(found.alpha)


def test_alpha_of_two_observers_and_two_codes_is_that_of_krippendorff_2011_section_a():
    assert _alpha("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0") == "0.095"


def test_alpha_of_two_observers_is_that_of_krippendorff_2011_section_b():
    assert _alpha(_BEN, _GERRY) == "0.692"


def test_alpha_of_many_observers_with_codes_missing_is_that_of_krippendorff_2011_section_c():
    assert _alpha(*_FOUR) == "0.743"


def test_alpha_of_three_coders_and_fifteen_units_is_the_one_published_with_its_coincidences():
    columns = [
        [code for code in codes if code != "."]
        for codes in zip(*(one.split() for one in _THREE), strict=True)
    ]
    found = agreement(columns)

    assert _alpha(*_THREE) == "0.691"
    # Of 26 paired values: sixes off the diagonal are 1 and 2 with 3, and 2 and 2 of 3 and 4.
    assert {pair: int(weight) for pair, weight in found.pairs.items() if pair[0] != pair[1]} == {
        ("1", "3"): 1,
        ("3", "1"): 1,
        ("3", "4"): 2,
        ("4", "3"): 2,
    }


def test_of_one_code_alone_no_agreement_can_be_told():
    found = agreement([["a", "a"], ["a", "a"], ["a"]])
    assert (found.alpha, found.units, found.alike) == (None, 2, 2)
    assert agreement([["a", "b"], ["b", "a"]]).alpha == Fraction(-1, 2)
