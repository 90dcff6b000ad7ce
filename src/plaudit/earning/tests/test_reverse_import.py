"""What taking an import back promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaudit.activity.models import BatchState
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.earning.actions.reverse_import import reverse_import
from plaudit.earning.refusals import ImportNotReversible
from plaudit.earning.tests.factories import amounts, make_limit, make_rule, make_story, refund

MAPPING = """
mapping: 1
source: till
type: purchase
key: {columns: [id]}
subject: {column: member}
occurred_at: {column: at, format: "%Y-%m-%d", time: "12:00", time_zone: UTC}
fields: {amount: {column: amount, as: decimal, scale: 2}}
"""


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """Three purchases of two members."""
    path = tmp_path / "sales.csv"
    path.write_text(
        "id,member,at,amount\n1,ada,2026-03-02,10.00\n2,bob,2026-03-02,7.50\n3,ada,2026-03-03,5.00\n"
    )
    return path


def test_an_import_taken_back_leaves_every_balance_as_it_was_and_the_rest_alone(sales: Path):
    story = make_story()
    story.buy("ada", "100", id="before")
    batch = _imported(story.organisation.id, sales)
    assert (story.available("ada"), story.available("bob")) == (115, 7)

    taken = reverse_import(story.organisation.id, batch, actor="usr_0", reason="Wrong file")

    assert taken.state == BatchState.REVERSED
    assert (story.available("ada"), story.available("bob")) == (100, 0)


def test_what_a_refund_took_already_is_not_taken_twice(sales: Path):
    story = make_story()
    batch = _imported(story.organisation.id, sales)
    story.send(refund("1", "10.00"))
    reverse_import(story.organisation.id, batch, actor="usr_0", reason="Wrong file")
    assert story.available("ada") == 0


def test_taking_back_gives_the_use_of_limits_back(sales: Path):
    story = make_story(make_rule(limits=(make_limit(10),)))
    batch = _imported(story.organisation.id, sales)
    reverse_import(story.organisation.id, batch, actor="usr_0", reason="Wrong file")
    assert amounts([story.buy("ada", "10")]) == [[("purchases", 10)]]


def test_an_import_is_taken_back_once(sales: Path):
    story = make_story()
    batch = _imported(story.organisation.id, sales)
    reverse_import(story.organisation.id, batch, actor="usr_0", reason="Wrong file")
    with pytest.raises(ImportNotReversible):
        reverse_import(story.organisation.id, batch, actor="usr_0", reason="Again")


def _imported(organisation_id: int, path: Path) -> int:
    batch = start_import(organisation_id, path=path, mapping=MAPPING, actor="usr_0")
    assert run_import(organisation_id, batch.id).recorded == 3
    return batch.id
