"""Commands that move points by hand: award and reverse."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from plaudit.earning.actions.reverse import reverse_transfer
from plaudit.ledger.actions.adjust import adjust
from plaudit.surfaces.cli.acting import ACTOR, member_named, organisation_id, unit_of
from plaudit.surfaces.cli.output import say, show


def award(
    member: Annotated[str, typer.Argument(help="mem_…, an external id as source:id, or an e-mail address.")],
    amount: Annotated[int, typer.Argument(help="How many, in the unit's smallest part.")],
    because: Annotated[str, typer.Option(help="Why: the member reads it.")],
    unit: Annotated[str, typer.Option(help="Which unit; by default the one they hold.")] = "",
    key: Annotated[str, typer.Option(help="Your own key: the same key awards once.")] = "",
) -> None:
    """Give a member points, with the reason.

    Example:  plaudit award till:C0001 50 --because "Calmed an upset customer"
    """
    here = organisation_id()
    found = member_named(here, member)
    unit = unit or unit_of(here, found.id)
    done = adjust(
        here,
        member_id=found.id,
        unit=unit,
        amount=amount,
        reason=because,
        key=key or f"cli-{uuid.uuid4()}",
        actor=ACTOR,
    )
    before, after = done.available_after - amount, done.available_after
    body = {"reference": done.reference, "before": before, "after": after, "repeated": done.repeated}
    show(body, sentence=f"{found.name or member}: {before:,} → {after:,} {unit}  ({done.reference})")
    if done.repeated:
        say("That key was used before: this is its answer, and nothing was posted again.")
    else:
        say(f'To undo it:  plaudit reverse {done.reference} --because "…"')


def reverse(
    reference: Annotated[str, typer.Argument(help="A transfer, such as led_00k7q2-17.")],
    because: Annotated[str, typer.Option(help="Why.")],
    amount: Annotated[int, typer.Option(help="How much of it; 0 is all that is left.")] = 0,
    key: Annotated[str, typer.Option(help="Your own key: the same key reverses once.")] = "",
) -> None:
    """Take a transfer back, exactly.

    The same places the other way round, and the same lots.

    Example:  plaudit reverse led_00k7q2-17 --because "Given twice"
    """
    done = reverse_transfer(
        organisation_id(),
        reference,
        amount=amount or None,
        reason=because,
        key=key or f"cli-{uuid.uuid4()}",
        actor=ACTOR,
    )
    show(
        {"reference": done.receipt.reference, "amount": done.receipt.amount},
        sentence=f"Taken back: {done.receipt.amount:,} ({done.receipt.reference}).",
    )
