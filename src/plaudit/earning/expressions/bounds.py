"""Interval arithmetic on scaled integers: how large a part of an expression can become."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]


def product(first: Interval, second: Interval) -> Interval:
    corners = [one * other for one in first for other in second]
    return (min(corners), max(corners))


def negated(interval: Interval) -> Interval:
    return (-interval[1], -interval[0])


def magnitude(interval: Interval) -> int:
    """The greatest distance from zero."""
    return max(abs(interval[0]), abs(interval[1]))


def absolute(interval: Interval) -> Interval:
    low, high = interval
    nearest = 0 if low <= 0 <= high else min(abs(low), abs(high))
    return (nearest, magnitude(interval))


def hull(intervals: Iterable[Interval]) -> Interval:
    """The least interval that holds all of them."""
    several = list(intervals)
    return (min(low for low, _ in several), max(high for _, high in several))


def quotient(numerator: Interval, denominator: Interval) -> Interval:
    """What a rounded quotient can be; a denominator of zero gives null, so it counts from one."""
    nearest = max(1, absolute(denominator)[0])
    most = -(-magnitude(numerator) // nearest)
    return (0 if numerator[0] >= 0 and denominator[0] >= 0 else -most, most)


def remainder(dividend: Interval, divisor: Interval) -> Interval:
    """What mod() can be: nearer to zero than both, with the dividend's sign."""
    most = min(magnitude(dividend), max(0, magnitude(divisor) - 1))
    return (-most if dividend[0] < 0 else 0, most if dividend[1] > 0 else 0)
