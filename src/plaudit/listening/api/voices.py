"""Focus groups, ideas with votes, and what was done about what was said, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, MemberRef, Moment, Page, whole
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.listening.actions.focus_groups import (
    AT_ONCE_MAX,
    PLACES_MAX,
    invite,
    note_said,
    open_focus_group,
    reply_to,
)
from plaudit.listening.actions.ideas import source_behind, tell_change, vote, write_idea
from plaudit.listening.definitions import WORDS_MAX
from plaudit.listening.models import Change, FocusGroup, Source
from plaudit.listening.queries.voices import (
    ShownIdea,
    changes,
    focus_group,
    focus_groups,
    ideas,
    invitations,
    said_in,
)
from plaudit.people.queries import member_id_of, member_ids_of

router = Router(tags=["Listening"])

Key = Annotated[str, Field(max_length=50, description="A key of the programme file.")]
GroupRef = Annotated[str, Field(max_length=40, description="A focus group: `fcg_…`.")]
IdeaRef = Annotated[str, Field(max_length=40, description="An idea: `ide_…`.")]
SourceRef = Annotated[
    str, Field(max_length=40, description="What it was said in: `bsl_…`, `fcg_…`, `ide_…` or `rmc_…`.")
]
Words = Annotated[str, Field(min_length=1, max_length=WORDS_MAX)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
_PREFIX = {
    Source.BASELINE: "bsl",
    Source.FOCUS_GROUP: "fcg",
    Source.IDEA: "ide",
    Source.REMARKS: "rmc",
}


class NewFocusGroup(Asked):
    """A conversation with some who are invited."""

    programme: Key
    title: Name
    starts_at: Moment
    places: Annotated[int, Field(ge=1, le=PLACES_MAX)]
    place: Annotated[str, Field(max_length=200)] = ""


class Invitees(Asked):
    """Who is invited."""

    members: Annotated[list[MemberRef], Field(min_length=1, max_length=AT_ONCE_MAX)]


class NewReply(Asked):
    """What somebody says to an invitation."""

    member: MemberRef
    comes: bool


class Notes(Asked):
    """What was said, each thing for itself and without a name."""

    said: Annotated[list[Words], Field(min_length=1, max_length=AT_ONCE_MAX)]


class NewIdea(Asked):
    """What a member would do otherwise."""

    member: MemberRef
    programme: Key
    words: Words


class NewVote(Asked):
    """Whose vote it is, and whether they are for the idea."""

    member: MemberRef
    is_for: bool = True


class NewChange(Asked):
    """What was said, what was done about it, and the published version that did it."""

    source: SourceRef
    programme: Key
    version: Annotated[int, Field(ge=1, le=10**6)]
    said: Words
    did: Words


class ShownFocusGroup(Answer):
    """One conversation: who is invited and comes, and what was said."""

    id: str
    programme: str
    title: str
    place: str
    starts_at: datetime
    places: int
    coming: int
    invited: list[str]
    said: list[str]


class ShownWish(Answer):
    """An idea and how many are for it. Whose it is, is not told."""

    id: str
    programme: str
    words: str
    written_at: datetime
    votes: int


class ShownChangeMade(Answer):
    """You said, we did."""

    id: str
    source: str
    programme: str
    version: int
    said: str
    did: str
    told_at: datetime


@router.post(
    "/focus-groups",
    response={201: ShownFocusGroup},
    operation_id="open_focus_group",
    summary="Plan a focus group",
)
@allows(scopes=["listening:write"], to="plan focus groups")
def post_group(request: HttpRequest, new: NewFocusGroup) -> Status[ShownFocusGroup]:
    """Plan a conversation; then invite to it."""
    actor = actor_of(request)
    made = open_focus_group(
        actor.organisation_id,
        programme=new.programme,
        title=new.title,
        starts_at=new.starts_at,
        places=new.places,
        place=new.place,
        actor=actor.ref,
    )
    return Status(201, _group(actor.organisation_id, made.id))


@router.get(
    "/focus-groups",
    response=Page[ShownFocusGroup],
    operation_id="list_focus_groups",
    summary="List focus groups",
)
@allows(scopes=["listening:read"], to="read focus groups")
def list_groups(request: HttpRequest) -> Page[ShownFocusGroup]:
    """Every focus group, the latest first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_shown_group(one) for one in focus_groups(organisation_id))


@router.post(
    "/focus-groups/{group}/invitations",
    response=ShownFocusGroup,
    operation_id="invite_to_focus_group",
    summary="Invite to a focus group",
)
@allows(scopes=["listening:write"], to="invite to focus groups")
def post_invitations(request: HttpRequest, group: GroupRef, asked: Invitees) -> ShownFocusGroup:
    """They find the invitation on their own page. Who was invited before stays so."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        members = member_ids_of(actor.organisation_id, asked.members)
    group_id = _group_id(group)
    invite(actor.organisation_id, group_id=group_id, members=set(members.values()), actor=actor.ref)
    return _group(actor.organisation_id, group_id)


@router.post(
    "/focus-groups/{group}/replies",
    response=ShownFocusGroup,
    operation_id="reply_to_focus_group",
    summary="Reply to an invitation",
)
@allows(scopes=["listening:write"], to="reply to invitations")
def post_reply(request: HttpRequest, group: GroupRef, reply: NewReply) -> ShownFocusGroup:
    """Whether somebody comes; there are only so many places."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        member_id = member_id_of(actor.organisation_id, reply.member)
    group_id = _group_id(group)
    reply_to(
        actor.organisation_id, group_id=group_id, member_id=member_id, comes=reply.comes, actor=actor.ref
    )
    return _group(actor.organisation_id, group_id)


