"""Weighs a catalogue: what a point is worth in each reward, how long it takes to earn, how varied it is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction


def value_of_a_point(value_minor: int | None, price: int, precision: int) -> Fraction | None:
    """What one whole point buys, exactly, in minor units of money (cents a point); None where it is not said.

    `price` is in the unit's smallest part, of which 10^precision make a point. A reward of 3,000 points
    worth $25 gives 5/6 of a cent a point, one of 100,000 worth $1,000 a whole cent.
    """
    return None if value_minor is None else Fraction(value_minor * 10**precision, price)


def days_to_earn(price: int, earned: int, days: int) -> int | None:
    """In how many days somebody who earned so much in so many days earns the price; None for never.

    Whole days, rounded up: half a day's earning is there when the day is over. Who earned 90 in 90 days
    needs 50 days for 50 points, and 51 for 50.5.
    """
    return None if earned <= 0 else -(-price * days // earned)


def variety(kinds: Iterable[str]) -> Fraction:
    """How likely two different rewards, picked at random, are of different kinds; 0 for fewer than two.

    1 − Σ n(n − 1) / N(N − 1), with n rewards of each kind and N in all: one less Simpson's measure of
    concentration (E. H. Simpson, Measurement of Diversity, Nature 163, 1949, page 688). 0 says that all
    are alike, 1 that no two are.
    """
    counts = Counter(kinds)
    total = counts.total()
    if total < 2:
        return Fraction(0)
    return 1 - Fraction(sum(n * (n - 1) for n in counts.values()), total * (total - 1))


def is_reachable(days: int | None, within: int) -> bool:
    """Whether a reward is earned within so many days at the pace of the member in the middle."""
    return days is not None and days <= within
