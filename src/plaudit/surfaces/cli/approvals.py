"""Commands about points that one person asks for and a second decides."""

from __future__ import annotations

from typing import Annotated

import typer

from plaudit.cases.actions import asking
from plaudit.cases.models import RequestState
from plaudit.cases.queries import requests
from plaudit.foundation.ids import read
from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.tenancy import in_organisation
from plaudit.surfaces.cli.acting import ACTOR, names_of, organisation_id
from plaudit.surfaces.cli.output import show, show_rows

approval = typer.Typer(no_args_is_help=True, help="Points that wait for a second person.")

ApprovalRef = Annotated[str, typer.Argument(help="A request, apr_….")]
_SHOWN = 200


@approval.command("list")
def list_approvals(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what was decided.")] = False,
) -> None:
    """List what waits for a second person, the newest first."""
    here = organisation_id()
    with in_organisation(here):
        found = requests(here, state="" if everything else RequestState.WAITING.value, limit=_SHOWN)
    called = names_of(here, {one.member_id for one in found})
    rows = [
        {
            "approval": as_reference("apr", one.id),
            "member": called[one.member_id],
            "amount": one.amount,
            "unit": one.unit,
            "state": one.state,
            "asked_by": one.asked_by,
            "until": f"{one.expires_at:%Y-%m-%d %H:%M}",
            "reason": one.reason,
        }
        for one in found
    ]
    names = ["approval", "member", "amount", "unit", "state", "asked_by", "until", "reason"]
    show_rows(rows, names, empty="Nothing waits for a second person.")


@approval.command("approve")
def approve(reference: ApprovalRef) -> None:
    """Post what was asked for, as its second person."""
    done = asking.approve(organisation_id(), read("apr", reference, kind="request"), actor=ACTOR)
    body = {"approval": reference, "state": done.state, "transfer": done.transfer}
    show(body, sentence=f"{reference} is approved and posted ({done.transfer}).")


@approval.command("decline")
def decline(
    reference: ApprovalRef, because: Annotated[str, typer.Option(help="Why; whoever asked reads it.")]
) -> None:
    """Say no, with the reason."""
    done = asking.decline(
        organisation_id(), read("apr", reference, kind="request"), reason=because, actor=ACTOR
    )
    show({"approval": reference, "state": done.state}, sentence=f"{reference} is declined.")
