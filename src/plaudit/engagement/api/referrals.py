"""Referrals over HTTP: a member's code, those who came with it, and joining by one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.engagement.actions.referring import enrol_friend, give_code, redeem_code
from plaudit.engagement.api.shapes import KeyRef
from plaudit.engagement.models import Referral
from plaudit.engagement.queries.referrals import ReferralState, invites_of
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Asked, Limit, MemberRef, Page, whole
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.api.shapes import NewMember
from plaudit.people.queries import member as member_named
from plaudit.people.queries import member_id_of

router = Router(tags=["Referrals"])

Device = Annotated[
    str,
    Field(
        max_length=200,
        description="What tells this device from others; a digest of it is kept, and two members do not share one.",
    ),
]


class CodeAsked(Asked):
    """Whose code is wanted, of which programme."""

    programme: Annotated[str, Field(min_length=1, max_length=50)]
    device: Device = ""


class ShownReferralCode(Answer):
    """A member's code, theirs for ever, and the address it is given away with, empty where there is none."""

    programme: str
    code: str
    link: str


class NewReferral(Asked):
    """The code that a friend comes with, and the friend: a member already, or somebody to enrol."""

    code: Annotated[str, Field(min_length=1, max_length=50)]
    member: MemberRef | None = None
    enrol: NewMember | None = None
    device: Device = ""


class ShownReferral(Answer):
    """A friend who joined, and up to when what they do can qualify."""

    programme: str
    referrer: str
    friend: str
    redeemed_at: datetime
    until: datetime


class ShownInvite(Answer):
    """A friend whom a member referred: waiting, qualified, withdrawn (what they did was taken back) or late."""

    programme: str
    friend: str
    state: ReferralState
    redeemed_at: datetime
    until: datetime
    qualified_at: datetime | None


@router.post(
    "/members/{member}/referral-codes",
    response=ShownReferralCode,
    operation_id="give_referral_code",
    summary="Give a member their code",
)
@allows(scopes=["members:write"], to="give referral codes")
def post_code(request: HttpRequest, member: MemberRef, asked: CodeAsked) -> ShownReferralCode:
    """The code by which a member refers friends, made when it is first asked for; the same ever after."""
    actor = actor_of(request)
    own = give_code(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, member),
        programme=asked.programme,
        device=asked.device,
        actor=actor.ref,
    )
    return ShownReferralCode(programme=own.programme, code=own.code, link=own.link)


@router.get(
    "/members/{member}/referrals",
    response=Page[ShownInvite],
    operation_id="list_referrals",
    summary="List whom a member referred",
)
@allows(scopes=["members:read"], to="read referrals")
def list_referrals(
    request: HttpRequest, member: MemberRef, programme: KeyRef = "", limit: Limit = 50
) -> Page[ShownInvite]:
    """The friends who joined with a member's code, the last first, and how far each is."""
    organisation_id = actor_of(request).organisation_id
    with in_organisation(organisation_id):
        member_id = member_named(organisation_id, member).id
        found = invites_of(organisation_id, member_id, programme=programme, limit=limit)
    return whole(
        ShownInvite(
            programme=one.programme,
            friend=show("mem", one.friend_id),
            state=one.state,
            redeemed_at=one.redeemed_at,
            until=one.until,
            qualified_at=one.qualified_at,
        )
        for one in found
    )


@router.post(
    "/referrals",
    response={201: ShownReferral},
    operation_id="redeem_referral_code",
    summary="Join with a code",
)
@allows(scopes=["members:write"], to="redeem referral codes")
def post_referral(request: HttpRequest, new: NewReferral) -> Status[ShownReferral]:
    """Let somebody new have come by a member's code: name the `member`, or `enrol` them with it, whole or not.

    Once more with the same code changes nothing.
    """
    if (new.member is None) == (new.enrol is None):
        raise Problem("Name the member, or whom to enrol; one of the two.")
    return Status(201, _shown(_redeemed(request, new)))


def _redeemed(request: HttpRequest, new: NewReferral) -> Referral:
    actor = actor_of(request)
    if new.enrol is None:
        assert new.member is not None, "one of the two was found to be named"
        return redeem_code(
            actor.organisation_id,
            code=new.code,
            member_id=member_id_of(actor.organisation_id, new.member),
            device=new.device,
            actor=actor.ref,
        )
    return enrol_friend(
        actor.organisation_id,
        code=new.code,
        kind=new.enrol.kind,
        name=new.enrol.name,
        email=new.enrol.email,
        external_ids=[(one.source, one.id) for one in new.enrol.external_ids],
        attributes=new.enrol.attributes,
        device=new.device,
        actor=actor.ref,
    )


def _shown(made: Referral) -> ShownReferral:
    return ShownReferral(
        programme=made.programme,
        referrer=show("mem", made.referrer_id),
        friend=show("mem", made.friend_id),
        redeemed_at=made.redeemed_at,
        until=made.until,
    )
