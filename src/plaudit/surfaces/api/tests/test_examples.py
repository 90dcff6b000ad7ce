"""Every documented example works, and what it is answered is what the reference says."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from plaudit.foundation import clock
from plaudit.foundation.jobs import run_due
from plaudit.people.actions.keys import create_key
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api import examples
from plaudit.surfaces.api.document import operations
from plaudit.surfaces.api.examples import ANSWERS, answers, calls
from plaudit.surfaces.api.tests.calling import Program
from plaudit.surfaces.api.tests.storytelling import Samples, answered, kept, tell

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)

# Written anew with WRITE_EXAMPLES=1, to be read before it is committed.
WRITE = os.environ.get("WRITE_EXAMPLES") == "1"


def test_every_operation_has_an_example():
    shown = Counter(call.operation for call in calls())

    assert {one.id for one in operations()} == set(shown)


def test_the_story_is_answered_as_the_reference_says():
    with clock.frozen_at(NOON):
        organisation_id = make_organisation(time_zone="Europe/Lisbon").id
        made = create_key(organisation_id, name="Back office", scopes=["admin"], actor="cli")
        caller = Program(made.secret)
        samples = Samples()
        told = [answered(response, samples) for _, response in tell(caller, lambda: run_due(organisation_id))]
    if WRITE:
        path = Path(examples.__file__).parent / "story" / ANSWERS
        path.write_text(kept(told), encoding="utf-8")
        examples.answers.cache_clear()

    assert len(told) == len(answers())
    for call, now, said in zip(calls(), told, answers(), strict=True):
        assert now == said, (call.operation, call.says)
