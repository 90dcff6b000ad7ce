"""Takes in what a payment provider tells of: payments of invoices, and money that belongs to none."""

from __future__ import annotations

from collections import Counter

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.membership.actions.settle import pay
from plaudit.membership.fees import refuse_cards
from plaudit.membership.models import Entry, EntryKind, StrayPayment
from plaudit.membership.providers import PaymentProvider, Report


def take_reports(organisation_id: int, provider: PaymentProvider, *, actor: str) -> Counter[str]:
    """Record all a provider tells of just now: how many payments were `recorded`, `known` already, or `stray`.

    Each report is a transaction of its own, so that one that cannot be placed keeps no other back. Raises
    `LooksLikeACard` for a report that names a card: nothing of it is kept.
    """
    return Counter(_take(organisation_id, provider.name, one, actor) for one in provider.reports())


def _take(organisation_id: int, provider: str, report: Report, actor: str) -> str:
    refuse_cards(reference=report.reference, invoice=report.invoice, method=report.method)
    known = _known(organisation_id, provider, report)
    if known:
        return "known"
    try:
        if not report.invoice.isascii() or not report.invoice.isdigit() or len(report.invoice) > 9:
            raise NotFound(kind="invoice", ref=report.invoice)
        pay(
            organisation_id,
            invoice=int(report.invoice),
            amount=report.amount,
            currency=report.currency,
            key=f"{provider}:{report.reference}",
            actor=actor,
            method=report.method,
            provider=provider,
            reference=report.reference,
            paid_at=report.paid_at,
        )
    except Refusal as refusal:
        # Money that came is never sent away for want of a place: somebody must look at it.
        _keep(organisation_id, provider, report, refusal.say())
        return "stray"
    return "recorded"


def _known(organisation_id: int, provider: str, report: Report) -> bool:
    """Whether this very payment is in the book already; the same reference for another amount is not."""
    with in_organisation(organisation_id):
        told = Entry.objects.filter(
            organisation_id=organisation_id,
            kind=EntryKind.PAYMENT,
            provider=provider,
            reference=report.reference,
            amount=report.amount,
        )
        strays = StrayPayment.objects.filter(
            organisation_id=organisation_id, provider=provider, reference=report.reference
        )
        return told.exists() or strays.exists()


def _keep(organisation_id: int, provider: str, report: Report, why: str) -> None:
    with in_organisation(organisation_id):
        stray = StrayPayment(
            organisation_id=organisation_id,
            provider=provider,
            reference=report.reference,
            invoice_number=report.invoice,
            amount=report.amount,
            currency=report.currency,
            why=why,
            happened_at=report.paid_at,
            reported_at=clock.now(),
        )
        StrayPayment.objects.bulk_create([stray], ignore_conflicts=True)