@router.post(
    "/focus-groups/{group}/notes",
    response=ShownFocusGroup,
    operation_id="note_focus_group",
    summary="Note what was said",
)
@allows(scopes=["listening:write"], to="note what was said")
def post_notes(request: HttpRequest, group: GroupRef, notes: Notes) -> ShownFocusGroup:
    """Each thing is noted once."""
    actor = actor_of(request)
    group_id = _group_id(group)
    note_said(actor.organisation_id, group_id=group_id, said=notes.said, actor=actor.ref)
    return _group(actor.organisation_id, group_id)


@router.post("/ideas", response={201: ShownWish}, operation_id="write_idea", summary="Write an idea")
@allows(scopes=["listening:write"], to="write ideas")
def post_idea(request: HttpRequest, new: NewIdea) -> Status[ShownWish]:
    """A member's idea; they are for it themselves."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        member_id = member_id_of(actor.organisation_id, new.member)
    made = write_idea(
        actor.organisation_id,
        member_id=member_id,
        programme=new.programme,
        words=new.words,
        actor=actor.ref,
    )
    return Status(201, _idea(actor.organisation_id, made.id))


@router.get("/ideas", response=Page[ShownWish], operation_id="list_ideas", summary="List ideas")
@allows(scopes=["listening:read"], to="read ideas")
def list_ideas(request: HttpRequest) -> Page[ShownWish]:
    """Ideas, those most are for first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_wish(one) for one in ideas(organisation_id))


@router.post(
    "/ideas/{idea}/votes", response=ShownWish, operation_id="vote_for_idea", summary="Vote for an idea"
)
@allows(scopes=["listening:write"], to="vote for ideas")
def post_vote(request: HttpRequest, idea: IdeaRef, new: NewVote) -> ShownWish:
    """Be for an idea, or no longer. Each member has one vote for it."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        member_id = member_id_of(actor.organisation_id, new.member)
    idea_id = read("ide", idea, kind="idea")
    vote(actor.organisation_id, idea_id=idea_id, member_id=member_id, is_for=new.is_for, actor=actor.ref)
    return _idea(actor.organisation_id, idea_id)


@router.post(
    "/changes-made",
    response={201: ShownChangeMade},
    operation_id="tell_change",
    summary="Tell what was done",
)
@allows(scopes=["listening:write"], to="tell what was done")
def post_change(request: HttpRequest, new: NewChange) -> Status[ShownChangeMade]:
    """You said, we did: those who said it see it first. The version must have been published."""
    actor = actor_of(request)
    source = source_behind(new.source)
    made = tell_change(
        actor.organisation_id,
        source=source,
        source_id=read(_PREFIX[source], new.source, kind="source"),
        programme=new.programme,
        version=new.version,
        said=new.said,
        did=new.did,
        actor=actor.ref,
    )
    return Status(201, _change(made))


@router.get(
    "/changes-made",
    response=Page[ShownChangeMade],
    operation_id="list_changes_made",
    summary="List what was done",
)
@allows(scopes=["listening:read"], to="read what was done")
def list_changes(request: HttpRequest) -> Page[ShownChangeMade]:
    """You said, we did: the newest first."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_change(one) for one in changes(organisation_id))


def _group_id(reference: str) -> UUID:
    return read("fcg", reference, kind="focus group")


def _group(organisation_id: int, group_id: UUID) -> ShownFocusGroup:
    with in_organisation(organisation_id):
        return _shown_group(focus_group(organisation_id, group_id))


def _shown_group(one: FocusGroup) -> ShownFocusGroup:
    return ShownFocusGroup(
        id=show("fcg", one.id),
        programme=one.programme,
        title=one.title,
        place=one.place,
        starts_at=one.starts_at,
        places=one.places,
        coming=one.coming,
        invited=[show("mem", each.member_id) for each in invitations(one.organisation_id, one.id)],
        said=said_in(one.organisation_id, one.id),
    )


def _idea(organisation_id: int, idea_id: UUID) -> ShownWish:
    with in_organisation(organisation_id):
        for one in ideas(organisation_id, only=idea_id):
            return _wish(one)
    raise NotFound(kind="idea", ref=show("ide", idea_id))


def _wish(one: ShownIdea) -> ShownWish:
    return ShownWish(
        id=show("ide", one.id),
        programme=one.programme,
        words=one.words,
        written_at=one.written_at,
        votes=one.votes,
    )


def _change(one: Change) -> ShownChangeMade:
    return ShownChangeMade(
        id=show("chg", one.id),
        source=show(_PREFIX[Source(one.source)], one.source_id),
        programme=one.programme,
        version=one.version,
        said=one.said,
        did=one.did,
        told_at=one.told_at,
    )
