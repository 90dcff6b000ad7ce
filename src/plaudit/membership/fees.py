"""The books of fees: invoices raised, entries added, and how an invoice stands after them. Writes, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from plaudit.foundation import clock
from plaudit.membership.models import Entry, EntryKind, Invoice, Membership, Step
from plaudit.membership.refusals import KeyUsed, LooksLikeACard
from plaudit.membership.rules import Line, looks_like_a_card


@dataclass(frozen=True, slots=True)
class Account:
    """How an invoice stands, in minor units of its currency: every part of it is one of these."""

    amount: int
    paid: int = 0
    refunded: int = 0
    written_off: int = 0
    credited: int = 0

    @property
    def open(self) -> int:
        """What is still to be paid: a refund asks for nothing again, for it comes with a credit."""
        return self.amount - self.paid + self.refunded - self.written_off - self.credited

    @property
    def kept(self) -> int:
        """What was paid and not given back."""
        return self.paid - self.refunded

    @property
    def state(self) -> str:
        """In one word, the strongest that is true."""
        if self.open:
            return "partly paid" if self.paid else "open"
        if self.refunded and not self.kept:
            return "refunded"
        if self.written_off:
            return "written off"
        return "cancelled" if self.credited and not self.kept and self.amount else "paid"


def account_of(invoice: Invoice, entries: Iterable[Entry]) -> Account:
    """The account of an invoice after these entries."""
    sums = dict.fromkeys(EntryKind.values, 0)
    for entry in entries:
        sums[entry.kind] += entry.amount
    return Account(
        invoice.amount,
        paid=sums[EntryKind.PAYMENT],
        refunded=sums[EntryKind.REFUND],
        written_off=sums[EntryKind.WRITE_OFF],
        credited=sums[EntryKind.CREDIT],
    )


def standing_account(invoice: Invoice) -> Account:
    """The account of an invoice as the book has it."""
    return account_of(invoice, invoice.entries.all())


def raise_invoice(
    membership: Membership, step: Step, lines: Sequence[Line], *, currency: str, key: str, actor: str
) -> Invoice:
    """Ask for what these lines add up to; invoices of an organisation are numbered without gaps."""
    organisation_id = membership.organisation_id
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext('invoices'))", [organisation_id])
    newest = Invoice.objects.filter(organisation_id=organisation_id).order_by("-number").first()
    return Invoice.objects.create(
        organisation_id=organisation_id,
        number=newest.number + 1 if newest is not None else 1,
        membership=membership,
        step=step,
        amount=sum(line.amount for line in lines),
        currency=currency,
        lines=[asdict(line) for line in lines],
        key=key,
        actor=actor,
        raised_at=clock.now(),
    )


def invoice_by_key(
    organisation_id: int, key: str, *, membership: Membership, kinds: Sequence[str]
) -> Invoice | None:
    """The invoice this key raised before; None for a new key. Raises `KeyUsed` where it raised another."""
    found = Invoice.objects.filter(organisation_id=organisation_id, key=key)
    invoice = found.select_related("step", "membership").first()
    if invoice is not None and not (invoice.membership_id == membership.id and invoice.step.kind in kinds):
        raise KeyUsed(key=key)
    return invoice


def add_entry(
    invoice: Invoice,
    kind: EntryKind,
    amount: int,
    *,
    key: str,
    actor: str,
    reason: str = "",
    happened_at: datetime | None = None,
    **of_payment: Any,
) -> Entry:
    """Add a line to the book of an invoice. `of_payment` are a payment's provider, method and reference."""
    now = clock.now()
    return Entry.objects.create(
        organisation_id=invoice.organisation_id,
        invoice=invoice,
        kind=kind,
        amount=amount,
        key=key,
        actor=actor,
        reason=reason,
        happened_at=happened_at or now,
        recorded_at=now,
        **of_payment,
    )


def entry_by_key(
    organisation_id: int, key: str, invoice: Invoice, kind: EntryKind, amount: int
) -> Entry | None:
    """The entry this key added before; None for a new key. Raises `KeyUsed` where it was another."""
    found = Entry.objects.filter(organisation_id=organisation_id, key=key).first()
    if found is not None and (found.invoice_id, found.kind, found.amount) != (invoice.id, kind, amount):
        raise KeyUsed(key=key)
    return found


def refuse_cards(**texts: str) -> None:
    """Raises `LooksLikeACard` where one of these texts holds the number of a payment card."""
    for field, text in texts.items():
        if looks_like_a_card(text):
            raise LooksLikeACard(field=field)
