"""Segments over HTTP: which there are, who is in one, and snapshots of one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Limit, MemberRef, Page, page, whole
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.queries import member as member_named
from plaudit.targeting.actions.publish_segments import take_snapshot
from plaudit.targeting.api.tiers import KeyRef
from plaudit.targeting.models import Snapshot
from plaudit.targeting.queries.segments import (
    Inside,
    KeptSegment,
    members_in_snapshot,
    members_of,
    segment,
    segments,
    segments_of_member,
    snapshots_of,
)

router = Router(tags=["Tiers, segments and offers"])

SnapshotName = Annotated[str, Field(min_length=1, max_length=100, description="The name of a snapshot.")]


class ShownSegment(Answer):
    """A segment. `when` is its condition, `members` how many are in it now.

    `looked_on` is the day of the last look at everybody, null before the first; activity sorts members in
    between.
    """

    programme: str
    key: str
    name: str
    when: str
    teams: list[str]
    members: int
    looked_on: date | None


class ShownBelonging(Answer):
    """A member in a segment, and since when; in a snapshot, since it was taken."""

    member: str
    since: datetime


class ShownOwnSegment(Answer):
    """A segment that a member is in, and since when."""

    programme: str
    key: str
    name: str
    since: datetime


class NewSnapshot(Asked):
    """The name under which to keep who is in a segment now."""

    name: SnapshotName


class ShownSnapshot(Answer):
    """Who was in a segment at one moment: how many, and by whom it was taken."""

    name: str
    members: int
    taken_at: datetime
    taken_by: str


@router.get("/segments", response=Page[ShownSegment], operation_id="list_segments", summary="List segments")
@allows(scopes=["members:read"], to="read segments")
def list_segments(request: HttpRequest) -> Page[ShownSegment]:
    """Every segment in force, with how many are in it."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_segment(one) for one in segments(organisation_id))


@router.get(
    "/segments/{programme}/{key}", response=ShownSegment, operation_id="get_segment", summary="Read a segment"
)
@allows(scopes=["members:read"], to="read segments")
def get_segment(request: HttpRequest, programme: KeyRef, key: KeyRef) -> ShownSegment:
    """One segment, with how many are in it."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return _segment(segment(organisation_id, programme, key))


@router.get(
    "/segments/{programme}/{key}/members",
    response=Page[ShownBelonging],
    operation_id="list_segment_members",
    summary="List who is in a segment",
)
@allows(scopes=["members:read"], to="read segments")
def list_segment_members(
    request: HttpRequest, programme: KeyRef, key: KeyRef, after: After = None, limit: Limit = 50
) -> Page[ShownBelonging]:
    """Who is in a segment now, in the order in which they were enrolled."""
    organisation_id = actor_of(request).organisation_id
    last = read_cursor(after, one_id)
    with in_organisation(organisation_id):
        found = members_of(organisation_id, programme, key, after=last, limit=limit + 1)
    return page(found, limit, _belonging, lambda one: write_cursor(one.member_id))


@router.get(
    "/members/{member}/segments",
    response=Page[ShownOwnSegment],
    operation_id="list_member_segments",
    summary="List a member's segments",
)
@allows(scopes=["members:read"], to="read segments")
def list_member_segments(request: HttpRequest, member: MemberRef) -> Page[ShownOwnSegment]:
    """The segments that a member is in."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        found = segments_of_member(organisation_id, member_named(organisation_id, member).id)
    return whole(
        ShownOwnSegment(programme=programme, key=one.key, name=one.name, since=since)
        for programme, one, since in found
    )


@router.post(
    "/segments/{programme}/{key}/snapshots",
    response={201: ShownSnapshot},
    operation_id="take_snapshot",
    summary="Keep who is in a segment",
)
@allows(scopes=["members:write"], to="take snapshots")
def post_snapshot(
    request: HttpRequest, programme: KeyRef, key: KeyRef, new: NewSnapshot
) -> Status[ShownSnapshot]:
    """Keep who is in a segment now under a name, such as a campaign's. A name once taken is answered as it was."""
    actor = actor_of(request)
    taken = take_snapshot(actor.organisation_id, programme, key, name=new.name, actor=actor.ref)
    return Status(201, _snapshot(taken))


@router.get(
    "/segments/{programme}/{key}/snapshots",
    response=Page[ShownSnapshot],
    operation_id="list_snapshots",
    summary="List snapshots",
)
@allows(scopes=["members:read"], to="read segments")
def list_snapshots(request: HttpRequest, programme: KeyRef, key: KeyRef) -> Page[ShownSnapshot]:
    """What was kept of a segment, newest first: the 200 newest."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        return whole(_snapshot(one) for one in snapshots_of(organisation_id, programme, key))


@router.get(
    "/segments/{programme}/{key}/snapshots/{name}",
    response=Page[ShownBelonging],
    operation_id="list_snapshot_members",
    summary="List who is in a snapshot",
)
@allows(scopes=["members:read"], to="read segments")
def list_snapshot_members(
    request: HttpRequest,
    programme: KeyRef,
    key: KeyRef,
    name: SnapshotName,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownBelonging]:
    """Who was in the segment then, in the order in which they were enrolled."""
    organisation_id = actor_of(request).organisation_id
    last = read_cursor(after, one_id)
    with in_organisation(organisation_id):
        found = members_in_snapshot(organisation_id, programme, key, name, after=last, limit=limit + 1)
    return page(found, limit, _belonging, lambda one: write_cursor(one.member_id))


def _segment(one: KeptSegment) -> ShownSegment:
    return ShownSegment(
        programme=one.programme,
        key=one.definition.key,
        name=one.definition.name,
        when=one.definition.when,
        teams=list(one.definition.teams),
        members=one.members,
        looked_on=one.looked_on,
    )


def _belonging(one: Inside) -> ShownBelonging:
    return ShownBelonging(member=show("mem", one.member_id), since=one.since)


def _snapshot(one: Snapshot) -> ShownSnapshot:
    return ShownSnapshot(name=one.name, members=one.members, taken_at=one.taken_at, taken_by=one.taken_by)
