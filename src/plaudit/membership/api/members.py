"""Members over HTTP where points go with them: two merged into one, separated again, and one who leaves for good."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, Because, MemberRef, Reason
from plaudit.foundation.ids import read, show
from plaudit.membership.actions.erase import erase_member
from plaudit.membership.actions.merge import Merged, merge_members, separate_members
from plaudit.people.queries import member_id_of

router = Router(tags=["Members"])

MergeRef = Annotated[str, Field(max_length=100, description="A merge, `mrg_…`.")]


class Merging(Asked):
    """The member who turned out to be the same person, and why that is known."""

    absorbed: MemberRef
    reason: Reason


class ShownMerge(Answer):
    """Two members found to be one: the absorbed lives on as the survivor, until it is undone.

    `points` is what moved just now, by unit, in its smallest part.
    """

    id: str
    survivor: str
    absorbed: str
    reason: str
    points: dict[str, int]
    merged_at: datetime
    separated_at: datetime | None


class Erased(Answer):
    """Everyone whose details were erased just now: the member, and whoever was merged into them."""

    members: list[str]


@router.post(
    "/members/{member}/merge",
    response={201: ShownMerge},
    operation_id="merge_members",
    summary="Merge another member into this one",
)
@allows(scopes=["members:write"], to="merge members")
def post_merge(request: HttpRequest, member: MemberRef, merging: Merging) -> Status[ShownMerge]:
    """Every name and every spendable point of the other goes to this member; both keep their own history."""
    actor = actor_of(request)
    merged = merge_members(
        actor.organisation_id,
        survivor_id=member_id_of(actor.organisation_id, member),
        absorbed_id=member_id_of(actor.organisation_id, merging.absorbed),
        reason=merging.reason,
        actor=actor.ref,
    )
    return Status(201, _shown(merged))


@router.post(
    "/merges/{merge}/separate",
    response=ShownMerge,
    operation_id="separate_members",
    summary="Undo a merge",
)
@allows(scopes=["members:write"], to="merge members")
def post_separation(request: HttpRequest, merge: MergeRef, because: Because) -> ShownMerge:
    """What moved goes back, as far as it is still there; what came since stays with the survivor."""
    actor = actor_of(request)
    return _shown(
        separate_members(
            actor.organisation_id,
            merge_id=read("mrg", merge, kind="merge"),
            reason=because.reason,
            actor=actor.ref,
        )
    )


@router.post(
    "/members/{member}/erase", response=Erased, operation_id="erase_member", summary="Erase a member"
)
@allows(scopes=["members:write"], to="erase members")
def post_erasure(request: HttpRequest, member: MemberRef, because: Because) -> Erased:
    """Every word about the person goes, for good; the books keep what happened and what it was worth."""
    actor = actor_of(request)
    erased = erase_member(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, member),
        reason=because.reason,
        actor=actor.ref,
    )
    return Erased(members=[show("mem", one) for one in erased])


def _shown(merged: Merged) -> ShownMerge:
    merge = merged.merge
    return ShownMerge(
        id=show("mrg", merge.id),
        survivor=show("mem", merge.survivor_id),
        absorbed=show("mem", merge.absorbed_id),
        reason=merge.reason,
        points=merged.points,
        merged_at=merge.merged_at,
        separated_at=merge.unmerged_at,
    )
