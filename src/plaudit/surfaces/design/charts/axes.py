"""The parts that upright charts share: gridlines, category names, marked happenings."""

from __future__ import annotations

from decimal import Decimal

from plaudit.surfaces.design.charts import svg
from plaudit.surfaces.design.charts.scale import PLOT_HEIGHT, Scale, across
from plaudit.surfaces.design.charts.values import Chart

AXIS_HEIGHT = 28
LETTER_WIDTH = Decimal("7.6")
NARROW, WIDE = 200, 360
"""Widths of the plotting area, in pixels, for which the names on the axis are thinned."""


def grid(chart: Chart, scale: Scale) -> list[str]:
    """Horizontal rules with their values in the gutter; the zero rule is stronger."""
    parts = []
    for tick in scale.ticks:
        y = scale.y(tick)
        parts.append(svg.line(0, y, "100%", y, "floor" if tick == 0 else "rule"))
        parts.append(svg.text(chart.write_tick(tick), 0, y + 5, "end", dx=-8))
    return parts


def floor(scale: Scale) -> str:
    """The zero rule again, over the feet of the bars."""
    y = scale.y(Decimal(0))
    return svg.line(0, y, "100%", y, "floor")


def gutter_class(chart: Chart, scale: Scale) -> str:
    """How much room the axis values need at the start side, and happenings above."""
    longest = max(len(chart.write_tick(tick)) for tick in scale.ticks)
    events = "with-events " if chart.events else ""
    return f"{events}gutter-start-{1 if longest <= 3 else 2 if longest <= 5 else 3 if longest <= 7 else 4}"


def category_names(chart: Chart, centres: list[Decimal]) -> list[str]:
    """The names under the axis, as many as fit; more of them where there is more room."""
    longest = max(len(name) for name in chart.categories)
    narrow_every = _every(longest, len(chart.categories), NARROW)
    wide_every = _every(longest, len(chart.categories), WIDE)
    parts = []
    for index, (name, centre) in enumerate(zip(chart.categories, centres, strict=True)):
        on_narrow, on_wide = index % narrow_every == 0, index % wide_every == 0
        if not (on_narrow or on_wide):
            continue
        width = "" if on_narrow and on_wide else " wide-only" if on_wide else " narrow-text"
        parts.append(svg.text(name, across(centre), PLOT_HEIGHT + 20, f"mid{width}"))
    return parts


def _every(longest: int, count: int, width: int) -> int:
    slots = max(1, int(width / (longest * LETTER_WIDTH + 10)))
    return max(1, -(-count // slots))


def happenings(chart: Chart, centres: list[Decimal]) -> list[str]:
    """Marked moments: a dotted upright with its name on the side that has room."""
    parts = []
    for event in chart.events:
        if event.at not in chart.categories:
            continue
        centre = centres[chart.categories.index(event.at)]
        place = across(centre)
        parts.append(svg.line(place, -30, place, PLOT_HEIGHT, "event"))
        to_the_left = centre > Decimal("0.6")
        parts.append(
            svg.text(
                event.name,
                place,
                -20,
                f"event-name halo{' end' if to_the_left else ''}",
                dx=-4 if to_the_left else 4,
            )
        )
    return parts


def shortened(name: str, letters: int) -> str:
    """A name cut to fit, with an ellipsis; the table beneath has it whole."""
    return name if len(name) <= letters else name[: letters - 1].rstrip() + "…"


def end_gutter_class(chart: Chart) -> str:
    """How much room the direct labels need at the end side."""
    longest = max(len(one.name) for one in chart.series)
    return f"gutter-end-{1 if longest <= 8 else 2 if longest <= 14 else 3}"
