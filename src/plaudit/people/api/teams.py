"""Teams over HTTP, and who was in which, from when until when."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Limit, Moment, Page, page, whole
from plaudit.people.actions.teams import create_team, join_team, leave_team, rename_team, team_by_key
from plaudit.people.api.shapes import (
    Joining,
    Leaving,
    NewTeam,
    ShownStay,
    ShownTeam,
    TeamChange,
    TeamKey,
    shown_stay,
    shown_team,
)
from plaudit.people.queries import member_id_of, team_members
from plaudit.people.queries import teams as teams_after

router = Router(tags=["Teams"])


def _one_key(parts: list[object]) -> str:
    (key,) = parts
    if not isinstance(key, str):
        raise TypeError
    return key


@router.get("/teams", response=Page[ShownTeam], operation_id="list_teams", summary="List teams")
@allows(scopes=["members:read"], to="read teams")
def list_teams(request: HttpRequest, after: After = None, limit: Limit = 50) -> Page[ShownTeam]:
    """Teams by key."""
    found = teams_after(
        actor_of(request).organisation_id, after=read_cursor(after, _one_key) or "", limit=limit + 1
    )
    return page(found, limit, shown_team, lambda team: write_cursor(team.key))


@router.post("/teams", response={201: ShownTeam}, operation_id="create_team", summary="Make a team")
@allows(scopes=["members:write"], to="make teams")
def post_team(request: HttpRequest, new: NewTeam) -> Status[ShownTeam]:
    """Make a team without anybody in it."""
    actor = actor_of(request)
    return Status(
        201,
        shown_team(create_team(actor.organisation_id, key=new.key, name=new.name, actor=actor.ref)),
    )


@router.get("/teams/{team}", response=ShownTeam, operation_id="get_team", summary="Read a team")
@allows(scopes=["members:read"], to="read teams")
def get_team(request: HttpRequest, team: TeamKey) -> ShownTeam:
    """One team."""
    return shown_team(team_by_key(actor_of(request).organisation_id, team))


@router.patch("/teams/{team}", response=ShownTeam, operation_id="rename_team", summary="Rename a team")
@allows(scopes=["members:write"], to="change teams")
def patch_team(request: HttpRequest, team: TeamKey, change: TeamChange) -> ShownTeam:
    """Give a team another name; its key stays."""
    actor = actor_of(request)
    return shown_team(rename_team(actor.organisation_id, key=team, name=change.name, actor=actor.ref))


@router.get(
    "/teams/{team}/members",
    response=Page[ShownStay],
    operation_id="list_team_members",
    summary="Read who is in a team",
)
@allows(scopes=["members:read"], to="read teams")
def list_team_members(
    request: HttpRequest,
    team: TeamKey,
    at: Annotated[Moment | None, Field(description="Then; now if left out.")] = None,
) -> Page[ShownStay]:
    """Who is, or at a moment was, in a team: those who lead first."""
    organisation_id = actor_of(request).organisation_id
    team_by_key(organisation_id, team)
    return whole(shown_stay(stay) for stay in team_members(organisation_id, team, moment=at))


@router.post(
    "/teams/{team}/members", response={201: ShownStay}, operation_id="join_team", summary="Join a team"
)
@allows(scopes=["members:write"], to="change teams")
def post_joining(request: HttpRequest, team: TeamKey, joining: Joining) -> Status[ShownStay]:
    """Begin a member's stay in a team, now or at a past moment, which corrects the record."""
    actor = actor_of(request)
    stay = join_team(
        actor.organisation_id,
        key=team,
        member_id=member_id_of(actor.organisation_id, joining.member),
        began_at=joining.began_at,
        leads=joining.leads,
        actor=actor.ref,
    )
    return Status(201, shown_stay(stay))


@router.post(
    "/teams/{team}/leave", response=Page[ShownStay], operation_id="leave_team", summary="Leave a team"
)
@allows(scopes=["members:write"], to="change teams")
def post_leaving(request: HttpRequest, team: TeamKey, leaving: Leaving) -> Page[ShownStay]:
    """End a member's stay in a team; the answer is who is left."""
    actor = actor_of(request)
    leave_team(
        actor.organisation_id,
        key=team,
        member_id=member_id_of(actor.organisation_id, leaving.member),
        ended_at=leaving.ended_at,
        actor=actor.ref,
    )
    return whole(shown_stay(stay) for stay in team_members(actor.organisation_id, team))
