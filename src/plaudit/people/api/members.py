"""Members over HTTP: found by any of their names, enrolled, changed, kept out and let back in."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.marks import has_etag, takes_if_match
from plaudit.foundation.api.preconditions import etag_of, require_match, tagged
from plaudit.foundation.api.shapes import After, Because, Limit, MemberRef, Page, whole
from plaudit.people.actions.members import (
    add_external_id,
    enrol_member,
    locked_member,
    remove_external_id,
    resume_member,
    suspend_member,
    update_member,
)
from plaudit.people.api.shapes import (
    ExternalId,
    Kind,
    MemberChange,
    NewMember,
    ShownMember,
    ShownStay,
    State,
    shown_member,
    shown_stay,
)
from plaudit.people.queries import member as member_named
from plaudit.people.queries import member_id_of, team_history
from plaudit.people.queries import members as members_found

router = Router(tags=["Members"])

Search = Annotated[
    str,
    Field(
        max_length=200,
        description="The beginning of a name, a whole e-mail address, or a whole external id.",
    ),
]


@router.get("/members", response=Page[ShownMember], operation_id="list_members", summary="Find members")
@allows(scopes=["members:read"], to="read members")
def list_members(
    request: HttpRequest,
    search: Search = "",
    kind: Annotated[Kind | None, Field(description="Of this kind only.")] = None,
    state: Annotated[State | None, Field(description="In this state only.")] = None,
    team: Annotated[str, Field(max_length=50, description="Who is in this team now.")] = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownMember]:
    """Members in the order in which they were enrolled."""
    found = members_found(
        actor_of(request).organisation_id,
        search=search,
        kind=kind or "",
        state=state or "",
        team=team,
        after=read_cursor(after, one_id),
        limit=limit,
    )
    return Page[ShownMember](
        items=[shown_member(member) for member in found.members],
        has_more=found.after is not None,
        next=write_cursor(found.after) if found.after is not None else None,
    )


@router.post("/members", response={201: ShownMember}, operation_id="enrol_member", summary="Enrol a member")
@allows(scopes=["members:write"], to="enrol members")
def post_member(request: HttpRequest, new: NewMember) -> Status[ShownMember]:
    """Enrol one member. Nobody has to: whoever an event names for the first time is enrolled by it."""
    actor = actor_of(request)
    member = enrol_member(
        actor.organisation_id,
        kind=new.kind,
        name=new.name,
        email=new.email,
        external_ids=[(one.source, one.id) for one in new.external_ids],
        attributes=new.attributes,
        joined_at=new.joined_at,
        actor=actor.ref,
    )
    return Status(201, shown_member(member))


@router.get("/members/{member}", response=ShownMember, operation_id="get_member", summary="Read a member")
@allows(scopes=["members:read"], to="read members")
@has_etag
def get_member(request: HttpRequest, member: MemberRef, response: HttpResponse) -> ShownMember:
    """One member. The ETag is what a change names in If-Match."""
    shown = shown_member(member_named(actor_of(request).organisation_id, member))
    tagged(response, shown)
    return shown


@router.patch(
    "/members/{member}", response=ShownMember, operation_id="change_member", summary="Change a member"
)
@allows(scopes=["members:write"], to="change members")
@takes_if_match
def patch_member(request: HttpRequest, member: MemberRef, change: MemberChange) -> ShownMember:
    """Change what is named; the rest stays. With If-Match only if nobody else changed it meanwhile."""
    actor = actor_of(request)
    member_id = member_id_of(actor.organisation_id, member)
    require_match(request, etag_of(shown_member(locked_member(actor.organisation_id, member_id))))
    changed = update_member(
        actor.organisation_id,
        member_id=member_id,
        kind=change.kind,
        name=change.name,
        email=change.email,
        attributes=change.attributes,
        actor=actor.ref,
    )
    return shown_member(changed)


@router.post(
    "/members/{member}/external-ids",
    response=ShownMember,
    operation_id="add_external_id",
    summary="Add an external id",
)
@allows(scopes=["members:write"], to="change members")
def post_external_id(request: HttpRequest, member: MemberRef, new: ExternalId) -> ShownMember:
    """From now on `source` knows this member by `id`. One that means somebody else already is a conflict."""
    actor = actor_of(request)
    changed = add_external_id(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, member),
        source=new.source,
        external_id=new.id,
        actor=actor.ref,
    )
    return shown_member(changed)


@router.delete(
    "/members/{member}/external-ids",
    response=ShownMember,
    operation_id="remove_external_id",
    summary="Remove an external id",
)
@allows(scopes=["members:write"], to="change members")
def delete_external_id(
    request: HttpRequest,
    member: MemberRef,
    source: Annotated[str, Field(min_length=1, max_length=200, description="The system that knows them.")],
    id: Annotated[str, Field(min_length=1, max_length=400, description="The id it has for them.")],
) -> ShownMember:
    """From now on `source` knows nobody by `id`; what was recorded under it stays the member's."""
    actor = actor_of(request)
    changed = remove_external_id(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, member),
        source=source,
        external_id=id,
        actor=actor.ref,
    )
    return shown_member(changed)


@router.post(
    "/members/{member}/suspend",
    response=ShownMember,
    operation_id="suspend_member",
    summary="Keep a member out",
)
@allows(scopes=["members:write"], to="suspend members")
def post_suspend(request: HttpRequest, member: MemberRef, because: Because) -> ShownMember:
    """No sign-in and no redemption until the member is let back in; what was earned stays."""
    actor = actor_of(request)
    member_id = member_id_of(actor.organisation_id, member)
    return shown_member(
        suspend_member(actor.organisation_id, member_id=member_id, reason=because.reason, actor=actor.ref)
    )


@router.post(
    "/members/{member}/resume",
    response=ShownMember,
    operation_id="resume_member",
    summary="Let a member back in",
)
@allows(scopes=["members:write"], to="suspend members")
def post_resume(request: HttpRequest, member: MemberRef, because: Because) -> ShownMember:
    """End a suspension."""
    actor = actor_of(request)
    member_id = member_id_of(actor.organisation_id, member)
    return shown_member(
        resume_member(actor.organisation_id, member_id=member_id, reason=because.reason, actor=actor.ref)
    )


@router.get(
    "/members/{member}/teams",
    response=Page[ShownStay],
    operation_id="list_member_teams",
    summary="Read a member's teams",
)
@allows(scopes=["members:read"], to="read members")
def list_teams_of_member(request: HttpRequest, member: MemberRef) -> Page[ShownStay]:
    """Every stay of a member in a team, newest first."""
    organisation_id = actor_of(request).organisation_id
    stays = team_history(organisation_id, member_named(organisation_id, member).id)
    return whole(shown_stay(stay) for stay in stays)
