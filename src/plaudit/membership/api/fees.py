"""Fees over HTTP: invoices and why they ask what they ask, payments, refunds, what is given up or cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.answering import idempotency_key
from plaudit.foundation.api.cursors import one_number, read_cursor, write_cursor
from plaudit.foundation.api.shapes import (
    After,
    Amount,
    Answer,
    Asked,
    Because,
    Limit,
    Moment,
    Page,
    Reason,
    Text,
    page,
    whole,
)
from plaudit.foundation.ids import read
from plaudit.membership import queries
from plaudit.membership.actions.cancel import cancel
from plaudit.membership.actions.settle import pay, refund, write_off
from plaudit.membership.api.shapes import (
    InvoiceRef,
    MembershipRef,
    ShownEntry,
    ShownInvoice,
    shown_entry,
    shown_invoice,
)
from plaudit.membership.models import StrayPayment

router = Router(tags=["Fees"])

PaymentRef = Annotated[str, Field(max_length=100, description="A payment, `pay_…`.")]


class NewPayment(Asked):
    """Money that came for an invoice, in minor units: all that is open, or a part.

    `reference` is the provider's own, and means one payment for ever. A card's number is refused.
    """

    amount: Amount
    currency: Annotated[str, Field(min_length=3, max_length=3)]
    method: Text = ""
    provider: Text = "manual"
    reference: Text = ""
    paid_at: Moment | None = None


class NewRefund(Asked):
    """How much of a payment goes back, in minor units, and why."""

    amount: Amount
    reason: Reason


class ShownStray(Answer):
    """Money a provider told of that belongs to no open invoice, and why; somebody must look at it."""

    provider: str
    reference: str
    invoice: str
    amount: int
    currency: str
    why: str
    happened_at: datetime


@router.get("/invoices", response=Page[ShownInvoice], operation_id="list_invoices", summary="List invoices")
@allows(scopes=["memberships:read"], to="read invoices")
def list_invoices(
    request: HttpRequest, membership: MembershipRef | None = None, after: After = None, limit: Limit = 50
) -> Page[ShownInvoice]:
    """Invoices, the newest first: of one membership, or all."""
    found = queries.invoices(
        actor_of(request).organisation_id,
        membership_id=queries.membership_id_of(membership) if membership is not None else None,
        before=read_cursor(after, one_number),
        limit=limit + 1,
    )
    return page(found, limit, shown_invoice, lambda one: write_cursor(one.invoice.number))


@router.get(
    "/invoices/{invoice}", response=ShownInvoice, operation_id="get_invoice", summary="Read an invoice"
)
@allows(scopes=["memberships:read"], to="read invoices")
def get_invoice(request: HttpRequest, invoice: InvoiceRef) -> ShownInvoice:
    """What it asks for and why, and every line of its book."""
    organisation_id = actor_of(request).organisation_id
    return shown_invoice(queries.invoice(organisation_id, _number(organisation_id, invoice)))


@router.post(
    "/invoices/{invoice}/payments",
    response={201: ShownInvoice},
    operation_id="record_payment",
    summary="Record a payment",
)
@allows(scopes=["memberships:write"], to="record payments")
def post_payment(request: HttpRequest, invoice: InvoiceRef, new: NewPayment) -> Status[ShownInvoice]:
    """The last part lets what was asked for begin. The same reference of one provider is recorded once."""
    actor = actor_of(request)
    number = _number(actor.organisation_id, invoice)
    pay(
        actor.organisation_id,
        invoice=number,
        amount=new.amount,
        currency=new.currency,
        method=new.method,
        provider=new.provider,
        reference=new.reference,
        paid_at=new.paid_at,
        key=_key(request),
        actor=actor.ref,
    )
    return Status(201, shown_invoice(queries.invoice(actor.organisation_id, number)))


@router.post(
    "/invoices/{invoice}/write-off",
    response=ShownInvoice,
    operation_id="write_off_invoice",
    summary="Give up what is open of an invoice",
)
@allows(scopes=["memberships:write"], to="write off fees")
def post_write_off(request: HttpRequest, invoice: InvoiceRef, because: Because) -> ShownInvoice:
    """That settles it: what was asked for begins as if it were paid."""
    actor = actor_of(request)
    number = _number(actor.organisation_id, invoice)
    write_off(
        actor.organisation_id, invoice=number, key=_key(request), actor=actor.ref, reason=because.reason
    )
    return shown_invoice(queries.invoice(actor.organisation_id, number))


@router.post(
    "/invoices/{invoice}/cancel",
    response=ShownInvoice,
    operation_id="cancel_invoice",
    summary="Cancel what an invoice was for",
)
@allows(scopes=["memberships:write"], to="cancel memberships")
def post_cancellation(request: HttpRequest, invoice: InvoiceRef, because: Because) -> ShownInvoice:
    """At any time while it is open, and in the cooling-off days after: fee and points go back."""
    actor = actor_of(request)
    number = _number(actor.organisation_id, invoice)
    cancel(actor.organisation_id, invoice=number, actor=actor.ref, reason=because.reason)
    return shown_invoice(queries.invoice(actor.organisation_id, number))


@router.post(
    "/payments/{payment}/refund",
    response={201: ShownEntry},
    operation_id="refund_payment",
    summary="Give a payment back",
)
@allows(scopes=["memberships:write"], to="refund payments")
def post_refund(request: HttpRequest, payment: PaymentRef, new: NewRefund) -> Status[ShownEntry]:
    """Whole or in part; a term of which nothing is left paid ends, and what it earned is taken back."""
    actor = actor_of(request)
    entry = refund(
        actor.organisation_id,
        payment=read("pay", payment, kind="payment"),
        amount=new.amount,
        reason=new.reason,
        key=_key(request),
        actor=actor.ref,
    )
    return Status(201, shown_entry(entry))


@router.get(
    "/stray-payments",
    response=Page[ShownStray],
    operation_id="list_stray_payments",
    summary="List money that belongs to no invoice",
)
@allows(scopes=["memberships:read"], to="read invoices")
def list_strays(request: HttpRequest) -> Page[ShownStray]:
    """What providers told of and nobody has recorded yet, the oldest first."""
    return whole(_shown_stray(one) for one in queries.strays(actor_of(request).organisation_id))


def _shown_stray(one: StrayPayment) -> ShownStray:
    return ShownStray(
        provider=one.provider,
        reference=one.reference,
        invoice=one.invoice_number,
        amount=one.amount,
        currency=one.currency,
        why=one.why,
        happened_at=one.happened_at,
    )


def _number(organisation_id: int, reference: str) -> int:
    return queries.invoice_number_of(organisation_id, reference)


def _key(request: HttpRequest) -> str:
    return f"api:{idempotency_key(request)}"
