"""Commands about imports: how far each is, what it rejected, and stopping one for a while or for good."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from plaudit.activity.imports import import_by_id, rejected_rows, rejects_to_repair
from plaudit.activity.imports import imports as listed
from plaudit.activity.models import ImportBatch
from plaudit.earning.actions.import_file import REJECTED_ROWS_KEPT
from plaudit.earning.actions.reverse_import import reverse_import
from plaudit.earning.actions.stop_import import cancel_import, pause_import
from plaudit.earning.refusals import ImportNotThere
from plaudit.earning.tasks import go_on_later
from plaudit.foundation.tenancy import in_organisation
from plaudit.surfaces.cli.acting import ACTOR, organisation_id
from plaudit.surfaces.cli.output import INVALID, confirm, say, show, show_rows

imports = typer.Typer(no_args_is_help=True, help="Imports and how far they are.")

_SHOWN = 200

Batch = Annotated[str, typer.Argument(help="An import, such as imp_12.")]


@imports.command("list")
def list_imports() -> None:
    """List imports, newest first."""
    here = organisation_id()
    with in_organisation(here):
        rows = [told_of(one) for one in listed(here)]
    names = ["id", "name", "state", "rows_done", "recorded", "repeated", "errors"]
    show_rows(rows, names, empty="Nothing was imported yet; see `plaudit activity import`.")


@imports.command("show")
def show_import(batch: Batch) -> None:
    """Show how far an import is, and what it found."""
    found = _named(organisation_id(), batch)
    show({**told_of(found), "totals": found.totals, "file": found.path, "refusal": found.refusal})


@imports.command("rejects")
def rejects(
    batch: Batch,
    repair: Annotated[str, typer.Option(help="Only rows that need this repair.")] = "",
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Every row, as a CSV file to repair.")] = False,
) -> None:
    """List the rows of an import that were rejected, and what to do about each.

    Example:  plaudit import rejects imp_12 --csv > rejects.csv
    """
    here = organisation_id()
    found = _named(here, batch)
    with in_organisation(here):
        listed_rows = rejected_rows(
            here, found.id, repair=repair, limit=REJECTED_ROWS_KEPT if as_csv else _SHOWN
        )
    if as_csv:
        sys.stdout.write(rejects_to_repair(listed_rows))
        return
    names = ("file", "row", "field", "repair", "sentence")
    rows = [{name: getattr(one, name) for name in names} for one in listed_rows]
    show_rows(rows, list(names), empty="No row was rejected.")


@imports.command("pause")
def pause(batch: Batch) -> None:
    """Stop an import after the step it is at; importing the same file again goes on from there."""
    here = organisation_id()
    stopped = pause_import(here, _named(here, batch).id, actor=ACTOR)
    show(told_of(stopped), sentence=f"imp_{stopped.id} is {stopped.state}.")


@imports.command("cancel")
def cancel(batch: Batch) -> None:
    """End an import after the step it is at; what is in stays in. Asks first.

    Example:  plaudit import cancel imp_12
    """
    here = organisation_id()
    found = _named(here, batch)
    confirm(f"Cancel imp_{found.id} after {found.rows_done:,} rows? What is in stays in.")
    ended = cancel_import(here, found.id, actor=ACTOR)
    show(told_of(ended), sentence=f"{how_far(ended)} Take them back, or go on:")
    say(f"  plaudit import reverse imp_{ended.id} --because …")
    say(f"  plaudit import resume imp_{ended.id}")


@imports.command("resume")
def resume(batch: Batch) -> None:
    """Let an import go on that was paused, was cancelled or failed; a worker does it.

    Example:  plaudit import resume imp_12
    """
    here = organisation_id()
    going = go_on_later(here, _named(here, batch).id, actor=ACTOR)
    show(told_of(going), sentence=f"imp_{going.id} goes on after {going.rows_done:,} rows.")


@imports.command("reverse")
def reverse(
    batch: Batch,
    because: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Take back everything an import earned, exactly. Interrupted, the same command goes on.

    Example:  plaudit import reverse imp_12 --because "The wrong month"
    """
    here = organisation_id()
    taken = reverse_import(
        here,
        _named(here, batch).id,
        actor=ACTOR,
        reason=because,
        on_progress=lambda count: say(f"  {count:,} transfers taken back"),
    )
    show(told_of(taken), sentence=f"imp_{taken.id} is {taken.state}.")
    say("Its events stay in the book; import a repaired file under another source in its mapping.")


def _named(here: int, text: str) -> ImportBatch:
    number = text.removeprefix("imp_")
    with in_organisation(here):
        found = import_by_id(here, int(number)) if number.isdigit() else None
    if found is None:
        raise ImportNotThere(ref=text)
    return found


def how_far(batch: ImportBatch) -> str:
    """What of a file is in, as a sentence."""
    total = int(batch.totals.get("rows") or 0)
    rows = f"{batch.rows_done:,} of {total:,} rows" if total else f"{batch.rows_done:,} rows"
    return f"{rows} were read, and {batch.recorded:,} are in."


def told_of(batch: ImportBatch) -> dict[str, Any]:
    """An import as programs read it."""
    names = ("name", "state", "rows_done", "recorded", "repeated", "errors", "skipped", "points")
    return {"id": f"imp_{batch.id}", **{name: getattr(batch, name) for name in names}}


def told(batch: ImportBatch) -> None:
    """Say how an import ended, with what to do about what did not go in. Exit code 4 where it was refused."""
    left_out = sum(batch.skipped.values())
    sentence = (
        f"{batch.state.capitalize()}: {batch.rows_done:,} rows, {batch.recorded:,} recorded, "
        f"{batch.repeated:,} there already, {batch.errors:,} rejected"
        + (f", {left_out:,} left out." if left_out else ".")
    )
    show(told_of(batch), sentence=sentence)
    for fault in (batch.refusal or {}).get("errors", []):
        say(f"  {fault['detail']}")
    if batch.errors:
        say(f"See why:  plaudit import rejects imp_{batch.id}")
    if batch.refusal:
        raise typer.Exit(INVALID)
