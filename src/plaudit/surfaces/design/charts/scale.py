"""From values to places on the drawing: rounded axes and vertical positions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

PLOT_HEIGHT = 180
"""Height of the plotting area in CSS pixels; widths are per cent of the page's."""

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Scale:
    """A vertical axis from ``low`` to ``high`` with lines at ``ticks``."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    def y(self, value: Decimal) -> Decimal:
        """Pixels from the top of the plot at which a value stands."""
        share = (value - self.low) / (self.high - self.low)
        return rounded(PLOT_HEIGHT * (1 - share))


def scale_for(values: list[Decimal], *, from_zero: bool = True, whole: bool = False) -> Scale:
    """An axis that holds all values with about five lines at round numbers.

    ``from_zero`` keeps zero on the axis; bars always need it. ``whole`` forbids fractions of one.
    """
    least, most = min(values, default=Decimal(0)), max(values, default=Decimal(0))
    if from_zero:
        least, most = min(least, Decimal(0)), max(most, Decimal(0))
    if least == most:
        most = least + 1
    step = _round_step((most - least) / 5)
    if whole and step < 1:
        step = Decimal(1)
    low = (least / step).to_integral_value(ROUND_FLOOR) * step
    high = (most / step).to_integral_value(ROUND_CEILING) * step
    count = int((high - low) / step)
    return Scale(low, high, tuple(low + step * index for index in range(count + 1)))


def _round_step(rough: Decimal) -> Decimal:
    power = Decimal(10) ** rough.adjusted()
    return next(step * power for step in _STEPS if step * power >= rough)


def rounded(value: Decimal) -> Decimal:
    """A drawing position to a hundredth, without trailing zeros."""
    short = value.quantize(Decimal("0.01"))
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short.normalize()


def across(share: Decimal) -> str:
    """A share of the width, 0 to 1, as per cent for an SVG attribute."""
    return f"{rounded(share * 100)}%"


def kept_apart(places: list[Decimal], gap: int) -> list[Decimal]:
    """The same vertical places, moved as little as needed so that none is closer than ``gap``."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    overshoot = max(moved, default=Decimal(0)) - PLOT_HEIGHT
    if overshoot > 0:
        moved = [place - overshoot for place in moved]
    return moved
