"""Settles invoices: payments in whole or in part, what is given back, and what is given up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.ledger.posting import open_books
from plaudit.membership.fees import (
    add_entry,
    entry_by_key,
    refuse_cards,
    standing_account,
)
from plaudit.membership.models import Entry, EntryKind, Invoice, Step, StepState
from plaudit.membership.refusals import (
    InvoiceIsClosed,
    MoreThanOwed,
    MoreThanPaid,
    NotTheLatest,
    OtherCurrency,
    ReferenceUsed,
)
from plaudit.membership.rules import money_text
from plaudit.membership.stepping import Held, hold_membership, membership_ref, settle_if_paid, withdraw


def pay(
    organisation_id: int,
    *,
    invoice: int,
    amount: int,
    currency: str,
    key: str,
    actor: str,
    method: str = "",
    provider: str = "manual",
    reference: str = "",
    paid_at: datetime | None = None,
) -> Entry:
    """Record a payment of an invoice by its number, all of it or a part; the last part lets its step stand.

    The same key, or the same reference of the same provider, records once. Raises `LooksLikeACard`,
    `OtherCurrency`, `MoreThanOwed`, `InvoiceIsClosed`, `ReferenceUsed`, `KeyUsed`, `NotFound`.
    """
    refuse_cards(reference=reference, method=method, key=key)

    def step() -> Entry:
        found, held = hold_invoice(organisation_id, invoice)
        known = entry_by_key(organisation_id, key, found, EntryKind.PAYMENT, amount)
        known = known or _by_reference(found, provider, reference, amount)
        if known is not None:
            return known
        if currency != found.currency:
            raise OtherCurrency(number=invoice, currency=found.currency, given=currency)
        _refuse_more_than_open(found, amount)
        entry = add_entry(
            found,
            EntryKind.PAYMENT,
            amount,
            key=key,
            actor=actor,
            happened_at=min(paid_at or clock.now(), clock.now()),
            provider=provider,
            method=method,
            reference=reference,
        )
        _note("payment", entry, held, actor)
        settle_if_paid(held, found)
        return entry

    return act(organisation_id, step)


def write_off(organisation_id: int, *, invoice: int, key: str, actor: str, reason: str) -> Entry:
    """Give up what is still open of an invoice, which settles it: the term stands as if it were paid.

    The same key does it once. Raises `InvoiceIsClosed`, `LooksLikeACard`, `KeyUsed`, `NotFound`.
    """
    refuse_cards(reason=reason)

    def step() -> Entry:
        found, held = hold_invoice(organisation_id, invoice)
        known = found.entries.filter(key=key, kind=EntryKind.WRITE_OFF).first()
        if known is not None:
            return known
        rest = standing_account(found).open
        if not rest:
            raise InvoiceIsClosed(number=invoice)
        entry_by_key(organisation_id, key, found, EntryKind.WRITE_OFF, rest)
        entry = add_entry(found, EntryKind.WRITE_OFF, rest, key=key, actor=actor, reason=reason)
        _note("write_off", entry, held, actor, reason)
        settle_if_paid(held, found)
        return entry

    return act(organisation_id, step)


def refund(organisation_id: int, *, payment: UUID, amount: int, key: str, actor: str, reason: str) -> Entry:
    """Give a payment back, whole or in part, and ask for it no more.

    A step of which nothing is left paid is withdrawn: its term ends and what it earned is taken back. The
    same key does it once. Raises `MoreThanPaid`, `LooksLikeACard`, `KeyUsed`, `NotFound`.
    """
    refuse_cards(reason=reason)

    def step() -> Entry:
        of = Entry.objects.filter(organisation_id=organisation_id, id=payment, kind=EntryKind.PAYMENT)
        number = of.values_list("invoice__number", flat=True).first()
        if number is None:
            raise NotFound(kind="payment", ref=show("pay", payment))
        found, held = hold_invoice(organisation_id, number)
        known = entry_by_key(organisation_id, key, found, EntryKind.REFUND, amount)
        if known is not None:
            return known
        entry = _give_back(found, of.get(), amount, key=key, actor=actor, reason=reason)
        _note("refund", entry, held, actor, reason)
        _withdraw_if_unpaid(held, found, key=key, actor=actor, reason=reason)
        return entry

    return act(organisation_id, step)


def hold_invoice(organisation_id: int, number: int) -> tuple[Invoice, Held]:
    """The invoice of that number, its membership under lock and the books open. Raises `NotFound`."""
    open_books(organisation_id)
    invoice = Invoice.objects.filter(organisation_id=organisation_id, number=number).first()
    if invoice is None:
        raise NotFound(kind="invoice", ref=number)
    return invoice, hold_membership(organisation_id, invoice.membership_id)


def _refuse_more_than_open(invoice: Invoice, amount: int) -> None:
    open_ = standing_account(invoice).open
    if not open_:
        raise InvoiceIsClosed(number=invoice.number)
    if amount > open_:
        raise MoreThanOwed(
            amount=money_text(amount, invoice.currency),
            open=money_text(open_, invoice.currency),
            number=invoice.number,
        )


def _by_reference(invoice: Invoice, provider: str, reference: str, amount: int) -> Entry | None:
    """The payment a provider told of before by this reference. Raises `ReferenceUsed` where it was another."""
    if not reference:
        return None
    told = Entry.objects.filter(
        organisation_id=invoice.organisation_id,
        kind=EntryKind.PAYMENT,
        provider=provider,
        reference=reference,
    )
    known = told.select_related("invoice").first()
    if known is not None and (known.invoice_id, known.amount) != (invoice.id, amount):
        raise ReferenceUsed(reference=reference, number=known.invoice.number)
    return known


def _give_back(of: Invoice, payment: Entry, amount: int, *, key: str, actor: str, reason: str) -> Entry:
    left = payment.amount - sum(payment.refunded_by.values_list("amount", flat=True))
    if amount > left:
        raise MoreThanPaid(amount=money_text(amount, of.currency), left=money_text(left, of.currency))
    entry = add_entry(
        of,
        EntryKind.REFUND,
        amount,
        key=key,
        actor=actor,
        reason=reason,
        refunds=payment,
        provider=payment.provider,
        method=payment.method,
        reference=payment.reference,
    )
    if of.step.state != StepState.OPEN:
        # What is given back of a settled invoice is not asked for again.
        add_entry(of, EntryKind.CREDIT, amount, key=f"{key}/credit", actor=actor, reason=reason)
    return entry


def _withdraw_if_unpaid(held: Held, invoice: Invoice, *, key: str, actor: str, reason: str) -> None:
    step = next(one for one in held.steps if one.id == invoice.step_id)
    account = standing_account(invoice)
    if step.state == StepState.STANDING and account.refunded and not account.kept:
        refuse_unless_latest(held, step)
        withdraw(held, step, key=key, actor=actor, reason=reason)


def refuse_unless_latest(held: Held, step: Step) -> None:
    """Raises `NotTheLatest` where a step that was asked for later still stands or waits."""
    for later in held.steps[step.number :]:
        if later.kind != "decision" and later.state != StepState.WITHDRAWN:
            raise NotTheLatest(number=step.invoice.number)


def _note(act: str, entry: Entry, held: Held, actor: str, reason: str = "") -> None:
    facts = {"invoice": entry.invoice.number, "amount": entry.amount, "entry": show("pay", entry.id)}
    subject = membership_ref(held.membership.id)
    audit.note(actor=actor, act=f"membership.{act}", subject=subject, reason=reason, details=facts)
    told = {"membership": subject, **facts}
    tell(entry.organisation_id, f"membership.{act}", told, happened_at=entry.recorded_at)
