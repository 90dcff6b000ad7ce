"""Commands about teams."""

from __future__ import annotations

from typing import Annotated

import typer

from plaudit.foundation.ids import show as as_reference
from plaudit.foundation.tenancy import in_organisation
from plaudit.people import queries
from plaudit.people.actions.teams import create_team, join_team, leave_team, move_team
from plaudit.surfaces.cli.acting import ACTOR, member_named, organisation_id
from plaudit.surfaces.cli.output import show, show_rows

team = typer.Typer(no_args_is_help=True, help="Who works together.")

Key = Annotated[str, typer.Argument(help="The team's key.")]
Who = Annotated[str, typer.Argument(help="mem_…, source:id, or an e-mail address.")]
Leads = Annotated[bool, typer.Option("--leads", help="They lead it.")]


@team.command("list")
def list_teams() -> None:
    """List the teams."""
    here = organisation_id()
    with in_organisation(here):
        rows = [{"key": one.key, "name": one.name} for one in queries.teams(here, limit=200)]
    show_rows(rows, ["key", "name"], empty="No team yet; see `plaudit team create`.")


@team.command("show")
def show_team(key: Key) -> None:
    """List who is in a team now."""
    here = organisation_id()
    with in_organisation(here):
        rows = [
            {
                "member": as_reference("mem", stay.member_id),
                "name": stay.member.name,
                "leads": stay.leads,
                "since": f"{stay.began_at:%Y-%m-%d}",
            }
            for stay in queries.team_members(here, key)
        ]
    show_rows(rows, ["member", "name", "leads", "since"], empty="Nobody is in it.")


@team.command("create")
def create(key: Key, name: Annotated[str, typer.Option(help="What people call it.")] = "") -> None:
    """Make a team."""
    made = create_team(organisation_id(), key=key, name=name or key.capitalize(), actor=ACTOR)
    show({"key": made.key, "name": made.name}, sentence=f"{made.name} is there.")


@team.command("join")
def join(key: Key, who: Who, *, leads: Leads = False) -> None:
    """Put a member into a team, from now on."""
    here = organisation_id()
    found = member_named(here, who)
    join_team(here, key=key, member_id=found.id, leads=leads, actor=ACTOR)
    show({"team": key, "member": as_reference("mem", found.id)}, sentence=f"{found.name or who} is in {key}.")


@team.command("leave")
def leave(key: Key, who: Who) -> None:
    """Take a member out of a team; that they were in it stays known."""
    here = organisation_id()
    found = member_named(here, who)
    leave_team(here, key=key, member_id=found.id, actor=ACTOR)
    show({"team": key, "member": as_reference("mem", found.id)}, sentence=f"{found.name or who} left {key}.")


@team.command("move")
def move(
    who: Who,
    from_key: Annotated[str, typer.Argument(metavar="FROM", help="The team they leave.")],
    to_key: Annotated[str, typer.Argument(metavar="TO", help="The team they join.")],
    *,
    leads: Leads = False,
) -> None:
    """Move a member from one team to another, at one moment."""
    here = organisation_id()
    found = member_named(here, who)
    move_team(here, member_id=found.id, from_key=from_key, to_key=to_key, leads=leads, actor=ACTOR)
    body = {"member": as_reference("mem", found.id), "from": from_key, "to": to_key}
    show(body, sentence=f"{found.name or who} moved from {from_key} to {to_key}.")
