"""What stopping an import promises: nothing more comes in, what is in stays in, and it goes on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from plaudit.activity.models import BatchState, Event, ImportBatch
from plaudit.earning.actions import import_file
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.earning.actions.reverse_import import reverse_import
from plaudit.earning.actions.stop_import import cancel_import, pause_import, resume_import
from plaudit.earning.refusals import ImportNotCancellable, ImportNotResumable
from plaudit.earning.tasks import go_on_later, reverse_later
from plaudit.earning.tests.factories import Story, make_story
from plaudit.foundation.jobs.actions import cancel
from plaudit.foundation.models import Audit
from plaudit.foundation.tenancy import in_organisation

ACTOR = "usr_0"
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
def sales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight purchases of one member, each worth ten points, that are taken in three at a time."""
    monkeypatch.setattr(import_file, "STEP", 3)
    path = tmp_path / "sales.csv"
    rows = "".join(f"{number},ada,2026-03-02,10.00\n" for number in range(8))
    path.write_text(f"id,member,at,amount\n{rows}")
    return path


def begun(story: Story, sales: Path) -> int:
    return start_import(story.organisation.id, path=sales, mapping=MAPPING, actor=ACTOR).id


def stopped_after_a_step(story: Story, sales: Path) -> int:
    """An import that somebody cancelled while it ran."""
    at, batch_id = story.organisation.id, begun(story, sales)

    def stop(batch: ImportBatch) -> None:
        if batch.rows_done == 3:
            cancel_import(at, batch_id, actor=ACTOR)

    assert run_import(at, batch_id, on_progress=stop).state == BatchState.CANCELLED
    return batch_id


def jobs_of(organisation_id: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select task_name, status::text from procrastinate_jobs"
            " where (args ->> 'organisation_id')::int = %s order by id",
            [organisation_id],
        )
        return [(task, status) for task, status in cursor.fetchall()]


def test_a_running_import_is_cancelled_at_its_next_step_and_says_what_is_in(sales: Path):
    story = make_story()
    at = story.organisation.id

    batch_id = stopped_after_a_step(story, sales)

    with in_organisation(at):
        batch = ImportBatch.objects.get(id=batch_id)
        assert (batch.state, batch.rows_done, batch.recorded, batch.totals["rows"]) == ("cancelled", 3, 3, 8)
        assert Event.objects.filter(organisation_id=at, batch_id=batch_id).count() == 3
        (noted,) = Audit.objects.filter(act="import.cancelled")
        assert noted.details == {"rows": 3, "recorded": 3}
    assert story.available("ada") == 30
    assert run_import(at, batch_id).state == BatchState.CANCELLED
    assert story.available("ada") == 30


def test_what_was_cancelled_goes_on_to_its_end(sales: Path):
    story = make_story()
    at, batch_id = story.organisation.id, stopped_after_a_step(story, sales)

    resume_import(at, batch_id, actor=ACTOR)
    done = run_import(at, batch_id)

    assert (done.state, done.rows_done, done.recorded) == ("done", 8, 8)
    assert story.available("ada") == 80
    with in_organisation(at):
        acts = list(
            Audit.objects.filter(subject=f"imp_{batch_id}").order_by("id").values_list("act", flat=True)
        )
    assert acts == ["import.started", "import.cancelled", "import.resumed"]


def test_what_was_cancelled_is_taken_back(sales: Path):
    story = make_story()
    batch_id = stopped_after_a_step(story, sales)

    taken = reverse_import(story.organisation.id, batch_id, actor=ACTOR, reason="The wrong file")

    assert taken.state == BatchState.REVERSED
    assert story.available("ada") == 0


def test_the_same_file_again_is_the_import_that_was_cancelled(sales: Path):
    story = make_story()
    batch_id = stopped_after_a_step(story, sales)

    assert begun(story, sales) == batch_id


@pytest.mark.parametrize("stop", [pause_import, cancel_import])
def test_what_was_stopped_before_its_turn_does_not_begin(sales: Path, stop):
    story = make_story()
    at, batch_id = story.organisation.id, begun(story, sales)

    stop(at, batch_id, actor=ACTOR)

    assert run_import(at, batch_id).rows_done == 0
    resume_import(at, batch_id, actor=ACTOR)
    assert run_import(at, batch_id).recorded == 8


def test_what_has_ended_is_not_cancelled_and_does_not_go_on(sales: Path):
    story = make_story()
    at, batch_id = story.organisation.id, begun(story, sales)
    run_import(at, batch_id)

    with pytest.raises(ImportNotCancellable):
        cancel_import(at, batch_id, actor=ACTOR)
    with pytest.raises(ImportNotResumable):
        resume_import(at, batch_id, actor=ACTOR)

    with in_organisation(at):
        assert ImportBatch.objects.get(id=batch_id).state == "done"


def test_stopped_at_its_last_step_it_stays_stopped(sales: Path):
    story = make_story()
    at, batch_id = story.organisation.id, begun(story, sales)

    def stop(batch: ImportBatch) -> None:
        if batch.rows_done == 8:
            pause_import(at, batch_id, actor=ACTOR)

    assert run_import(at, batch_id, on_progress=stop).state == BatchState.PAUSED
    resume_import(at, batch_id, actor=ACTOR)
    assert run_import(at, batch_id).state == BatchState.DONE


def test_going_on_is_queued_behind_the_job_that_is_just_stopping(sales: Path):
    story = make_story()
    at, batch_id = story.organisation.id, begun(story, sales)
    go_on_later(at, batch_id, actor=ACTOR)
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'doing' where (args ->> 'organisation_id')::int = %s",
            [at],
        )
    cancel_import(at, batch_id, actor=ACTOR)

    go_on_later(at, batch_id, actor=ACTOR)
    go_on_later(at, batch_id, actor=ACTOR)
    reverse_later(at, batch_id, actor=ACTOR, reason="After all")

    imports = [("earning.import", "doing"), ("earning.import", "todo"), ("earning.reverse_import", "todo")]
    assert jobs_of(at) == imports
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where (args ->> 'organisation_id')::int = %s", [at])


@pytest.mark.parametrize("status, left", [("todo", []), ("doing", [("earning.import", "doing")])])
def test_cancelling_the_job_cancels_the_import(sales: Path, status: str, left: list[tuple[str, str]]):
    story = make_story()
    at, batch_id = story.organisation.id, begun(story, sales)
    go_on_later(at, batch_id, actor=ACTOR)
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = %s::procrastinate_job_status"
            " where (args ->> 'organisation_id')::int = %s returning id",
            [status, at],
        )
        (job,) = cursor.fetchone()

    cancel(job, organisation_id=at, actor=ACTOR)

    with in_organisation(at):
        assert ImportBatch.objects.get(id=batch_id).state == "cancelled"
    assert jobs_of(at) == left
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where (args ->> 'organisation_id')::int = %s", [at])
