"""Commands about sandboxes and their clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.people import queries
from plaudit.people.actions.clock import move_sandbox_clock, preview_clock
from plaudit.people.actions.organisations import create_organisation
from plaudit.surfaces.cli.acting import ACTOR, organisation, organisation_id
from plaudit.surfaces.cli.output import manner, say, show, show_rows

sandbox = typer.Typer(no_args_is_help=True, help="Organisations to try things in.")
clock = typer.Typer(no_args_is_help=True, help="A sandbox's own clock.")

_MOST = 100

Days = Annotated[int, typer.Option(min=0, help="How many days on.")]
Until = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="To this moment, UTC.")
]


@sandbox.command("create")
def create(
    slug: Annotated[
        str, typer.Argument(help="A short name for it; by default the organisation's, -sandbox.")
    ] = "",
) -> None:
    """Make a sandbox of the organisation: its own members, books and clock, and nothing leaves it."""
    here = organisation()
    made = create_organisation(
        slug or f"{here.slug}-sandbox", name=f"{here.name} sandbox", actor=ACTOR, sandbox_of=here.id
    )
    show({"organisation": made.slug, "of": here.slug}, sentence=f"{made.slug} is there.")
    say(f"Apply a programme to it:  plaudit --org {made.slug} programme apply FILE")


@sandbox.command("list")
def list_sandboxes() -> None:
    """List the organisation's sandboxes."""
    rows = [{"organisation": one.slug, "name": one.name} for one in queries.sandboxes_of(organisation_id())]
    show_rows(rows, ["organisation", "name"], empty="No sandbox yet; see `plaudit sandbox create`.")


@clock.command("show")
def show_clock(days: Days = 0, until: Until = None) -> None:
    """Show a sandbox's clock; with --days or --to, what will happen on the way there.

    Example:  plaudit --org harbour-sandbox clock show --days 90
    """
    here = organisation_id()
    with in_organisation(here):
        standing = queries.clock_standing(here)
    if not days and until is None:
        show({"now": standing.now, "state": standing.state, "target": standing.target})
        return
    target = _target(standing.now, days, until)
    due = preview_clock(here, until=target)
    rows = [{"at": f"{one.at:%Y-%m-%d %H:%M}", "what": one.sentence} for one in due]
    if len(rows) > _MOST and not manner.json:
        say(f"The first {_MOST} of {len(rows):,}:")
        rows = rows[:_MOST]
    show_rows(rows, ["at", "what"], empty=f"Nothing is due until {target:%Y-%m-%d %H:%M}.")


@clock.command("advance")
def advance(days: Days = 0, until: Until = None) -> None:
    """Move a sandbox's clock forward; what is due on the way happens, in order.

    Example:  plaudit --org harbour-sandbox clock advance --days 30
    """
    here = organisation_id()
    with in_organisation(here):
        target = _target(queries.clock_standing(here).now, days, until)
    happened = move_sandbox_clock(here, until=target, actor=ACTOR)
    rows = [
        {"at": f"{stop.at:%Y-%m-%d %H:%M}", "what": change} for stop in happened for change in stop.changes
    ]
    show_rows(rows, ["at", "what"], empty="Nothing was due on the way.")
    say(f"It is {target:%Y-%m-%d %H:%M} UTC there now.")


def _target(now: datetime, days: int, until: datetime | None) -> datetime:
    if until is not None:
        return until.replace(tzinfo=UTC)
    if not days:
        raise Problem("Say how far: --days N or --to DATE.")
    return now + timedelta(days=days)
