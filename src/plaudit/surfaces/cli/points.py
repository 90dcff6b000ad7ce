"""Commands about points: awards, reversals, the ledger and its proof."""

from __future__ import annotations

import uuid

import typer

from plaudit.surfaces.cli.output import CHECK_FAILED, say, show, show_rows, translated
from plaudit.surfaces.cli.setting_up import ACTOR, member_named, organisation_id, set_up

ledger = typer.Typer(no_args_is_help=True, help="The book of transfers.")


def mount(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(award)
    app.command()(reverse)
    app.add_typer(ledger, name="ledger")


def award(
    member: str = typer.Argument(help="mem_…, an external id as source:id, or an e-mail address."),
    amount: int = typer.Argument(help="How many, in the unit's smallest part; below zero takes."),
    because: str = typer.Option(..., help="Why: the member reads it."),
    unit: str = typer.Option("points", help="Which unit."),
    key: str = typer.Option("", help="Your own key: the same key awards once."),
) -> None:
    """Give a member points, with the reason.

    Example:  plaudit award till:C0001 50 --because "Calmed an upset customer"
    """
    with translated():
        set_up()
        from plaudit.ledger.actions.adjust import adjust  # noqa: PLC0415  # needs Django set up

        one = organisation_id()
        found = member_named(one, member)
        own = key or f"cli-{uuid.uuid4()}"
        done = adjust(one, member_id=found.id, unit=unit, amount=amount, reason=because, key=own, actor=ACTOR)
        before = done.available_after - amount
        body = {
            "reference": done.reference,
            "before": before,
            "after": done.available_after,
            "repeated": done.repeated,
        }
        show(
            body,
            sentence=f"{found.name or member}: {before:,} → {done.available_after:,} {unit}  ({done.reference})",
        )
        say(f"To undo it:  plaudit reverse {done.reference} --because …")


def reverse(
    reference: str = typer.Argument(help="A transfer, such as led_00k7q2-17."),
    because: str = typer.Option(..., help="Why."),
    amount: int = typer.Option(0, help="How much of it; all that is left where it is not said."),
) -> None:
    """Take a transfer back, exactly: the same places the other way round, the same lots."""
    with translated():
        set_up()
        from plaudit.ledger.actions.reverse import reverse as take_back  # noqa: PLC0415  # needs Django set up

        done = take_back(
            organisation_id(),
            reference,
            amount=amount or None,
            reason=because,
            key=f"cli-{uuid.uuid4()}",
            actor=ACTOR,
        )
        show(
            {"reference": done.reference, "amount": done.amount},
            sentence=f"Taken back: {done.amount:,} ({done.reference}).",
        )


@ledger.command("verify")
def verify(
    every: bool = typer.Option(False, "--all", help="Every organisation, not only this one."),
) -> None:
    """Run every check over the books, in one snapshot that writes nothing."""
    with translated():
        set_up()
        from plaudit.ledger.verification.verify import verify as prove  # noqa: PLC0415  # needs Django set up

        report = prove(None if every else organisation_id())
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
        say(
            f"{report.transfers:,} transfers, {len(rows)} checks in {report.seconds:.1f} s: "
            + ("all hold." if report.holds else f"{len(report.broken())} are broken.")
        )
        if not report.holds:
            raise typer.Exit(CHECK_FAILED)


@ledger.command("statement")
def statement(member: str, unit: str = typer.Option("points"), limit: int = typer.Option(20)) -> None:
    """Show a member's latest lines, with the balance before and after each."""
    with translated():
        set_up()
        from plaudit.foundation.tenancy import in_organisation  # noqa: PLC0415  # needs Django set up
        from plaudit.ledger.statements import statement as lines_of  # noqa: PLC0415

        one = organisation_id()
        found = member_named(one, member)
        with in_organisation(one):
            page = lines_of(one, found.id, unit, limit=limit)
        rows = [
            {
                "reference": line.reference,
                "when": f"{line.occurred_at:%Y-%m-%d %H:%M}",
                "kind": line.kind.name.lower(),
                "before": line.before,
                "change": line.change,
                "after": line.after,
                "reason": line.reason or "",
            }
            for line in page.lines
        ]
        show_rows(
            rows, ["reference", "when", "kind", "before", "change", "after", "reason"], empty="No lines yet."
        )


@ledger.command("seal")
def seal() -> None:
    """Seal the books up to now, and print the line to keep outside the database."""
    with translated():
        set_up()
        from plaudit.ledger.actions.seal import seal as close  # noqa: PLC0415  # needs Django set up
        from plaudit.ledger.sealing import anchor_of  # noqa: PLC0415

        done = close(organisation_id(), actor=ACTOR)
        show(
            {"number": done.number, "transfers": done.transfers, "anchor": anchor_of(done)},
            sentence=anchor_of(done),
        )
        say("Keep this line where nobody who can write the database can write.")
