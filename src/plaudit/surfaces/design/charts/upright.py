"""Bars that stand on zero: one measure, or up to four stacked."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

from plaudit.surfaces.design.charts import axes, svg
from plaudit.surfaces.design.charts.scale import PLOT_HEIGHT, across, kept_apart, scale_for
from plaudit.surfaces.design.charts.values import Chart

_BAR_SHARE = Decimal("0.68")
_VALUES_SHOWN_MAX = 8
_NARROW_VALUES_MAX = 5


def _slots(count: int) -> tuple[Decimal, list[Decimal]]:
    slot = Decimal(1) / count
    return slot, [slot * index + slot / 2 for index in range(count)]


def bars(chart: Chart, label: str) -> tuple[str, str]:
    """Upright bars of the first series, with the classes of their box."""
    values = chart.series[0].values
    scale = scale_for(chart.every_value(), whole=_is_whole(chart))
    slot, centres = _slots(len(values))
    parts = [*axes.grid(chart, scale), *axes.happenings(chart, centres)]
    for name, value, centre in zip(chart.categories, values, centres, strict=True):
        if value is None:
            continue
        top, bottom = sorted((scale.y(value), scale.y(Decimal(0))))
        is_quiet = bool(chart.highlight) and name != chart.highlight
        parts.append(
            svg.element(
                "rect",
                {
                    "class": f"bar-mark {'quiet' if is_quiet else 's1'}",
                    "x": across(centre - slot * _BAR_SHARE / 2),
                    "y": top,
                    "width": across(slot * _BAR_SHARE),
                    "height": bottom - top,
                    "rx": 2,
                },
            )
        )
        shown = _value_class(len(values), is_chosen=name == chart.highlight)
        if shown is not None:
            parts.append(svg.text(chart.write_tick(value), across(centre), top - 6, f"value halo mid{shown}"))
    parts += [axes.floor(scale), *axes.category_names(chart, centres)]
    return svg.drawing(label, PLOT_HEIGHT + axes.AXIS_HEIGHT, parts), axes.gutter_class(chart, scale)


def _value_class(count: int, *, is_chosen: bool) -> str | None:
    if is_chosen or count <= _NARROW_VALUES_MAX:
        return ""
    return " wide-only" if count <= _VALUES_SHOWN_MAX else None


def stacked(chart: Chart, label: str) -> tuple[str, str]:
    """Up to four series stacked in upright bars, named beside the last bar."""
    columns = [
        [one.values[index] or Decimal(0) for one in chart.series] for index in range(len(chart.categories))
    ]
    if any(value < 0 for column in columns for value in column):
        raise ValueError("parts of a stack cannot be negative")
    scale = scale_for([sum(column, Decimal(0)) for column in columns], whole=_is_whole(chart))
    slot, centres = _slots(len(columns))
    hatch = f"{chart.id}-hatch"
    parts = [_hatching(hatch), *axes.grid(chart, scale), *axes.happenings(chart, centres)]
    for column, centre in zip(columns, centres, strict=True):
        tops = list(accumulate(column))
        for place, (value, top) in enumerate(zip(column, tops, strict=True)):
            if not value:
                continue
            where: dict[str, svg.Attribute] = {
                "x": across(centre - slot * _BAR_SHARE / 2),
                "y": scale.y(top),
                "width": across(slot * _BAR_SHARE),
                "height": scale.y(top - value) - scale.y(top),
            }
            parts.append(svg.element("rect", {"class": f"bar-mark part s{place + 1}", **where}))
            # A second sign beside colour: every other part is hatched.
            if place % 2:
                parts.append(svg.element("rect", {"fill": f"url(#{hatch})", **where}))
    parts += _part_names(chart, columns[-1], [scale.y(top) for top in accumulate(columns[-1])])
    parts += [axes.floor(scale), *axes.category_names(chart, centres)]
    box = f"{axes.gutter_class(chart, scale)} {axes.end_gutter_class(chart)}"
    return svg.drawing(label, PLOT_HEIGHT + axes.AXIS_HEIGHT, parts), box


def _hatching(hatch: str) -> str:
    stroke = svg.line(0, 0, 0, 7, "hatch")
    pattern = svg.element(
        "pattern",
        {
            "id": hatch,
            "width": 7,
            "height": 7,
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
        stroke,
    )
    return svg.element("defs", None, pattern)


def _part_names(chart: Chart, last: list[Decimal], tops: list[Decimal]) -> list[str]:
    bottoms = [Decimal(PLOT_HEIGHT), *tops[:-1]]
    middles = [(top + bottom) / 2 for top, bottom in zip(tops, bottoms, strict=True)]
    # Drawn from the top down, so the places are kept apart in that order.
    places = kept_apart(middles, gap=17)
    return [
        svg.text(axes.shortened(one.name, 22), "100%", place + 5, f"direct s{index + 1} wide-only", dx=8)
        for index, (one, place, value) in enumerate(zip(chart.series, places, last, strict=True))
        if value
    ]


def _is_whole(chart: Chart) -> bool:
    return all(value == value.to_integral_value() for value in chart.every_value())
