"""Commands about activity: one event sent, files imported, and why an event earned what it did."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from plaudit.surfaces.cli.output import INVALID, manner, say, show, show_rows, talk, translated
from plaudit.surfaces.cli.setting_up import ACTOR, organisation_id, set_up

activity = typer.Typer(no_args_is_help=True, help="What happened: events and files of them.")
imports = typer.Typer(no_args_is_help=True, help="Imports and how far they are.")


def mount(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(activity, name="activity")
    app.add_typer(imports, name="import")


@activity.command("send")
def send() -> None:
    """Take in CloudEvents from standard input: one, a JSON array, or one a line.

    Example:  echo '{"specversion":"1.0","source":"till","id":"o-1","type":"purchase","subject":"C0001",
    "time":"2026-11-21T10:00:00Z","data":{"amount":50}}' | plaudit activity send
    """
    with translated():
        set_up()
        from plaudit.activity.events import EventError, decode_cloudevents  # noqa: PLC0415  # needs Django set up
        from plaudit.earning.actions.take_in import take_in  # noqa: PLC0415

        body = sys.stdin.buffer.read().strip()
        lines = b"\n{" in body and not body.startswith(b"[")
        read = decode_cloudevents(body, "application/x-ndjson" if lines else "application/json")
        rows = [
            {
                "id": one.id,
                "status": "refused",
                "said": "; ".join(problem.sentence for problem in one.problems),
            }
            for one in read
            if isinstance(one, EventError)
        ]
        outcomes = take_in(organisation_id(), [one for one in read if not isinstance(one, EventError)])
        for outcome in outcomes:
            said = [f"{granted.amount:+,} {granted.unit} ({granted.rule})" for granted in outcome.grants]
            said += [problem.sentence for problem in outcome.problems]
            said += [outcome.refusal.say()] if outcome.refusal is not None else []
            rows.append({"id": outcome.event.id, "status": outcome.status.value, "said": "; ".join(said)})
        show_rows(rows, ["id", "status", "said"], empty="Nothing was sent.")
        if any(row["status"] in ("refused", "conflict") for row in rows):
            raise typer.Exit(INVALID)


@activity.command("import")
def import_file(
    file: Path,
    mapping: Path = typer.Option(
        None, help="How rows become events; guessed and shown where it is not given."
    ),
    check: bool = typer.Option(
        False, "--check", help="Count the whole file against its control totals; post nothing."
    ),
    preview: bool = typer.Option(
        False, "--preview", help="Show the first rows and what they become; post nothing."
    ),
) -> None:
    """Import a file of activity or members. Killed or interrupted, the same command goes on where it was.

    Example:  plaudit activity import sales.csv --mapping sales.mapping.yaml
    """
    with translated():
        set_up()
        from plaudit.activity.files import check_file, guess_mapping, load_mapping  # noqa: PLC0415  # needs Django
        from plaudit.earning.actions.import_file import run_import, start_import  # noqa: PLC0415

        if mapping is None:
            typer.echo(guess_mapping(file))
            say(
                f"This mapping is a guess. Keep it in a file, correct it, and give it:  --mapping {file.stem}.mapping.yaml"
            )
            return
        text = mapping.read_text()
        if preview:
            _preview(file, text)
            return
        if check:
            checked = check_file(file, load_mapping(text))
            checked.refuse()
            show(
                checked.totals.stored(),
                sentence=f"{checked.totals.rows:,} rows read, every control total matches.",
            )
            return
        one = organisation_id()
        batch = start_import(one, path=file.resolve(), mapping=text, actor=ACTOR)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[rows]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=talk, disable=manner.quiet or manner.json) as bars:
            task = bars.add_task(file.name, total=None, rows="checking")

            def report(now: object) -> None:
                done, total, rows = (
                    getattr(now, name) for name in ("bytes_done", "bytes_total", "rows_done")
                )
                bars.update(task, completed=done, total=total or None, rows=f"{rows:,} rows")

            batch = run_import(one, batch.id, on_progress=report)
        _tell(batch)


def _preview(file: Path, mapping: str) -> None:
    from plaudit.activity.events import IncomingEvent  # noqa: PLC0415  # kept out of the start
    from plaudit.activity.files import load_mapping, survey  # noqa: PLC0415

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


def _tell(batch: object) -> None:
    """How an import ended, with what to do about what did not go in."""
    names = ("id", "state", "rows_done", "recorded", "repeated", "errors", "skipped", "points")
    body = {name: getattr(batch, name) for name in names}
    refusal = getattr(batch, "refusal", None)
    if refusal:
        for error in refusal["errors"]:
            say(f"  {error['detail']}")
    sentence = (
        f"{body['state'].capitalize()}: {body['rows_done']:,} rows, {body['recorded']:,} recorded, "
        f"{body['repeated']:,} there already, {body['errors']:,} rejected."
    )
    show(body, sentence=sentence)
    if body["errors"]:
        say(f"See why:  plaudit import rejects {body['id']}")
    if refusal:
        raise typer.Exit(INVALID)


@activity.command("explain")
def explain(reference: str = typer.Argument(help="An event, such as act_01…")) -> None:
    """Say why an event earned what it did, rule by rule, and why it did not."""
    with translated():
        set_up()
        from plaudit.earning.explaining import explain_event  # noqa: PLC0415  # needs Django set up
        from plaudit.foundation.ids import read  # noqa: PLC0415
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415

        one = organisation_id()
        with in_organisation(one):
            found = explain_event(one, read("act", reference, kind="activity"))
        rows = [
            {"rule": v.rule, "verdict": v.verdict.value, "granted": v.granted, "because": v.sentence}
            for v in found.verdicts
        ]
        say(found.sentence())
        show_rows(rows, ["rule", "verdict", "granted", "because"], empty="No rule is about it.")


@imports.command("list")
def list_imports() -> None:
    """List imports, newest first."""
    with translated():
        set_up()
        from plaudit.activity.models import ImportBatch  # noqa: PLC0415  # needs Django set up
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415

        one = organisation_id()
        names = ("id", "name", "state", "rows_done", "recorded", "repeated", "errors")
        with in_organisation(one):
            rows = list(ImportBatch.objects.filter(organisation_id=one).order_by("-id").values(*names)[:50])
        show_rows(rows, list(names), empty="Nothing was imported yet; see `plaudit activity import`.")


@imports.command("rejects")
def rejects(batch: int) -> None:
    """List the rows of an import that were rejected, and what to do about each."""
    with translated():
        set_up()
        from plaudit.activity.models import RejectedRow  # noqa: PLC0415  # needs Django set up
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415

        one = organisation_id()
        names = ("file", "row", "field", "repair", "sentence")
        with in_organisation(one):
            found = RejectedRow.objects.filter(organisation_id=one, batch_id=batch).order_by("repair", "id")
            rows = list(found.values(*names)[:200])
        show_rows(rows, list(names), empty="No row was rejected.")
