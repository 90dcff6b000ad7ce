"""Hostile uploads: each answered by the API with a refusal or an import that ends, never with a fault of ours."""

from __future__ import annotations

from contextlib import suppress
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plaudit.activity.files.tests.hostile_files import FINE, NOT_TEXT, ODD, REFUSED, ROWS
from plaudit.earning.tasks import import_file
from plaudit.earning.tests.factories import Story, make_story
from plaudit.foundation.refusals import Refusal
from plaudit.surfaces.api.tests.calling import AT, body_of, program

MAPPING = """\
mapping: 1
file: {format: csv}
source: till
type: purchase
key: {row_number: true, dataset: DATASET}
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


@pytest.fixture(scope="module")
def story() -> Story:
    """An organisation that takes purchases, which these files would be."""
    return make_story()


def imported(story: Story, content: bytes) -> dict[str, object]:
    """The import such a file becomes, run to its end; or the refusal."""
    caller = program(story.organisation.id)
    sent = SimpleUploadedFile("sales.csv", content)
    mapping = MAPPING.replace("DATASET", f"d{crc32(content)}")  # rows of different files are different rows
    answer = caller.client.post(f"{AT}/imports", {"file": sent, "mapping": mapping})
    if answer.status_code != 202:
        assert 400 <= answer.status_code < 500, answer.content[:300]
        return {"state": "refused", **body_of(answer)}
    reference = body_of(answer)["id"]
    with suppress(Refusal):  # a worker's job ends with it; what the import says of it is looked at
        import_file(story.organisation.id, batch_id=int(reference.removeprefix("imp_")))
    followed = caller.get(f"/imports/{reference}")
    assert followed.status_code == 200
    rejects = caller.get(f"/imports/{reference}/rejects")
    assert rejects.status_code == 200, rejects.content[:300]
    assert caller.get(f"/imports/{reference}/rejects.csv").status_code == 200
    shown: dict[str, object] = {**body_of(followed), "rejects": body_of(rejects)["items"]}
    return shown


@pytest.mark.parametrize("name", ROWS)
def test_a_hostile_row_is_rejected_by_its_number_and_the_others_are_recorded(story, name):
    done = imported(story, ROWS[name])

    assert (done["state"], done["recorded"]) == ("done", 2)
    rejects = done["rejects"]
    assert isinstance(rejects, list)
    assert {row["row"] for row in rejects} == {3}


@pytest.mark.parametrize("name", [*ODD, *FINE])
def test_an_odd_file_is_recorded(story, name):
    done = imported(story, {**ODD, **FINE}[name])

    assert (done["state"], done["rejected"]) == ("done", 0)


@pytest.mark.parametrize("name", [*REFUSED, *NOT_TEXT])
def test_what_cannot_be_taken_ends_in_a_sentence(story, name):
    done = imported(story, {**REFUSED, **NOT_TEXT}[name])

    assert done["state"] in ("failed", "refused"), done


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
