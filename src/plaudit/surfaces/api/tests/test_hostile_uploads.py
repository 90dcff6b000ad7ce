"""Hostile mappings and programmes: each answered by the API with a refusal, never with a fault of ours."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plaudit.earning.tests.factories import Story, make_story
from plaudit.surfaces.api.tests.calling import AT, program

MAPPING = """\
mapping: 1
file: {format: csv}
source: till
type: purchase
key: {row_number: true, dataset: sales}
subject: {column: customer}
occurred_at: {column: date, format: "%Y-%m-%d", time: "12:00", time_zone: UTC}
fields:
  amount: {column: amount, as: decimal, scale: 2}
"""

BOMBS = {
    "aliases": "a: &a [x, x, x, x]\n"
    + "\n".join(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)),
    "brackets": "[" * 50_000,
    "braces": "{a: " * 20_000,
    "a long key": "? " + "k" * 90_000,
    "tags": "!!python/object/apply:os.system [id]",
    "merges": "a: &a {x: 1}\nb: {<<: *a}",
    "NUL": "mapping: 1\0",
    "documents": "---\n" * 20_000,
    "numbers": "mapping: " + "9" * 90_000,
    "nothing": " ",
    "too long": "#" * 200_000,
}  # fmt: skip


@pytest.fixture
def story() -> Story:
    """An organisation that takes purchases, which these files would be."""
    return make_story()


@pytest.mark.parametrize("name", BOMBS)
def test_a_mapping_that_would_burst_is_refused(story, name):
    sent = SimpleUploadedFile("sales.csv", b"customer,date,amount\n")

    answer = program(story.organisation.id).client.post(
        f"{AT}/imports", {"file": sent, "mapping": BOMBS[name]}
    )

    assert 400 <= answer.status_code < 500, answer.content[:300]


@pytest.mark.parametrize("name", BOMBS)
def test_a_programme_that_would_burst_is_refused(story, name):
    caller = program(story.organisation.id)

    answer = caller.send("POST", "/programmes/plan", BOMBS[name], media="application/yaml", key=None)

    assert 400 <= answer.status_code < 500, answer.content[:300]
