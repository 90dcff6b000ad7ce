"""What earning adds to the ledger over HTTP: taking a transfer back, limits and all."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status

from plaudit.earning.actions.reverse import reverse_transfer
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.shapes import Amount, Asked, Reason
from plaudit.ledger.api.shapes import ShownReceipt, TransferRef, shown_receipt
from plaudit.ledger.units import units_by_id

router = Router()


class Reversing(Asked):
    """How much to take back: all that is left, if nothing is said. The reason is the member's to read."""

    amount: Amount | None = None
    reason: Reason


@router.post(
    "/transfers/{transfer}/reverse",
    response={201: ShownReceipt},
    operation_id="reverse_transfer",
    summary="Reverse a transfer, whole or in part",
    tags=["Ledger"],
)
@allows(scopes=["ledger:write"], to="reverse transfers")
def post_reversal(request: HttpRequest, transfer: TransferRef, reversing: Reversing) -> Status[ShownReceipt]:
    """Take points back into the places and lots they came from; what a limit had counted is free again."""
    actor = actor_of(request)
    done = reverse_transfer(
        actor.organisation_id,
        transfer,
        amount=reversing.amount,
        reason=reversing.reason,
        key=f"api:{idempotency_key(request)}",
        actor=actor.ref,
    )
    unit = units_by_id(actor.organisation_id)[done.receipt.unit_id].key
    return Status(201, shown_receipt(done.receipt, unit))
