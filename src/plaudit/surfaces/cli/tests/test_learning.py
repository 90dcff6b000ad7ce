"""Learning from the command line: a list is looked at, counted and taken back; credits; and what was practised."""

from __future__ import annotations

import pytest

from plaudit.foundation import clock
from plaudit.learning.tests.conversing import BEST, make_practice, plays
from plaudit.learning.tests.factories import Academy
from plaudit.surfaces.cli.tests.calling import call


@pytest.fixture
def academy() -> Academy:
    return make_practice()


def test_a_list_is_looked_at_counted_and_taken_back(academy, tmp_path):
    academy.member("Ada Lovelace", email="ada@people.example")
    academy.member("Bo Lind")
    file = tmp_path / "came.csv"
    file.write_text("Name\nAda Lovelace\nBo Lindt\nNobody Known\n")
    org = academy.organisation.slug
    day = clock.now().date().isoformat()
    asked = ("learning", "attend", str(file), "--what", "academy/listening", "--on", day)

    looked = call("--json", *asked, org=org).data
    assert (looked["sure"], looked["likely"], looked["unknown"], looked["people"]) == (1, 1, 1, 1)
    counted = call("--yes", *asked, "--count", org=org)
    assert "1 are counted" in counted.out + counted.talk
    said = call("learning", "statement", "ada@people.example", org=org)
    assert "2 credits" in said.out + said.talk
    (listed,) = call("--json", "learning", "lists", org=org).data
    assert listed["state"] == "done"
    taken = call("learning", "reverse", listed["id"], "--because", "Wrong day", org=org)
    assert "1 completions are taken back." in taken.out + taken.talk
    assert call("--json", "learning", "statement", "ada@people.example", org=org).data == []


def test_what_there_is_to_learn_and_to_practise_is_listed(academy):
    plays(academy, academy.member(), *BEST)
    org = academy.organisation.slug

    offered = {one["what"]: one["credits"] for one in call("--json", "learning", "list", org=org).data}
    assert offered["academy/listening"] == 2
    (scenario,) = call("--json", "learning", "scenarios", org=org).data
    assert scenario == {
        "what": "academy/missing",
        "name": "My points are missing",
        "revision": 1,
        "passed": 1,
        "to_refresh": 0,
    }


def test_what_is_not_there_is_said_with_the_code_for_it(academy, tmp_path):
    file = tmp_path / "came.csv"
    file.write_text("Name\nAda\n")
    nothing = call(
        "learning", "attend", str(file), "--what", "academy/nothing", "--on", "2026-01-01",
        org=academy.organisation.slug,
    )  # fmt: skip
    assert nothing.code == 3
