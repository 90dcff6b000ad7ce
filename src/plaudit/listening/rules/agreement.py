"""How far two people agree who coded the same texts: Krippendorff's alpha for nominal data. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Agreement:
    """`alpha` is 1 where all agree, 0 where they agree as chance would; None where nothing can be told.

    `units` are the texts that at least two coded, `alike` those on which all who coded it agree. `observed` and
    `expected` are the disagreements that alpha is made of, as shares; `pairs` how often two codes met.
    """

    alpha: Fraction | None
    units: int
    alike: int
    observed: Fraction
    expected: Fraction
    pairs: Mapping[tuple[str, str], Fraction]


def agreement(units: Iterable[Sequence[str]]) -> Agreement:
    """The agreement over units, each with the codes it was given; a unit with fewer than two says nothing.

    Alpha is 1 - Do / De over the matrix of coincidences, in which a unit of m codes counts each of its pairs
    1 / (m - 1) times (K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, sections B and C).
    """
    pairs: Counter[tuple[str, str]] = Counter()
    weights: dict[tuple[str, str], Fraction] = {}
    counted = alike = 0
    for codes in units:
        if len(codes) < 2:
            continue
        counted += 1
        alike += len(set(codes)) == 1
        for at, one in enumerate(codes):
            for other in (*codes[:at], *codes[at + 1 :]):
                pairs[one, other] += 1
                weights[one, other] = weights.get((one, other), Fraction(0)) + Fraction(1, len(codes) - 1)
    totals: dict[str, Fraction] = {}
    for (one, _), weight in weights.items():
        totals[one] = totals.get(one, Fraction(0)) + weight
    n = sum(totals.values(), Fraction(0))
    if n <= 1:
        return Agreement(None, counted, alike, Fraction(0), Fraction(0), weights)
    observed = sum((weight for (one, other), weight in weights.items() if one != other), Fraction(0)) / n
    expected = (n * n - sum((each * each for each in totals.values()), Fraction(0))) / (n * (n - 1))
    alpha = 1 - observed / expected if expected else None
    return Agreement(alpha, counted, alike, observed, expected, weights)


def thousandths(value: Fraction) -> str:
    """The value to three places, half to even, as it is published."""
    return str((Decimal(round(value * 1_000)) / 1_000).quantize(Decimal("0.001")))
