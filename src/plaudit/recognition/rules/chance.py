"""How likely it is that chance alone brings so many recognitions. Pure.

Where everybody's given and received counts stay as they are, the count of one pair is hypergeometric: so many of what
the one gave meet so many of what the other got (G. Casiraghi, V. Nanumyan, "Configuration models as an urn problem",
Sci. Rep. 11, 2021, 13416). Where pairs are besides closer or less close than others, it is taken as negative binomial:
the mean of each pair is strewn about what is expected by a gamma distribution with variance `spread`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log

_NEGLIGIBLE = 1e-16
_NO_SPREAD = 1e-6
"""Below it a gamma distribution is a point, as far as these digits go."""


def tail(times: int, mean: float, spread: float = 0.0) -> float:
    """The chance of at least so many where `mean` are expected."""
    if times <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    term, total, count = exp(_log_chance(times, mean, spread)), 0.0, times
    while term > total * _NEGLIGIBLE or count < mean:
        total += term
        term *= _ratio(count, mean, spread)
        count += 1
    return min(1.0, total)


def urn_tail(times: int, given: int, received: int, mean: float) -> float:
    """The chance of at least so many where the one gave and the other got so much in all, and `mean` are expected."""
    if times <= 0:
        return 1.0
    whole = _whole(given, received, mean)
    if whole - given - received + times <= 0:
        return 1.0
    ways = _log_choices(whole, given)
    total = 0.0
    for count in range(times, min(given, received) + 1):
        term = exp(_log_choices(received, count) + _log_choices(whole - received, given - count) - ways)
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return min(1.0, total)


def left_out(times: int, given: int, received: int, mean: float) -> tuple[float, float]:
    """What is expected of a pair from all that went elsewhere or came from elsewhere, and how sure that is.

    The second is the variance of its logarithm (B. Woolf, Ann. Hum. Genet. 19, 1955, p. 251, with a half added to
    each cell). So what is looked at does not excuse itself by the counts it makes large.
    """
    whole = _whole(given, received, mean)
    elsewhere, others = given - times + 0.5, received - times + 0.5
    rest = max(0.5, whole - given - received + times + 0.5)
    return elsewhere * others / rest, 1 / elsewhere + 1 / others + 1 / rest


def together(chances: Sequence[float]) -> float:
    """The chance that independent chances are as small together, by their product.

    Fisher's method (R. A. Fisher, Statistical Methods for Research Workers, 4th ed. 1932, section 21.1) in its closed
    form; where chances come in steps it says too much rather than too little.
    """
    product, sum_of_logs = 1.0, 0.0
    for chance in chances:
        product *= chance
        sum_of_logs -= log(chance)
    term = total = 1.0
    for number in range(1, len(chances)):
        term *= sum_of_logs / number
        total += term
    return min(1.0, product * total)


def _whole(given: int, received: int, mean: float) -> float:
    """How many there would be in all, were `mean` what chance brings: more where most cannot meet."""
    return given * received / mean if mean > 0 else float("inf")


def _log_choices(whole: float, part: float) -> float:
    return lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)


def least(chance: float, mean: float, spread: float = 0.0) -> int:
    """The smallest number that comes, or is passed, with no more than this chance, where `mean` are expected."""
    count, remaining = 0, 1.0
    # Adding up from below keeps few digits of a small chance, so the end is looked at once more by itself.
    while remaining > 2 * chance and count < mean + 1_000:
        remaining -= exp(_log_chance(count, mean, spread)) if mean > 0 else 1.0
        count += 1
    while tail(count, mean, spread) > chance:
        count += 1
    while count > 0 and tail(count - 1, mean, spread) <= chance:
        count -= 1
    return count


def both(times: tuple[int, int], means: tuple[float, float], spread: float = 0.0) -> float:
    """The chance of at least so many in the one direction and in the other, of one pair of people.

    Without spread the directions are independent. With it, how much the two have to do with each other moves
    both: their sum is negative binomial, and given the sum each single one goes either way by the means.
    """
    if spread < _NO_SPREAD:
        return tail(times[0], means[0]) * tail(times[1], means[1])
    whole = means[0] + means[1]
    if min(means) <= 0:
        return 0.0
    one, other = log(means[0] / whole), log(means[1] / whole)
    total = 0.0
    for in_all in range(times[0] + times[1], times[0] + times[1] + 400):
        of_sum = _log_chance(in_all, whole, spread)
        step = sum(
            exp(
                of_sum
                + lgamma(in_all + 1)
                - lgamma(there + 1)
                - lgamma(in_all - there + 1)
                + there * one
                + (in_all - there) * other
            )
            for there in range(times[0], in_all - times[1] + 1)
        )
        total += step
        if in_all > whole and step < total * 1e-9:
            break
    return min(1.0, total)


def _log_chance(count: int, mean: float, spread: float) -> float:
    """The logarithm of the chance of exactly so many."""
    if spread < _NO_SPREAD:
        return count * log(mean) - mean - lgamma(count + 1)
    size = 1 / spread
    return (
        lgamma(count + size)
        - lgamma(size)
        - lgamma(count + 1)
        + size * log(size / (size + mean))
        + count * log(mean / (size + mean))
    )


def _ratio(count: int, mean: float, spread: float) -> float:
    """How much likelier one more is than so many."""
    if spread < _NO_SPREAD:
        return mean / (count + 1)
    size = 1 / spread
    return (count + size) / (count + 1) * mean / (mean + size)
