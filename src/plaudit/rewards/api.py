"""Rewards over HTTP: what is on offer to whom, redeemed by hold and capture, fulfilled or cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Because, Limit, MemberRef, Page, page, whole
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.balances import balances
from plaudit.ledger.units import units_by_key
from plaudit.people.queries import member as member_named
from plaudit.people.queries import member_id_of
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import cancel, fulfil
from plaudit.rewards.queries import Offer, Redeemed, code_of, offer, offers, redemption, redemptions

router = Router(tags=["Rewards"])

RewardRef = Annotated[str, Field(max_length=100, description="A reward, `rwd_…`.")]
RedemptionRef = Annotated[str, Field(max_length=100, description="A redemption, `rdm_…`.")]


class ShownReward(Answer):
    """A reward. `price` is in the unit's smallest part; `left` is null where there is no end to them.

    `missing` is how much the member who was named lacks, 0 where they can have it now.
    """

    id: str
    key: str
    programme: str
    name: str
    description: str
    kind: Literal["code", "physical", "donation", "other"]
    unit: str
    price: int
    value_minor: int | None
    currency: str
    left: int | None
    missing: int


class NewRedemption(Asked):
    """Who redeems which reward. `price` is what the member was shown: another price now is refused."""

    member: MemberRef
    reward: RewardRef
    price: Annotated[int, Field(ge=0, le=10**15)] | None = None


class ShownRedemption(Answer):
    """Points exchanged for a reward: held when `ordered`, spent when `fulfilled`, back when `cancelled`."""

    id: str
    member: str
    reward: str
    reward_name: str
    kind: Literal["code", "physical", "donation", "other"]
    unit: str
    points: int
    state: Literal["ordered", "fulfilled", "cancelled"]
    has_code: bool
    can_be_cancelled: bool
    hold: str | None
    captured: str | None
    released: str | None
    ordered_at: datetime
    fulfilled_at: datetime | None
    cancelled_at: datetime | None
    links: dict[str, str]


class ShownCode(Answer):
    """The code a member paid for."""

    redemption: str
    code: str


class NewCodes(Asked):
    """Codes for a reward's pool; one that is there already is not added again."""

    codes: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=5_000)
    ]


class AddedCodes(Answer):
    """How many of the codes were new."""

    added: int


@router.get("/rewards", response=Page[ShownReward], operation_id="list_rewards", summary="List rewards")
@allows(scopes=["rewards:read"], to="read rewards")
def list_rewards(request: HttpRequest, member: MemberRef | None = None) -> Page[ShownReward]:
    """What is on offer now: to everybody, or to one member with what they lack, affordable first."""
    organisation_id = actor_of(request).organisation_id
    if member is None:
        return whole(_shown_reward(one) for one in offers(organisation_id))
    found = member_named(organisation_id, member)
    available = _available(organisation_id, found.id)
    return whole(_shown_reward(one) for one in offers(organisation_id, kind=found.kind, available=available))


@router.get("/rewards/{reward}", response=ShownReward, operation_id="get_reward", summary="Read a reward")
@allows(scopes=["rewards:read"], to="read rewards")
def get_reward(request: HttpRequest, reward: RewardRef) -> ShownReward:
    """One reward, on offer or not."""
    return _shown_reward(offer(actor_of(request).organisation_id, _reward_id(reward)))


@router.post(
    "/rewards/{reward}/codes",
    response={201: AddedCodes},
    operation_id="add_reward_codes",
    summary="Add codes to a reward's pool",
)
@allows(scopes=["rewards:write"], to="add codes")
def post_codes(request: HttpRequest, reward: RewardRef, new: NewCodes) -> Status[AddedCodes]:
    """Codes are kept sealed; each is given to one redemption."""
    actor = actor_of(request)
    added = add_codes(actor.organisation_id, reward_id=_reward_id(reward), codes=new.codes, actor=actor.ref)
    return Status(201, AddedCodes(added=added))


@router.post(
    "/redemptions", response={201: ShownRedemption}, operation_id="redeem_reward", summary="Redeem a reward"
)
@allows(scopes=["rewards:write"], to="redeem rewards")
def post_redemption(request: HttpRequest, new: NewRedemption) -> Status[ShownRedemption]:
    """Hold the points for the reward. One with codes is fulfilled at once; others when somebody sends them."""
    actor = actor_of(request)
    made = redeem(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, new.member),
        reward_id=_reward_id(new.reward),
        price=new.price,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return Status(201, _shown(redemption(actor.organisation_id, made.id)))


