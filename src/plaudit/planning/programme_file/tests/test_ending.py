"""One entry of a file ends, and no other letter of it changes."""

from __future__ import annotations

from datetime import datetime

import pytest

from plaudit.foundation.refusals import NotFound
from plaudit.planning.programme_file.ending import ended
from plaudit.planning.programme_file.parse import parse_programme
from plaudit.planning.programme_file.tests.factories import make_file

AT = datetime(2026, 11, 22, 9, 40)  # noqa: DTZ001  # local to the programme

BLOCK = """
  five:          # the best of all
    # Whoever comes five times.
    name: Five a month
    on: purchase
    through: 2027-01-31
    target: 5
    earn: 50
  ten:
    name: Ten a month
    on: purchase
    target: 10
    earn: 50
"""


def test_an_entry_in_lines_gets_its_end_and_keeps_its_comments():
    source = make_file(challenges=BLOCK)
    after = ended(source, "challenges", "five", at=AT)

    assert "the best of all" in after and "# Whoever comes five times." in after
    assert "through: 2027-01-31" not in after
    changed = set(after.split("\n")) ^ set(source.split("\n"))
    assert changed == {"    through: 2027-01-31", "    until: 2026-11-22 09:40"}
    five, ten = parse_programme(after).programme.challenges
    assert (five.ends, ten.ends) == (AT, None)


def test_an_entry_on_one_line_ends_too():
    source = make_file(challenges="{five: {name: Five, on: purchase, target: 5, earn: 50}}")

    (five,) = parse_programme(ended(source, "challenges", "five", at=AT)).programme.challenges

    assert five.ends == AT


@pytest.mark.parametrize("section, key", [("challenges", "six"), ("rules", "purchases"), ("offers", "five")])
def test_what_is_not_there_or_has_no_end_is_not_found(section, key):
    with pytest.raises(NotFound):
        ended(make_file(challenges=BLOCK), section, key, at=AT)
