"""What staff want a deed to be worth, and how that lies beside what a rule gives today. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from math import comb

SHOWN_FROM = 8
"""Answers of fewer people than this are not shown."""


class Verdict(StrEnum):
    """What today's rule is beside what is wanted."""

    ALIGNED = "aligned"
    UNDER = "under_rewarded"
    OVER = "over_rewarded"
    NOT_WANTED = "not_wanted"
    FORMULA = "by_formula"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The middle of what `people` chose, in points, with the bounds between which it lies with 95 % confidence."""

    people: int
    middle: int
    low: int
    high: int


def wanted(points: Sequence[int]) -> Wanted:
    """The median of what people chose, the lower of two, with its distribution-free interval.

    The bounds are order statistics: as many are cut off at each end as a fair coin allows in 5 % of all cases
    (W. J. Conover, Practical Nonparametric Statistics, 3rd ed. 1999, section 3.2).
    """
    ordered = sorted(points)
    people = len(ordered)
    cut, below = 0, 0
    while (below + comb(people, cut)) * 40 <= 1 << people:
        below += comb(people, cut)
        cut += 1
    at = max(cut - 1, 0)
    return Wanted(people, ordered[(people - 1) // 2], ordered[at], ordered[people - 1 - at])


def verdict(want: Wanted, today: Decimal | None) -> Verdict:
    """How today's points lie beside what is wanted; None is a formula, which no one figure stands for.

    Today's points within the bounds are aligned: what is wanted cannot be told apart from them.
    """
    if today is None:
        return Verdict.FORMULA
    if today < want.low:
        return Verdict.UNDER
    if today > want.high:
        return Verdict.NOT_WANTED if want.middle == 0 else Verdict.OVER
    return Verdict.ALIGNED


@dataclass(frozen=True, slots=True)
class Standing:
    """How one deed did against the others: `score` from -1 to 1 is (best - worst) / shown, with its standard error.

    `people` were shown it `shown` times in all.
    """

    people: int
    best: int
    worst: int
    shown: int
    score: Decimal
    error: Decimal


def standing(chosen: Sequence[tuple[int, int]], *, shown: int) -> Standing:
    """The standing of a deed that each person was shown `shown` times: (best, worst) counts by person.

    (best - worst) / shown is the count analysis of best-worst scaling (J. J. Louviere, T. N. Flynn, A. A. J. Marley,
    Best-Worst Scaling, 2015, chapter 2). What one person chooses hangs together, so the error is that of the
    mean over persons and not over choices.
    """
    people = len(chosen)
    if not people:
        return Standing(0, 0, 0, 0, Decimal(0), Decimal(0))
    each = [Decimal(best - worst) / shown for best, worst in chosen]
    with localcontext() as context:
        context.prec = 28
        mean = sum(each, Decimal(0)) / people
        spread = sum(((one - mean) ** 2 for one in each), Decimal(0))
        error = (spread / (people * (people - 1))).sqrt() if people > 1 else Decimal(0)
    best, worst = sum(one for one, _ in chosen), sum(one for _, one in chosen)
    return Standing(people, best, worst, people * shown, mean, error)


def groups_shown(sizes: dict[int, int], everybody: int) -> list[int]:
    """The groups whose answers are shown, given how many of `everybody` answered in each.

    Those under 8 are not. Nor may who is left be found by taking the shown groups from the whole: where those
    are 1 to 7, the smallest shown group is left out too, until nobody stands out.
    """
    shown = sorted(
        (one for one, size in sizes.items() if size >= SHOWN_FROM), key=lambda one: (-sizes[one], one)
    )
    while shown and 0 < everybody - sum(sizes[one] for one in shown) < SHOWN_FROM:
        shown.pop()
    return shown
