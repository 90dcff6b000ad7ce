"""Commands about the books: proven, sealed, read and given out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from plaudit.foundation.exact import encode
from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.last_done import note
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because
from plaudit.ledger.actions.seal import seal as seal_books
from plaudit.ledger.sealing import anchor_of, anchors
from plaudit.ledger.statements import StatementLine, statement
from plaudit.ledger.verification.verify import verify as prove
from plaudit.people.queries import members
from plaudit.surfaces.cli.acting import ACTOR, member_named, organisation, organisation_id, unit_of
from plaudit.surfaces.cli.output import CHECK_FAILED, say, show, show_rows
from plaudit.surfaces.cli.reasons import show_reason
from plaudit.surfaces.cli.setting_up import set_up

ledger = typer.Typer(no_args_is_help=True, help="The books.")


@ledger.command("verify")
def verify(
    *,
    every: Annotated[bool, typer.Option("--all", help="Every organisation, not only this one.")] = False,
    anchor: Annotated[
        Path | None, typer.Option("--anchors", help="A file of seals' lines that were kept outside.")
    ] = None,
) -> None:
    """Run every check over the books, in one snapshot that writes nothing. Exit code 8 where one is broken."""
    set_up()
    kept = anchor.read_text().splitlines() if anchor is not None else []
    report = prove(None if every else organisation_id(), anchors=kept)
    rows = [
        {
            "check": result.check.id,
            "holds": result.holds,
            "says": result.check.sentence,
            "first": str(result.rows[0]) if result.rows else "",
        }
        for result in report.results
    ]
    show_rows(rows, ["check", "holds", "says", "first"], empty="There are no checks.")
    ending = "all hold." if report.holds else f"[bold red]{len(report.broken())} are broken.[/]"
    say(f"{report.transfers:,} transfers, {len(rows)} checks in {report.seconds:.1f} s: {ending}")
    if every:
        note("verified", made_at=report.began_at, transfers=report.transfers, broken=len(report.broken()))
    if not report.holds:
        raise typer.Exit(CHECK_FAILED)


@ledger.command("statement")
def show_statement(
    member: Annotated[str, typer.Argument(help="mem_…, source:id, or an e-mail address.")],
    unit: Annotated[str, typer.Option(help="Which unit; by default the one they hold.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many lines, newest first.")] = 20,
) -> None:
    """Show a member's latest lines, with the balance before and after each."""
    here = organisation_id()
    found = member_named(here, member)
    with in_organisation(here):
        page = statement(here, found.id, unit or unit_of(here, found.id), limit=limit)
    names = ["reference", "when", "kind", "before", "change", "after", "reason"]
    show_rows([_line(line) for line in page.lines], names, empty="No lines yet.")


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "reference": line.reference,
        "when": f"{line.occurred_at:%Y-%m-%d %H:%M}",
        "kind": line.kind.name.lower(),
        "before": line.before,
        "change": line.change,
        "after": line.after,
        "reason": line.reason or "",
    }


@ledger.command("because")
def show_because(line: Annotated[str, typer.Argument(help="A transfer, such as led_00k7q2-17.")]) -> None:
    """Say why a transfer was made, as its member reads it: the rule, the facts and the arithmetic."""
    here = organisation_id()
    with in_organisation(here):
        found = because(here, line)
    show_reason(found)


@ledger.command("export")
def export(unit: Annotated[str, typer.Option(help="Which unit.")] = "points") -> None:
    """Write every line of every member in a unit, one JSON object a line, in the order of enrolment.

    Example:  plaudit ledger export > ledger.ndjson
    """
    for line in _all_lines(organisation_id(), unit):
        sys.stdout.write(encode(line) + "\n")


def _all_lines(here: int, unit: str) -> Iterator[dict[str, Any]]:
    """Every line, each member's in the order in which they were posted, a transaction for a page of members."""
    after: UUID | None = None
    while True:
        with in_organisation(here):
            page = members(here, after=after, limit=200)
            lines = [
                (one.id, line) for one in page.members for line in reversed(_lines_of(here, one.id, unit))
            ]
        for member_id, line in lines:
            times = {"occurred_at": line.occurred_at, "recorded_at": line.recorded_at}
            yield {"member": as_reference("mem", member_id), "unit": unit, **_line(line), **times}
        after = page.after
        if after is None:
            return


def _lines_of(here: int, member_id: UUID, unit: str) -> list[StatementLine]:
    lines: list[StatementLine] = []
    page = statement(here, member_id, unit, limit=200)
    lines += page.lines
    while page.older is not None:
        page = statement(here, member_id, unit, before_line=page.older, limit=200)
        lines += page.lines
    return lines


@ledger.command("seal")
def seal() -> None:
    """Seal the books up to now, and print the line to keep outside the database."""
    here = organisation()
    done = seal_books(here.id, actor=ACTOR)
    anchor = anchor_of(here.code, done)
    show({"number": done.number, "transfers": done.transfers, "anchor": anchor}, sentence=anchor)
    say("Keep this line where nobody who can write the database can write.")


@ledger.command("anchors")
def list_anchors() -> None:
    """List the line of every seal, oldest first: `ledger verify --anchors FILE` holds kept ones against them."""
    here = organisation_id()
    with in_organisation(here):
        rows = [{"anchor": one} for one in anchors(here)]
    show_rows(rows, ["anchor"], empty="Nothing was sealed yet; see `plaudit ledger seal`.")
