"""The worked tables of docs/algorithms/rings.md, row by row."""

from __future__ import annotations

import pytest

from bench.rings import LOOK_BACK, judge, reviews, weeks_of
from plaudit.recognition.rules.chance import left_out, together, urn_tail
from plaudit.recognition.rules.expecting import Place, expect
from plaudit.recognition.rules.rings import SIZES, possible
from tests.algorithms.worked import worked

PLACES = {name: Place(name, "team", "early" if name in "AB" else "late") for name in "ABCD"}
GIVEN = {
    (PLACES[pair[0]], PLACES[pair[1]]): times
    for pair, times in {"AB": 4, "AC": 2, "BA": 3, "BD": 1, "CA": 2, "CD": 2, "DC": 3, "DB": 1}.items()
}


@pytest.mark.parametrize("row", worked("rings", "expected"))
def test_what_chance_would_bring(row):
    fit = expect(GIVEN).within
    for name, place in PLACES.items():
        if name != row["from"]:
            assert f"{fit.mean(PLACES[row['from']], place):.2f}" == row[name]


@pytest.mark.parametrize("row", worked("rings", "links"))
def test_how_seldom_a_link_is(row):
    times, given, received = (int(row[name]) for name in ("times", "given", "received"))
    mean = float(row["by chance"])
    assert f"{urn_tail(times, given, received, mean):.2g}" == row["as many or more"]
    assert f"{left_out(times, given, received, mean)[0]:.2f}" == row["expected otherwise"]


@pytest.mark.parametrize("row", worked("rings", "together"))
def test_how_seldom_a_ring_is(row):
    assert f"{together([float(row['chance of each'])] * int(row['links'])):.2g}" == row["together"]


@pytest.mark.parametrize("row", worked("rings", "possible"))
def test_how_many_rings_there_could_be(row):
    assert [possible(int(row["people"]), size) for size in SIZES] == [int(row[str(size)]) for size in SIZES]


@pytest.mark.parametrize("row", worked("rings", "found"))
def test_what_is_found_in_a_small_company(row):
    weeks, rings = weeks_of(int(row["seed"]), people=240, often=0.6 if row["rings"] != "0" else 0.0)
    at = max((ring.since for ring in rings), default=0) + LOOK_BACK
    found = list(reviews(weeks[at - LOOK_BACK : at]))
    judged = judge(found, rings)
    assert [len(one) for one in found] == [int(row["findings"])]
    assert judged.planted == int(row["rings"])
    assert judged.found == int(row["rings found"])
    assert judged.false == 0
