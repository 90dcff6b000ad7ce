"""Bars that lie on their side, for names that are words: one row each, longest first as given."""

from __future__ import annotations

from decimal import Decimal

from plaudit.surfaces.design.charts import svg
from plaudit.surfaces.design.charts.axes import shortened
from plaudit.surfaces.design.charts.scale import across
from plaudit.surfaces.design.charts.values import Chart

_ROW = 46
_REACH = Decimal("0.74")
"""The longest bar leaves room for its value."""

_NAME_LETTERS = 34


def lying_bars(chart: Chart, label: str) -> tuple[str, str]:
    """Horizontal bars of the first series from zero, each named above and valued at its end."""
    values = chart.series[0].values
    if any(value is not None and value < 0 for value in values):
        raise ValueError("lying bars start at zero; show negative values as upright bars")
    most = max((value for value in values if value is not None), default=Decimal(0)) or Decimal(1)
    parts = []
    for index, (name, value) in enumerate(zip(chart.categories, values, strict=True)):
        top = index * _ROW
        share = (value or Decimal(0)) / most * _REACH
        is_quiet = bool(chart.highlight) and name != chart.highlight
        parts.append(svg.text(shortened(name, _NAME_LETTERS), 0, top + 14, "name"))
        if value is not None:
            parts.append(
                svg.element(
                    "rect",
                    {
                        "class": f"bar-mark {'quiet' if is_quiet else 's1'}",
                        "x": 0,
                        "y": top + 21,
                        "width": across(share),
                        "height": 12,
                        "rx": 2,
                    },
                )
            )
        parts.append(svg.text(chart.write(value), across(share), top + 32, "value", dx=8))
    height = _ROW * len(values)
    parts.append(svg.line(0, 16, 0, height - 8, "floor"))
    return svg.drawing(label, height, parts), ""
