"""Redemptions on their way over HTTP: agreed to, paid, delivered, come back, refunded, receipted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.shapes import Answer, Asked, Page, whole
from plaudit.rewards.actions.ordering import look_again
from plaudit.rewards.actions.proceed import approve, come_back, deliver, pay, return_money, send_again
from plaudit.rewards.actions.refund import refund
from plaudit.rewards.actions.remit import remit
from plaudit.rewards.api.redemptions import (
    RedemptionRef,
    Sent,
    ShownRedemption,
    read_redemption_id,
    shown_redemption,
)
from plaudit.rewards.donations import owed_to_charities, receipt
from plaudit.rewards.queries import redemption

router = Router(tags=["Rewards"])

Reference = Annotated[str, Field(min_length=1, max_length=200)]


class Paid(Asked):
    """By which payment the money beside the points was paid, or returned."""

    reference: Reference


class PointsBack(Asked):
    """How many points are given back, in the unit's smallest part: all that are left where nothing is said."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    points: Annotated[int, Field(gt=0, le=10**15)] | None = None


class ShownGift(Answer):
    """A gift to a charity, for whoever made it; `remitted_at` once it was passed on."""

    number: str
    charity: str
    amount_minor: int
    currency: str
    points: int
    given_at: datetime
    tax: str
    remitted_at: datetime | None
    remittance: str


class ShownOwed(Answer):
    """What was donated to a charity and not passed on yet."""

    charity: str
    currency: str
    donations: int
    amount_minor: int


