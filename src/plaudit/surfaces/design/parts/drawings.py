"""Tags that draw charts: ``{% chart "bars" figures %}`` and ``{% sparkline values "label" %}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.template import Library
from django.utils.safestring import SafeString

from plaudit.surfaces.design.charts import svg
from plaudit.surfaces.design.charts.lines import lines
from plaudit.surfaces.design.charts.lines import sparkline as small_line
from plaudit.surfaces.design.charts.lying import lying_bars
from plaudit.surfaces.design.charts.telling import summary_of
from plaudit.surfaces.design.charts.upright import bars, stacked
from plaudit.surfaces.design.charts.values import Chart, chart_from

register = Library()

_KINDS: Mapping[str, Callable[[Chart, str], tuple[str, str]]] = {
    "bars": bars,
    "lines": lines,
    "lying": lying_bars,
    "stacked": stacked,
}


@register.inclusion_tag("design/parts/chart.html")
def chart(kind: str, figures: Mapping[str, object]) -> dict[str, object]:
    """A chart in its frame: finding, drawing, key, table and CSV.

    ``kind`` is ``bars``, ``lines``, ``lying`` (horizontal bars) or ``stacked``; what ``figures``
    holds is described in the design reference.
    """
    shown = chart_from(figures)
    summary = summary_of(shown)
    drawn, box = _KINDS[kind](shown, f"{shown.title}. {summary}")
    return {
        "chart": shown,
        "heading": SafeString(f"h{shown.level}"),
        "summary": summary,
        "own_summary": bool(shown.summary),
        "drawn": SafeString(drawn),
        "box": box,
        "key": _key(kind, shown),
        "heads": [one.name or shown.measure for one in shown.series],
        "rows": [
            {"name": name, "values": [shown.write(one.values[index]) for one in shown.series]}
            for index, name in enumerate(shown.categories)
        ],
    }


def _key(kind: str, shown: Chart) -> list[dict[str, object]]:
    if len(shown.series) < 2:
        return []
    return [
        {"name": one.name, "sign": SafeString(_sign(kind, index))} for index, one in enumerate(shown.series)
    ]


def _sign(kind: str, index: int) -> str:
    series = f"s{index + 1}"
    if kind == "stacked":
        return svg.element(
            "rect", {"class": f"bar-mark {series}", "x": 6, "y": 1, "width": 14, "height": 14, "rx": 2}
        )
    return svg.line(0, 8, 28, 8, f"line-mark {series}") + svg.marker(index, 14, 8, series)


@register.simple_tag
def sparkline(values: Sequence[int | Decimal | None], label: str) -> SafeString:
    """A small line beside a figure; the label says in words what it shows."""
    return SafeString(small_line([None if value is None else Decimal(value) for value in values], label))
