"""Rounding, the one place where a fraction becomes a whole number, described once for every compiler."""

from __future__ import annotations

from dataclasses import dataclass

from plaudit.earning.expressions.bounds import Interval, magnitude, product, quotient
from plaudit.earning.expressions.syntax import Call, Literal, Node


@dataclass(frozen=True, slots=True)
class Rounding:
    """A rounding call as one division of integers.

    The result, an integer scaled by `places`, is numerator * numerator_factor divided by
    denominator * denominator_factor and rounded in the way the call's name says; without a denominator
    the divisor is `denominator_factor` alone. `is_exact` where there is nothing to round.
    """

    way: str
    numerator: Node
    numerator_factor: int
    denominator: Node | None
    denominator_factor: int

    @property
    def is_exact(self) -> bool:
        return self.denominator is None and self.denominator_factor == 1

    @property
    def numerator_bounds(self) -> Interval:
        kind = self.numerator.type
        return product((kind.low, kind.high), (self.numerator_factor, self.numerator_factor))

    @property
    def denominator_bounds(self) -> Interval:
        kind = self.denominator.type if self.denominator else None
        bounds = (kind.low, kind.high) if kind else (1, 1)
        return product(bounds, (self.denominator_factor, self.denominator_factor))

    @property
    def divisor(self) -> int | None:
        """The divisor where it is a constant; None where it depends on the event, if only by being null."""
        low, high = self.denominator_bounds
        may_be_null = self.denominator is not None and self.denominator.type.nullable
        return low if low == high and not may_be_null else None

    @property
    def may_divide_by_zero(self) -> bool:
        low, high = self.denominator_bounds
        return low <= 0 <= high

    @property
    def bounds(self) -> Interval:
        """What the result can be, scaled."""
        return quotient(self.numerator_bounds, self.denominator_bounds)

    @property
    def widest(self) -> int:
        """The largest integer any compiler meets on the way."""
        return 2 * (magnitude(self.numerator_bounds) + magnitude(self.denominator_bounds))


def places_of(call: Call) -> int:
    """How many decimals a rounding call keeps; none unless it says."""
    places = call.arguments[1] if len(call.arguments) > 1 else None
    return places.value if isinstance(places, Literal) and isinstance(places.value, int) else 0


def rounding_of(call: Call) -> Rounding:
    """The division behind a rounding call whose arguments have been checked."""
    places, inside = places_of(call), call.arguments[0]
    if isinstance(inside, Call) and inside.operator == "/":
        numerator, denominator = inside.arguments
        power = places + denominator.type.scale - numerator.type.scale
        return Rounding(call.operator, numerator, 10 ** max(0, power), denominator, 10 ** max(0, -power))
    return Rounding(call.operator, inside, 1, None, 10 ** max(0, inside.type.scale - places))
