"""Transfers over HTTP: one with all it hangs on, and points given or taken by hand."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.shapes import Asked, MemberRef, Moment, Reason
from plaudit.foundation.refusals import Problem
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.extend import extend
from plaudit.ledger.api.shapes import (
    ShownReceipt,
    TransferChain,
    TransferRef,
    UnitKey,
    shown_chain,
    shown_receipt,
)
from plaudit.ledger.statements import transfer_chain
from plaudit.ledger.units import units_by_id
from plaudit.people.queries import member_id_of, people
from plaudit.people.standing import user_ref

router = Router(tags=["Ledger"])


class Adjustment(Asked):
    """Points to give by hand, or to take where `amount` is below zero.

    From the unit's `approval_from` on, `approver` names the second person who agreed (`usr_…`).
    """

    member: MemberRef
    unit: UnitKey
    amount: Annotated[
        int, Field(ge=-(10**15), le=10**15, description="In the unit's smallest part; below zero takes.")
    ]
    reason: Reason
    approver: Annotated[str, Field(min_length=1, max_length=100)] | None = None


@router.get(
    "/transfers/{transfer}",
    response=TransferChain,
    operation_id="get_transfer",
    summary="Read one transfer and what it hangs on",
)
@allows(scopes=["ledger:read"], to="read transfers")
def get_transfer(request: HttpRequest, transfer: TransferRef) -> TransferChain:
    """One transfer, what it undoes and what undoes it, and which points it spent or who spent its own."""
    return shown_chain(transfer_chain(actor_of(request).organisation_id, transfer))


class Extension(Asked):
    """Until when the points are good instead."""

    until: Annotated[Moment, Field(description="The moment they expire; later than now and than before.")]
    reason: Reason


@router.post(
    "/transfers/{transfer}/extensions",
    response={201: ShownReceipt},
    operation_id="extend_points",
    summary="Let points expire later",
)
@allows(scopes=["ledger:write"], to="extend points")
def post_extension(request: HttpRequest, transfer: TransferRef, extension: Extension) -> Status[ShownReceipt]:
    """Take what is left of a lot out and grant it anew with a later expiry, with the reason that the member reads."""
    actor = actor_of(request)
    receipt = extend(
        actor.organisation_id,
        transfer,
        until=extension.until,
        reason=extension.reason,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    unit = units_by_id(actor.organisation_id)[receipt.unit_id].key
    return Status(201, shown_receipt(receipt, unit))


@router.post(
    "/adjustments",
    response={201: ShownReceipt},
    operation_id="adjust_points",
    summary="Give or take points by hand",
)
@allows(scopes=["ledger:write"], to="adjust points")
def post_adjustment(request: HttpRequest, adjustment: Adjustment) -> Status[ShownReceipt]:
    """Give points by hand, or take them, with the reason that the member reads."""
    actor = actor_of(request)
    if adjustment.approver is not None:
        _require_approver(actor.organisation_id, adjustment.approver)
    receipt = adjust(
        actor.organisation_id,
        member_id=member_id_of(actor.organisation_id, adjustment.member),
        unit=adjustment.unit,
        amount=adjustment.amount,
        reason=adjustment.reason,
        approver=adjustment.approver,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    return Status(201, shown_receipt(receipt, adjustment.unit))


def _require_approver(organisation_id: int, approver: str) -> None:
    """Whoever agreed is a person who may: a manager or somebody in finance, here and now."""
    may = {RoleName.MANAGER.value, RoleName.FINANCE.value}
    approvers = {user_ref(one.user.id) for one in people(organisation_id) if may & set(one.roles)}
    if approver not in approvers:
        detail = f"{approver} is nobody who may approve: name a manager or somebody in finance."
        fault = {"in": "body", "pointer": "/approver", "code": "not_an_approver", "detail": detail}
        raise Problem("The adjustment is not approved.", errors=[fault])
