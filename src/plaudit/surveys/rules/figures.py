"""What answers come to, and how far chance may have moved it: intervals that hold in 95 of 100 samples. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

Z = Decimal("1.959963984540054")
"""The 97.5th percentile of the normal distribution."""

PASSIVE, PROMOTER = 7, 9
"""On a scale of 0 to 10 (Reichheld, The One Number You Need to Grow, 2003): promoters from 9, detractors below 7."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure of `of` answers, with the bounds between which it may well lie."""

    value: Decimal
    low: Decimal
    high: Decimal
    of: int


def share_of(yes: int, of: int) -> Interval:
    """A share from 0 to 1 with the score interval of Wilson (1927), as in Newcombe (1998), method 3."""
    assert 0 <= yes <= of, "a share is of all"
    if not of:
        return Interval(Decimal(0), Decimal(0), Decimal(1), 0)
    n, share, square = Decimal(of), Decimal(yes) / of, Z * Z
    middle = share + square / (2 * n)
    spread = Z * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
    scale = 1 + square / n
    low = Decimal(0) if yes == 0 else (middle - spread) / scale
    high = Decimal(1) if yes == of else (middle + spread) / scale
    return Interval(share, low, high, of)


def mean_of(counts: Mapping[int, int]) -> Interval | None:
    """The mean of answers counted by their number, with Student's interval; None for none.

    One answer alone has no spread: its interval is the whole of what was answered.
    """
    of = sum(counts.values())
    if not of:
        return None
    mean = Decimal(sum(score * count for score, count in counts.items())) / of
    if of == 1:
        return Interval(mean, mean, mean, 1)
    squares = sum((Decimal(count) * (score - mean) ** 2 for score, count in counts.items()), Decimal(0))
    spread = student(of - 1) * (squares / (of - 1) / of).sqrt()
    return Interval(mean, mean - spread, mean + spread, of)


def student(freedom: int) -> Decimal:
    """The 97.5th percentile of Student's distribution, by the series of Abramowitz and Stegun, 26.7.5.

    It is right to 0.001 from 7 degrees of freedom on. Below 3, where it falls far short, it stays as at 3.
    """
    v, z = Decimal(max(freedom, 3)), Z
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """Promoters less detractors, from −100 to 100, with its standard error and interval."""

    promoters: int
    passives: int
    detractors: int
    score: Interval
    error: Decimal


def net_promoter(counts: Mapping[int, int]) -> NetPromoter | None:
    """Of answers from 0 to 10, counted by their number; None for none.

    Each answer counts 100, 0 or −100; the error of their mean is what the shares p and d of promoters and
    detractors leave: √((p + d − (p − d)²) / n) (Rocks, The American Statistician 70, 2016).
    """
    of = sum(counts.values())
    if not of:
        return None
    promoters = sum(count for score, count in counts.items() if score >= PROMOTER)
    detractors = sum(count for score, count in counts.items() if score < PASSIVE)
    p, d = Decimal(promoters) / of, Decimal(detractors) / of
    error = ((p + d - (p - d) ** 2) / of).sqrt() * 100
    value = (p - d) * 100
    score = Interval(value, max(value - Z * error, Decimal(-100)), min(value + Z * error, Decimal(100)), of)
    return NetPromoter(promoters, of - promoters - detractors, detractors, score, error)


def can_be_told_apart(figures: Collection[Interval]) -> bool:
    """Whether any two of these lie wholly apart. Where none do, their order may be chance alone."""
    return bool(figures) and max(one.low for one in figures) > min(one.high for one in figures)
