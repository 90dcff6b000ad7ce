"""Redemptions over HTTP: redeemed by hold and capture, fulfilled, cancelled or refunded."""

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
from plaudit.foundation.api.shapes import After, Answer, Asked, Because, Limit, MemberRef, Page, page
from plaudit.foundation.ids import read, show
from plaudit.foundation.requests import put_on_record
from plaudit.people.queries import member as member_named
from plaudit.people.queries import member_id_of
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import cancel, fulfil
from plaudit.rewards.api.catalogue import Kind, RewardRef, read_reward_id
from plaudit.rewards.queries import CODE_SHOWN, Redeemed, code_of, redemption, redemptions

router = Router(tags=["Rewards"])

RedemptionRef = Annotated[str, Field(max_length=100, description="A redemption, `rdm_…`.")]


ShownStage = Literal["approval", "payment", "send", "order", "sent", "delivered", "returned", "done", "over"]


class NewRedemption(Asked):
    """Who redeems which reward. `price` is what the member was shown: another price now is refused.

    Of a ladder it chooses the step. `address` is where a reward is sent that is sent.
    """

    member: MemberRef
    reward: RewardRef
    price: Annotated[int, Field(ge=0, le=10**15)] | None = None
    address: Annotated[str, Field(max_length=1000)] = ""


class ShownRedemption(Answer):
    """Points exchanged for a reward: held when `ordered`, spent when `fulfilled`, back when `cancelled`.

    `stage` is where it is on its way and `acts_next` who does something next; `tries` and `problem` tell
    of its supplier. `refunded` is what of the points came back after it was fulfilled.
    """

    id: str
    member: str
    reward: str
    reward_name: str
    kind: Kind
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
    stage: ShownStage
    acts_next: Literal["approver", "member", "supplier", "programme", ""]
    value_minor: int | None
    percent: int | None
    currency: str
    money_minor: int
    paid: bool
    owes_money: bool
    money_back: str
    carrier: str
    tracking: str
    refunded: int
    tries: int
    problem: str
    links: dict[str, str]


class Sent(Asked):
    """How a parcel was sent."""

    carrier: Annotated[str, Field(max_length=100)] = ""
    tracking: Annotated[str, Field(max_length=200)] = ""


class ShownCode(Answer):
    """The code a member paid for."""

    redemption: str
    code: str


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
        reward_id=read_reward_id(new.reward),
        price=new.price,
        address=new.address,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return Status(201, shown_redemption(redemption(actor.organisation_id, made.id)))


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
    stage: Annotated[ShownStage | None, Field(description="At this stage only.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownRedemption]:
    """Redemptions, newest first: of one member, in one state, or all."""
    organisation_id = actor_of(request).organisation_id
    found = redemptions(
        organisation_id,
        state=state or "",
        stage=stage or "",
        member_id=member_named(organisation_id, member).id if member is not None else None,
        before=read_cursor(after, one_id),
        limit=limit + 1,
    )
    return page(found, limit, shown_redemption, lambda one: write_cursor(one.id))


@router.get(
    "/redemptions/{redemption_id}",
    response=ShownRedemption,
    operation_id="get_redemption",
    summary="Read a redemption",
)
@allows(scopes=["rewards:read"], to="read redemptions")
def get_redemption(request: HttpRequest, redemption_id: RedemptionRef) -> ShownRedemption:
    """One redemption, without its code."""
    return shown_redemption(redemption(actor_of(request).organisation_id, read_redemption_id(redemption_id)))


@router.get(
    "/redemptions/{redemption_id}/code",
    response=ShownCode,
    operation_id="get_redemption_code",
    summary="Read the code of a redemption",
)
@allows(scopes=["rewards:write"], to="read codes")
def get_code(request: HttpRequest, redemption_id: RedemptionRef) -> ShownCode:
    """The code the member paid for: money, so keep it nowhere."""
    actor = actor_of(request)
    found = redemption(actor.organisation_id, read_redemption_id(redemption_id))
    put_on_record(request, CODE_SHOWN, found.reference)
    code = code_of(actor.organisation_id, found.id, member_id=found.member_id)
    return ShownCode(redemption=found.reference, code=code)


@router.post(
    "/redemptions/{redemption_id}/fulfil",
    response=ShownRedemption,
    operation_id="fulfil_redemption",
    summary="Say that a reward was sent",
)
@allows(scopes=["rewards:write"], to="fulfil redemptions")
def post_fulfilment(
    request: HttpRequest, redemption_id: RedemptionRef, sent: Sent | None = None
) -> ShownRedemption:
    """The reward is with the member: the held points are spent."""
    actor = actor_of(request)
    done = fulfil(
        actor.organisation_id,
        read_redemption_id(redemption_id),
        actor=actor.ref,
        carrier=sent.carrier if sent else "",
        tracking=sent.tracking if sent else "",
    )
    return shown_redemption(redemption(actor.organisation_id, done.id))


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
        actor.organisation_id, read_redemption_id(redemption_id), actor=actor.ref, reason=because.reason
    )
    return shown_redemption(redemption(actor.organisation_id, done.id))


def read_redemption_id(reference: str) -> UUID:
    """The id behind `rdm_…`. Raises `NotFound`."""
    return read("rdm", reference, kind="redemption")


def shown_redemption(one: Redeemed) -> ShownRedemption:
    """A redemption as the API shows it, with what can be done about it."""
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
        stage=one.stage,  # type: ignore[arg-type]  # one of the choices
        acts_next=one.acts_next,  # type: ignore[arg-type]  # one of the words
        value_minor=one.value_minor,
        percent=one.percent,
        currency=one.currency,
        money_minor=one.money_minor,
        paid=one.paid,
        owes_money=one.owes_money,
        money_back=one.money_back,
        carrier=one.carrier,
        tracking=one.tracking,
        refunded=one.refunded,
        tries=one.tries,
        problem=one.problem,
        links={**acts, **({"code": f"{at}/code"} if one.has_code else {})},
    )