@router.get(
    "/redemptions",
    response=Page[ShownRedemption],
    operation_id="list_redemptions",
    summary="List redemptions",
)
@allows(scopes=["rewards:read"], to="read redemptions")
def list_redemptions(
    request: HttpRequest,
    member: MemberRef | None = None,
    state: Annotated[
        Literal["ordered", "fulfilled", "cancelled"] | None, Field(description="In this state only.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownRedemption]:
    """Redemptions, newest first: of one member, in one state, or all."""
    organisation_id = actor_of(request).organisation_id
    found = redemptions(
        organisation_id,
        state=state or "",
        member_id=member_named(organisation_id, member).id if member is not None else None,
        before=read_cursor(after, one_id),
        limit=limit + 1,
    )
    return page(found, limit, _shown, lambda one: write_cursor(one.id))


@router.get(
    "/redemptions/{redemption_id}",
    response=ShownRedemption,
    operation_id="get_redemption",
    summary="Read a redemption",
)
@allows(scopes=["rewards:read"], to="read redemptions")
def get_redemption(request: HttpRequest, redemption_id: RedemptionRef) -> ShownRedemption:
    """One redemption, without its code."""
    return _shown(redemption(actor_of(request).organisation_id, _redemption_id(redemption_id)))


@router.get(
    "/redemptions/{redemption_id}/code",
    response=ShownCode,
    operation_id="get_redemption_code",
    summary="Read the code of a redemption",
)
@allows(scopes=["rewards:write"], to="read codes")
def get_code(request: HttpRequest, redemption_id: RedemptionRef) -> ShownCode:
    """The code the member paid for: money, so keep it nowhere."""
    organisation_id = actor_of(request).organisation_id
    found = redemption(organisation_id, _redemption_id(redemption_id))
    return ShownCode(
        redemption=found.reference, code=code_of(organisation_id, found.id, member_id=found.member_id)
    )


@router.post(
    "/redemptions/{redemption_id}/fulfil",
    response=ShownRedemption,
    operation_id="fulfil_redemption",
    summary="Say that a reward was sent",
)
@allows(scopes=["rewards:write"], to="fulfil redemptions")
def post_fulfilment(request: HttpRequest, redemption_id: RedemptionRef) -> ShownRedemption:
    """The reward is with the member: the held points are spent."""
    actor = actor_of(request)
    done = fulfil(actor.organisation_id, _redemption_id(redemption_id), actor=actor.ref)
    return _shown(redemption(actor.organisation_id, done.id))


@router.post(
    "/redemptions/{redemption_id}/cancel",
    response=ShownRedemption,
    operation_id="cancel_redemption",
    summary="Cancel a redemption",
)
@allows(scopes=["rewards:write"], to="cancel redemptions")
def post_cancellation(
    request: HttpRequest, redemption_id: RedemptionRef, because: Because
) -> ShownRedemption:
    """Points go back into the lots they came from, and the reward back to stock, until it was sent."""
    actor = actor_of(request)
    done = cancel(
        actor.organisation_id, _redemption_id(redemption_id), actor=actor.ref, reason=because.reason
    )
    return _shown(redemption(actor.organisation_id, done.id))


def _available(organisation_id: int, member_id: UUID) -> dict[int, int]:
    units = units_by_key(organisation_id)
    return {units[one.unit].id: one.available for one in balances(organisation_id, member_id)}


def _reward_id(reference: str) -> int:
    prefix, _, number = reference.partition("_")
    if prefix != "rwd" or not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise NotFound(kind="reward", ref=reference)
    return int(number)


def _redemption_id(reference: str) -> UUID:
    return read("rdm", reference, kind="redemption")


def _shown_reward(one: Offer) -> ShownReward:
    return ShownReward(
        id=f"rwd_{one.id}",
        key=one.key,
        programme=one.programme,
        name=one.name,
        description=one.description,
        kind=one.kind,  # type: ignore[arg-type]  # one of the kinds
        unit=one.unit.key,
        price=one.price,
        value_minor=one.value_minor,
        currency=one.currency,
        left=one.left,
        missing=one.missing,
    )


def _shown(one: Redeemed) -> ShownRedemption:
    at = f"/api/v1/redemptions/{one.reference}"
    acts = {"fulfil": f"{at}/fulfil", "cancel": f"{at}/cancel"} if one.state == "ordered" else {}
    return ShownRedemption(
        id=one.reference,
        member=show("mem", one.member_id),
        reward=f"rwd_{one.reward_id}",
        reward_name=one.reward,
        kind=one.kind,  # type: ignore[arg-type]  # one of the kinds
        unit=one.unit.key,
        points=one.points,
        state=one.state,  # type: ignore[arg-type]  # one of the choices
        has_code=one.has_code,
        can_be_cancelled=one.can_be_cancelled,
        hold=one.hold or None,
        captured=one.captured or None,
        released=one.released or None,
        ordered_at=one.ordered_at,
        fulfilled_at=one.fulfilled_at,
        cancelled_at=one.cancelled_at,
        links={**acts, **({"code": f"{at}/code"} if one.has_code else {})},
    )