class NewRemittance(Asked):
    """By which payment everything donated to a charity was passed on."""

    charity: Annotated[str, Field(min_length=1, max_length=500)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    reference: Reference


class ShownRemittance(ShownOwed):
    """A payment to a charity."""

    reference: str
    remitted_at: datetime


def _shown(request: HttpRequest, redemption_id: str) -> ShownRedemption:
    found = redemption(actor_of(request).organisation_id, read_redemption_id(redemption_id))
    return shown_redemption(found)


@router.post(
    "/redemptions/{redemption_id}/approve",
    response=ShownRedemption,
    operation_id="approve_redemption",
    summary="Agree to a redemption",
)
@allows(scopes=["rewards:write"], to="agree to redemptions")
def post_approval(request: HttpRequest, redemption_id: RedemptionRef) -> ShownRedemption:
    """A second person agrees; who ordered it cannot. To say no, cancel it."""
    actor = actor_of(request)
    approve(actor.organisation_id, read_redemption_id(redemption_id), actor=actor.ref)
    return _shown(request, redemption_id)


@router.post(
    "/redemptions/{redemption_id}/pay",
    response=ShownRedemption,
    operation_id="pay_redemption",
    summary="Note that the money was paid",
)
@allows(scopes=["rewards:write"], to="note payments")
def post_payment(request: HttpRequest, redemption_id: RedemptionRef, paid: Paid) -> ShownRedemption:
    """The money beside the points was paid in full: the reward goes on its way."""
    actor = actor_of(request)
    wanted = read_redemption_id(redemption_id)
    pay(actor.organisation_id, wanted, reference=paid.reference, actor=actor.ref)
    return _shown(request, redemption_id)


@router.post(
    "/redemptions/{redemption_id}/return-money",
    response=ShownRedemption,
    operation_id="return_money",
    summary="Note that the money was returned",
)
@allows(scopes=["rewards:write"], to="note payments")
def post_money_back(request: HttpRequest, redemption_id: RedemptionRef, paid: Paid) -> ShownRedemption:
    """What was paid beside the points of a cancelled redemption is with the member again."""
    actor = actor_of(request)
    wanted = read_redemption_id(redemption_id)
    return_money(actor.organisation_id, wanted, reference=paid.reference, actor=actor.ref)
    return _shown(request, redemption_id)


@router.post(
    "/redemptions/{redemption_id}/deliver",
    response=ShownRedemption,
    operation_id="deliver_redemption",
    summary="Note that a parcel arrived",
)
@allows(scopes=["rewards:write"], to="note deliveries")
def post_delivery(request: HttpRequest, redemption_id: RedemptionRef) -> ShownRedemption:
    """The parcel is with the member."""
    actor = actor_of(request)
    deliver(actor.organisation_id, read_redemption_id(redemption_id), actor=actor.ref)
    return _shown(request, redemption_id)


@router.post(
    "/redemptions/{redemption_id}/return",
    response=ShownRedemption,
    operation_id="return_redemption",
    summary="Note that a parcel came back",
)
@allows(scopes=["rewards:write"], to="note returns")
def post_return(request: HttpRequest, redemption_id: RedemptionRef) -> ShownRedemption:
    """The parcel came back: send it again, or refund it."""
    actor = actor_of(request)
    come_back(actor.organisation_id, read_redemption_id(redemption_id), actor=actor.ref)
    return _shown(request, redemption_id)


@router.post(
    "/redemptions/{redemption_id}/resend",
    response=ShownRedemption,
    operation_id="resend_redemption",
    summary="Note that a parcel was sent again",
)
@allows(scopes=["rewards:write"], to="send rewards")
def post_resending(request: HttpRequest, redemption_id: RedemptionRef, sent: Sent) -> ShownRedemption:
    """A parcel that came back is on its way once more."""
    actor = actor_of(request)
    send_again(
        actor.organisation_id,
        read_redemption_id(redemption_id),
        actor=actor.ref,
        carrier=sent.carrier,
        tracking=sent.tracking,
    )
    return _shown(request, redemption_id)


@router.post(
    "/redemptions/{redemption_id}/ask-again",
    response=ShownRedemption,
    operation_id="ask_supplier_again",
    summary="Ask the supplier again",
)
@allows(scopes=["rewards:write"], to="ask suppliers")
def post_asking(request: HttpRequest, redemption_id: RedemptionRef) -> ShownRedemption:
    """An order that is stuck is asked after once more; nothing is ordered that the supplier knows of."""
    actor = actor_of(request)
    look_again(actor.organisation_id, [read_redemption_id(redemption_id)], actor=actor.ref)
    return _shown(request, redemption_id)


@router.post(
    "/redemptions/{redemption_id}/refund",
    response=ShownRedemption,
    operation_id="refund_redemption",
    summary="Refund a redemption",
)
@allows(scopes=["rewards:write"], to="refund redemptions")
def post_refund(request: HttpRequest, redemption_id: RedemptionRef, new: PointsBack) -> ShownRedemption:
    """Points of a fulfilled redemption, whole or in part, back into the very lots they were taken from."""
    actor = actor_of(request)
    refund(
        actor.organisation_id,
        read_redemption_id(redemption_id),
        reason=new.reason,
        points=new.points,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return _shown(request, redemption_id)


@router.get(
    "/redemptions/{redemption_id}/receipt",
    response=ShownGift,
    operation_id="get_receipt",
    summary="Read the receipt of a donation",
)
@allows(scopes=["rewards:read"], to="read receipts")
def get_receipt(request: HttpRequest, redemption_id: RedemptionRef) -> ShownGift:
    """A gift, its charity, and whether it was passed on."""
    found = receipt(actor_of(request).organisation_id, read_redemption_id(redemption_id))
    return ShownGift(
        number=found.number,
        charity=found.charity,
        amount_minor=found.amount_minor,
        currency=found.currency,
        points=found.points,
        given_at=found.given_at,
        tax=found.tax,
        remitted_at=found.remitted_at,
        remittance=found.remittance,
    )


@router.get(
    "/donations/owed",
    response=Page[ShownOwed],
    operation_id="list_owed",
    summary="List what charities are owed",
)
@allows(scopes=["rewards:read"], to="read donations")
def list_owed(request: HttpRequest) -> Page[ShownOwed]:
    """What was donated to each charity and not passed on yet."""
    found = owed_to_charities(actor_of(request).organisation_id)
    return whole(
        ShownOwed(
            charity=one.charity,
            currency=one.currency,
            donations=one.donations,
            amount_minor=one.amount_minor,
        )
        for one in found
    )


@router.post(
    "/donations/remittances",
    response={201: ShownRemittance},
    operation_id="remit_donations",
    summary="Note that donations were passed on",
)
@allows(scopes=["rewards:write"], to="pass on donations")
def post_remittance(request: HttpRequest, new: NewRemittance) -> Status[ShownRemittance]:
    """Everything donated to this charity so far was paid over by this payment. One reference remits once."""
    actor = actor_of(request)
    made = remit(
        actor.organisation_id,
        charity=new.charity,
        currency=new.currency,
        reference=new.reference,
        actor=actor.ref,
    )
    return Status(
        201,
        ShownRemittance(
            charity=made.charity,
            currency=made.currency,
            donations=made.donations,
            amount_minor=made.amount_minor,
            reference=made.reference,
            remitted_at=made.remitted_at,
        ),
    )
