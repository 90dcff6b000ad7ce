"""Lines over time, with gaps, intervals and direct labels; and the small line beside a figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import quoteattr

from plaudit.surfaces.design.charts import axes, svg
from plaudit.surfaces.design.charts.scale import PLOT_HEIGHT, Scale, across, kept_apart, rounded, scale_for
from plaudit.surfaces.design.charts.values import Chart, Series

_STRETCH = 1000
"""The inner drawing is a thousand wide and stretched to its box; strokes keep their width."""

_MARKERS_MAX = 14


def lines(chart: Chart, label: str) -> tuple[str, str]:
    """One line for each series, with the classes of their box."""
    scale = scale_for(chart.every_value(), from_zero=chart.from_zero)
    count = len(chart.categories)
    places = [Decimal(index) / max(1, count - 1) for index in range(count)]
    stretched = [_band(one, index, places, scale) for index, one in enumerate(chart.series)]
    stretched += [
        _path(run, index)
        for index, one in enumerate(chart.series)
        for run in _runs(one.values, places, scale)
        if len(run) > 1
    ]
    inner = svg.element(
        "svg",
        {
            "viewBox": f"0 0 {_STRETCH} {PLOT_HEIGHT}",
            "preserveAspectRatio": "none",
            "width": "100%",
            "height": PLOT_HEIGHT,
            "overflow": "visible",
        },
        "".join(stretched),
    )
    parts = [*axes.grid(chart, scale), *axes.happenings(chart, places), inner]
    for index, one in enumerate(chart.series):
        parts += _markers(one, index, places, scale)
    parts += _names(chart, scale) if len(chart.series) > 1 else _last_value(chart, places, scale)
    parts += axes.category_names(chart, places)
    box = axes.gutter_class(chart, scale)
    if len(chart.series) > 1:
        box += f" {axes.end_gutter_class(chart)}"
    return svg.drawing(label, PLOT_HEIGHT + axes.AXIS_HEIGHT, parts), box


def _runs(
    values: Sequence[Decimal | None], places: list[Decimal], scale: Scale
) -> list[list[tuple[Decimal, Decimal]]]:
    runs: list[list[tuple[Decimal, Decimal]]] = [[]]
    for value, place in zip(values, places, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((rounded(place * _STRETCH), scale.y(value)))
    return [run for run in runs if run]


def _path(run: list[tuple[Decimal, Decimal]], index: int) -> str:
    points = " ".join(f"{x},{y}" for x, y in run)
    return svg.element("polyline", {"class": f"line-mark s{index + 1}", "points": points})


def _band(one: Series, index: int, places: list[Decimal], scale: Scale) -> str:
    known = [
        (rounded(place * _STRETCH), scale.y(low), scale.y(high))
        for place, low, high in zip(places, one.low, one.high, strict=False)
        if low is not None and high is not None
    ]
    if not known:
        return ""
    upper = [f"{x},{top}" for x, _bottom, top in known]
    lower = [f"{x},{bottom}" for x, bottom, _top in reversed(known)]
    return svg.element("polygon", {"class": f"band-mark s{index + 1}", "points": " ".join(upper + lower)})


def _markers(one: Series, index: int, places: list[Decimal], scale: Scale) -> list[str]:
    known = [(place, value) for place, value in zip(places, one.values, strict=True) if value is not None]
    shown = known if len(known) <= _MARKERS_MAX else known[-1:]
    return [
        svg.marker(
            index,
            across(place),
            scale.y(value),
            f"s{index + 1}{' spot-last' if (place, value) == known[-1] else ''}",
        )
        for place, value in shown
    ]


def _names(chart: Chart, scale: Scale) -> list[str]:
    ends = [
        next((value for value in reversed(one.values) if value is not None), scale.low)
        for one in chart.series
    ]
    places = kept_apart([scale.y(value) for value in ends], gap=17)
    return [
        svg.text(axes.shortened(one.name, 22), "100%", place + 5, f"direct s{index + 1} wide-only", dx=12)
        for index, (one, place) in enumerate(zip(chart.series, places, strict=True))
    ]


def _last_value(chart: Chart, places: list[Decimal], scale: Scale) -> list[str]:
    known = [
        (place, value)
        for place, value in zip(places, chart.series[0].values, strict=True)
        if value is not None
    ]
    if not known:
        return []
    place, value = known[-1]
    # The words are about as wide as the last half of a narrow drawing: above or below all of it.
    near = [scale.y(earlier) for _place, earlier in known[-(len(known) // 2 + 1) :]]
    above, below = min(near) - 12, max(near) + 22
    fits_below = below <= PLOT_HEIGHT - 4
    y = below if fits_below and below - scale.y(value) < scale.y(value) - above else above
    return [svg.text(chart.write(value), across(place), y, "value halo end", dx=6)]


def sparkline(values: Sequence[Decimal | None], label: str) -> str:
    """A small line without axes beside a figure; its label says what it shows."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    least, most = min(known), max(known)
    spread = (most - least) or Decimal(1)
    step = Decimal(92) / (len(values) - 1)
    spots = [
        (rounded(2 + step * index), rounded(21 - (value - least) / spread * 18))
        for index, value in enumerate(values)
        if value is not None
    ]
    points = " ".join(f"{x},{y}" for x, y in spots)
    last_x, last_y = spots[-1]
    inside = svg.element("polyline", {"class": "line-mark s1", "points": points}) + svg.element(
        "circle", {"class": "spot-mark spot-last s1", "cx": last_x, "cy": last_y, "r": 2}
    )
    return f'<svg class="spark" role="img" viewBox="0 0 96 24" aria-label={quoteattr(label)}>{inside}</svg>'
