"""Imports one set into a fresh organisation: straight, killed midway and taken up again, and twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.db import connection
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from examples.sets import Import, Lived
from plaudit.activity.models import BatchState, ImportBatch
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.organisations import create_organisation
from plaudit.planning.actions.apply import apply

HERE = Path(__file__).parent
ACTOR = "usr_0"


def fresh_organisation(name: str, programme: str | None = None) -> int:
    """An organisation nobody has used, with this programme applied, "" for none, or the one in the set's folder."""
    slug = f"{name.replace('_', '-')}-{time.time_ns() // 1_000_000}"
    organisation = create_organisation(slug, name=name.replace("_", " "), actor=ACTOR)
    if programme is None:
        programme = (HERE / name / "programme.yaml").read_text()
    if programme:
        apply(organisation.id, programme, actor=ACTOR)
    return organisation.id


def start(organisation_id: int, folder: Path, name: str, one: Import) -> ImportBatch:
    """Write the import down; the same unfinished import is found again."""
    mapping = (HERE / name / one.mapping).read_text()
    return start_import(organisation_id, path=folder / name / one.file, mapping=mapping, actor=ACTOR)


def run(organisation_id: int, folder: Path, name: str, one: Import) -> ImportBatch:
    """Import a file to its end, with progress on stderr."""
    batch = start(organisation_id, folder, name, one)
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(one.file, total=None)

        def report(now: ImportBatch) -> None:
            progress.update(task, completed=now.bytes_done, total=now.bytes_total or None)

        return run_import(organisation_id, batch.id, on_progress=report)


def run_killed_midway(organisation_id: int, folder: Path, name: str, one: Import) -> tuple[ImportBatch, int]:
    """Import in a process of its own, kill that in the middle, take the import up again; the rows done at the kill."""
    batch = start(organisation_id, folder, name, one)
    command = [sys.executable, "-m", "examples.importing", str(organisation_id), str(batch.id)]
    child = subprocess.Popen(command, cwd=HERE.parent, env=os.environ)
    deadline = time.monotonic() + 300
    while child.poll() is None and time.monotonic() < deadline:
        now = _look(organisation_id, batch.id)
        if now.state == BatchState.POSTING and now.rows_done and now.bytes_done * 3 >= now.bytes_total:
            child.send_signal(signal.SIGKILL)
            break
        time.sleep(0.02)
    child.wait()
    killed_at = _look(organisation_id, batch.id).rows_done
    _wait_until_let_go(organisation_id, batch.id)
    return run_import(organisation_id, batch.id), killed_at


def _look(organisation_id: int, batch_id: int) -> ImportBatch:
    with in_organisation(organisation_id):
        return ImportBatch.objects.get(organisation_id=organisation_id, id=batch_id)


def _wait_until_let_go(organisation_id: int, batch_id: int) -> None:
    """The server notices that the killed process is gone as soon as its statement ends."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", [-organisation_id, batch_id])
            if cursor.fetchone()[0]:
                cursor.execute("select pg_advisory_unlock(%s, %s)", [-organisation_id, batch_id])
                return
        time.sleep(0.1)


def got(organisation_id: int, one: Import | Lived, came: Any) -> dict[str, Any]:
    """What is in the books now; `came` is what the import or the life came to."""
    assert one.got is not None
    with in_organisation(organisation_id):
        return one.got(came)
