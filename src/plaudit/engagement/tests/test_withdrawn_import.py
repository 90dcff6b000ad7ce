"""An import that is taken back leaves progress, badges and streaks as if its events had never been."""

from __future__ import annotations

from pathlib import Path

from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.earning.actions.reverse_import import reverse_import
from plaudit.earning.tests.factories import purchase
from plaudit.engagement.tests.factories import Keeping, make_challenge, make_keeping

MAPPING = """
mapping: 1
source: file
type: purchase
key: {columns: [id]}
subject: {column: member, source: till}
occurred_at: {column: at, format: "%Y-%m-%d", time: "12:00", time_zone: UTC}
fields: {amount: {column: amount, as: decimal, scale: 2}}
"""


def imported(keeping: Keeping, tmp_path: Path) -> int:
    path = tmp_path / "sales.csv"
    path.write_text(
        "id,member,at,amount\n1,ada,2026-03-02,10.00\n2,bob,2026-03-02,7.50\n3,ada,2026-03-03,5\n"
    )
    batch = start_import(keeping.organisation, path=path, mapping=MAPPING, actor="usr_0")
    assert run_import(keeping.organisation, batch.id).recorded == 3
    return batch.id


def take_back(keeping: Keeping, batch: int) -> None:
    reverse_import(keeping.organisation, batch, actor="usr_0", reason="Wrong file")


def test_what_an_import_moved_is_moved_back_and_what_it_reached_is_withdrawn(tmp_path: Path):
    keeping = make_keeping(make_challenge(3))
    keeping.story.send(purchase("ada", "1", id="own"))
    batch = imported(keeping, tmp_path)
    keeping.follow(at_most=2)
    assert (keeping.progress("ada"), keeping.story.available("ada")) == ({"": 3}, 50)

    take_back(keeping, batch)
    keeping.follow(at_most=1)
    assert (keeping.progress("ada"), keeping.progress("bob")) == ({"": 1}, {})
    assert keeping.story.available("ada") == 0

    keeping.story.send(purchase("ada", "1", id="second"), purchase("ada", "1", id="third"))
    keeping.follow()
    assert keeping.story.available("ada") == 50


def test_an_import_taken_back_before_anybody_looked_never_counts(tmp_path: Path):
    keeping = make_keeping(make_challenge(2))
    take_back(keeping, imported(keeping, tmp_path))
    keeping.follow()

    assert (keeping.progress("ada"), keeping.progress("bob")) == ({}, {})
    assert keeping.reached("ada") == []
