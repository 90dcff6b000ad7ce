"""Charts are well-formed, escaped, honest about zero and gaps, and limited to four series."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as some

from plaudit.surfaces.design.charts.lines import lines, sparkline
from plaudit.surfaces.design.charts.lying import lying_bars
from plaudit.surfaces.design.charts.scale import PLOT_HEIGHT, kept_apart, scale_for
from plaudit.surfaces.design.charts.telling import summary_of
from plaudit.surfaces.design.charts.upright import bars, stacked
from plaudit.surfaces.design.charts.values import chart_from
from plaudit.surfaces.design.sample_charts import charts

KINDS = {"bars": bars, "lines": lines, "lying": lying_bars, "stacked": stacked}
HOSTILE = "<b>'\"&]]></text><script>alert(1)</script>"


def figures(*values: int | None, **more: object) -> dict[str, Any]:
    names = [f"M{index}" for index in range(len(values))]
    return {
        "id": "c",
        "title": "T",
        "categories": names,
        "series": [{"name": "A", "values": list(values)}],
        **more,
    }


def drawn(kind: str, source: Mapping[str, object]) -> ElementTree.Element:
    svg, _box = KINDS[kind](chart_from(source), "label")
    return read(svg)


def read(svg: str) -> ElementTree.Element:
    """Our own drawing, so nothing hostile is in its structure."""
    return ElementTree.fromstring(svg)  # noqa: S314


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_chart_is_well_formed_and_named(kind):
    svg = drawn(kind, charts()[kind])
    assert svg.tag == "svg"
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "label"


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_words(kind):
    source = figures(3, 5, title=HOSTILE, events=[{"at": HOSTILE, "name": HOSTILE}])
    source["categories"] = [HOSTILE, "M1"]
    source["series"] = [{"name": HOSTILE, "values": [3, 5]}, {"name": "B", "values": [1, 1]}]

    page = Template('{% load plaudit %}{% chart "' + kind + '" figures %}').render(
        Context({"figures": source})
    )

    assert "<script" not in page
    assert not drawn(kind, source).findall(".//script")


@pytest.mark.parametrize("kind", KINDS)
def test_no_chart_carries_a_style_of_its_own(kind):
    for part in drawn(kind, charts()[kind]).iter():
        assert "style" not in part.attrib


def test_bars_stand_on_zero_and_their_heights_are_in_proportion():
    heights = [
        Decimal(rect.get("height") or 0) for rect in drawn("bars", figures(100, 50, 0)).findall("rect")
    ]
    assert heights[0] == 2 * heights[1]
    assert heights[2] == 0


def test_a_bar_below_zero_hangs_from_the_zero_line():
    up, down = drawn("bars", figures(10, -10)).findall("rect")
    assert Decimal(up.get("y", "")) + Decimal(up.get("height", "")) == Decimal(down.get("y", ""))


def test_a_gap_breaks_the_line_and_is_not_zero():
    svg = drawn("lines", figures(10, 12, None, 11, 13))
    runs = svg.findall(".//polyline")
    assert [len(run.get("points", "").split()) for run in runs] == [2, 2]
    assert chart_from(figures(None)).write(None) == "–"


def test_every_series_of_lines_has_its_own_marker():
    source = figures(1, 2)
    source["series"] = [{"name": name, "values": [1, 2]} for name in "ABCD"]
    shapes = {path.get("d") for path in drawn("lines", source).findall(".//path")}
    assert len(shapes) == 4


def test_a_fifth_series_is_refused():
    source = figures(1)
    source["series"] = [{"name": name, "values": [1]} for name in "ABCDE"]
    with pytest.raises(ValueError, match="at most 4"):
        chart_from(source)


def test_values_and_categories_must_be_as_many():
    with pytest.raises(ValueError, match="2 values for 1 categories"):
        chart_from({**figures(1, 2), "categories": ["only"]})


def test_parts_of_a_stack_cannot_be_negative():
    with pytest.raises(ValueError, match="negative"):
        drawn("stacked", figures(-1))


def test_one_chosen_bar_leaves_the_others_quiet():
    marks = [rect.get("class") for rect in drawn("bars", figures(1, 2, 3, highlight="M1")).findall("rect")]
    assert marks == ["bar-mark quiet", "bar-mark s1", "bar-mark quiet"]


def test_money_is_drawn_in_major_units_and_written_exactly():
    chart = chart_from(figures(123456, currency="GBP"))
    assert chart.series[0].values == (Decimal("1234.56"),)
    assert chart.write(chart.series[0].values[0]) == "£1,234.56"
    assert chart.write_tick(Decimal(2000)) == "£2,000"


def test_the_summary_tells_ends_and_extremes():
    told = summary_of(chart_from(figures(3, 9, 1, 4)))
    assert told == "A: 3 (M0) to 4 (M3); highest 9 (M1), lowest 1 (M2)."


def test_a_frame_offers_the_table_and_the_csv():
    page = Template('{% load plaudit %}{% chart "bars" figures %}').render(
        Context({"figures": figures(3, 9, csv_url="/figures.csv")})
    )
    assert "<table" in page
    assert 'href="/figures.csv"' in page
    assert "<caption" in page


def test_a_sparkline_needs_two_values_and_a_label():
    assert sparkline([Decimal(1)], "one") == ""
    svg = read(sparkline([Decimal(1), None, Decimal(3)], "rose from 1 to 3"))
    assert svg.get("aria-label") == "rose from 1 to 3"


@given(some.lists(some.integers(-(10**12), 10**12), min_size=1, max_size=40))
def test_every_value_lies_on_the_axis(values):
    scale = scale_for([Decimal(value) for value in values], whole=True)
    assert all(0 <= scale.y(Decimal(value)) <= PLOT_HEIGHT for value in values)
    assert Decimal(0) in scale.ticks
    assert 2 <= len(scale.ticks) <= 8


@given(some.lists(some.integers(0, PLOT_HEIGHT), min_size=1, max_size=4))
def test_direct_labels_are_kept_apart_in_their_order(places):
    moved = kept_apart([Decimal(place) for place in places], gap=17)
    ordered = sorted(moved)
    assert all(after - before >= 17 for before, after in pairwise(ordered))
    assert max(moved) <= PLOT_HEIGHT
