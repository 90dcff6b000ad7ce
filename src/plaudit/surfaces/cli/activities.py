"""Commands about activity: one event sent, a file imported, and why an event earned what it did."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from plaudit.activity.events import EventError, IncomingEvent, decode_cloudevents
from plaudit.activity.files import check_file, guess_mapping, load_mapping, survey
from plaudit.activity.models import ImportBatch
from plaudit.activity.queries import event_by_key
from plaudit.earning.actions.answering import Taken, rehearse_events, take_in_parts
from plaudit.earning.actions.import_file import run_import, start_import
from plaudit.earning.actions.stop_import import resume_import
from plaudit.earning.explaining import explain_event
from plaudit.foundation.ids import read
from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.surfaces.cli.acting import ACTOR, organisation_id
from plaudit.surfaces.cli.imports import told
from plaudit.surfaces.cli.output import INVALID, manner, say, show, show_rows, talk, text_of

activity = typer.Typer(no_args_is_help=True, help="What happened: events and files of them.")


@activity.command("send")
def send(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would earn; record nothing.")
    ] = False,
) -> None:
    """Take in CloudEvents from standard input: one, a JSON array, or one a line.

    Example:  echo '{"specversion":"1.0","source":"till","id":"o-1","type":"purchase","subject":"C0001",
    "time":"2026-11-21T10:00:00Z","data":{"amount":50}}' | plaudit activity send
    """
    body = sys.stdin.buffer.read().strip()
    lines = b"\n{" in body and not body.startswith(b"[")
    sent = decode_cloudevents(body, "application/x-ndjson" if lines else "application/json")
    rows = [_refused(one) for one in sent if isinstance(one, EventError)]
    events = [one for one in sent if not isinstance(one, EventError)]
    here = organisation_id()
    taken = rehearse_events(here, events) if dry_run else take_in_parts(here, events)
    for one in taken:
        if isinstance(one, Exception):
            raise one
        rows.append(_row(one))
    columns = ["id", "status", "said", "now"] if dry_run else ["id", "status", "activity", "said", "now"]
    show_rows(rows, columns, empty="Nothing was sent.")
    if dry_run:
        say("Nothing was recorded.")
    if any(row["status"] in ("refused", "conflict") for row in rows):
        raise typer.Exit(INVALID)


def _refused(error: EventError) -> dict[str, Any]:
    said = "; ".join(problem.sentence for problem in error.problems)
    return {"id": error.id, "status": "refused", "activity": None, "said": said, "balances": {}}


def _row(taken: Taken) -> dict[str, Any]:
    outcome = taken.outcome
    said = [f"{one.amount:+,} {one.unit} ({one.rule})" for one in outcome.grants]
    said += [problem.sentence for problem in outcome.problems]
    said += [outcome.refusal.say()] if outcome.refusal is not None else []
    return {
        "id": outcome.event.id,
        "status": outcome.status.value,
        "activity": as_reference("act", outcome.event_id) if outcome.event_id is not None else None,
        "said": "; ".join(said),
        "balances": {one.unit: one.available for one in taken.balances},
        "now": ", ".join(f"{one.available:,} {one.unit}" for one in taken.balances),
    }


@activity.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX, NDJSON or Parquet; also .gz and .zst.")],
    mapping: Annotated[
        Path | None, typer.Option(help="How rows become events; without it a guess is printed.")
    ] = None,
    *,
    check: Annotated[
        bool,
        typer.Option("--check", "--dry-run", help="Count the file against its control totals; post nothing."),
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show the first rows and what they become; post nothing.")
    ] = False,
) -> None:
    """Import a file of activity or members. Killed or interrupted, the same command goes on where it was.

    Example:  plaudit activity import sales.csv --mapping sales.mapping.yaml
    """
    if not file.exists():
        raise FileNotFoundError(2, "no such file", str(file))
    if mapping is None:
        typer.echo(guess_mapping(file))
        say("This mapping is a guess. Keep it in a file, correct it, and give it:")
        say(f"  plaudit activity import {file} --mapping {file.stem}.mapping.yaml")
        return
    text = text_of(mapping)
    if preview:
        _preview(file, text)
        return
    if check:
        checked = check_file(file, load_mapping(text))
        checked.refuse()
        read_whole = f"{checked.totals.rows:,} rows read; every control total matches. Nothing was posted."
        show(checked.totals.stored(), sentence=read_whole)
        return
    here = organisation_id()
    batch = start_import(here, path=file.resolve(), mapping=text, actor=ACTOR)
    if batch.rows_done:
        say(f"This file was begun before; going on after {batch.rows_done:,} rows.")
    resume_import(here, batch.id, actor=ACTOR)
    told(run_shown(here, batch))


def run_shown(here: int, batch: ImportBatch) -> ImportBatch:
    """Run an import under a progress bar: rows, rate and time left."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(),
    )
    console = talk()
    hidden = manner.quiet or manner.json or not console.is_terminal
    with Progress(*columns, console=console, disable=hidden) as bars:
        task = bars.add_task(batch.name, total=None, rows="checking")

        def report(now: ImportBatch) -> None:
            elapsed = bars.tasks[0].elapsed or 0
            rate = f", {now.rows_done / elapsed:,.0f} a second" if elapsed > 1 else ""
            rows = f"{now.rows_done:,} rows{rate}"
            bars.update(task, completed=now.bytes_done, total=now.bytes_total or None, rows=rows)

        return run_import(here, batch.id, on_progress=report)


def _preview(file: Path, mapping: str) -> None:
    seen = survey(file, load_mapping(mapping))
    rows = []
    for row, outcome in zip(seen.rows, seen.outcomes, strict=True):
        becomes: object = outcome
        if isinstance(outcome, IncomingEvent):
            becomes = f"{outcome.type} {outcome.id} of {outcome.subject}: {outcome.data}"
        elif isinstance(outcome, tuple):
            becomes = "; ".join(error.sentence for error in outcome)
        elif outcome is None:
            becomes = "left out"
        rows.append({"row": row.row, "becomes": str(becomes)})
    show_rows(rows, ["row", "becomes"], empty="The file has no rows.")


@activity.command("explain")
def explain(
    reference: Annotated[str, typer.Argument(help="An event: act_01…, or its own id as source:id.")],
) -> None:
    """Say why an event earned what it did, rule by rule, and why it did not.

    Example:  plaudit activity explain till:o-1
    """
    here = organisation_id()
    with in_organisation(here):
        found = explain_event(here, _event_named(here, reference))
    rows = [
        {
            "rule": one.rule,
            "verdict": one.verdict.value,
            "granted": one.granted,
            "because": one.sentence,
            "would_change": one.would_change,
        }
        for one in found.verdicts
    ]
    say(found.sentence())
    show_rows(rows, ["rule", "verdict", "granted", "because"], empty="No rule is about it.")


def _event_named(here: int, text: str) -> UUID:
    if text.startswith("act_"):
        return read("act", text, kind="activity")
    source, _, key = text.partition(":")
    found = event_by_key(here, source, key)
    if found is None:
        raise NotFound(kind="activity", ref=text)
    return found
