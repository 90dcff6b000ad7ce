"""Renews a membership for another term, or brings back one that lapsed."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit
from plaudit.foundation.tenancy import act
from plaudit.ledger.posting import open_books
from plaudit.membership.actions.join import Asked
from plaudit.membership.fees import invoice_by_key, raise_invoice
from plaudit.membership.models import State, StepState
from plaudit.membership.quoting import quote_term
from plaudit.membership.refusals import InvoiceIsOpen, NotPossibleNow
from plaudit.membership.selling import known_term, scheme_of
from plaudit.membership.stepping import Held, hold_membership, membership_ref, settle_if_paid, take_step

KINDS = ("renewal", "reinstatement")


def renew(organisation_id: int, *, membership_id: UUID, key: str, actor: str, term: str = "") -> Asked:
    """Ask for another term at today's price: the same as before, unless another is named.

    Once settled it begins where the one before ends. That of a membership which lapsed is a reinstatement:
    it begins on the day it is settled. The same key asks once. Raises `NotPossibleNow` for one that is
    pending or cancelled, `InvoiceIsOpen`, `NotOneOf`, `TermNotSold`, `NoMemberships`, `KeyUsed`, `NotFound`.
    """

    def step() -> Asked:
        open_books(organisation_id)
        held = hold_membership(organisation_id, membership_id)
        known = invoice_by_key(organisation_id, key, membership=held.membership, kinds=KINDS)
        if known is not None:
            return Asked(held.membership, known)
        refuse_unless_settled(held)
        if held.membership.state in {State.PENDING, State.CANCELLED}:
            raise NotPossibleNow(state=held.membership.state, done="renewed")
        kind = "reinstatement" if held.membership.state == State.LAPSED else "renewal"
        scheme = scheme_of(organisation_id, held.membership.programme)
        wanted = known_term(scheme, term or held.standing_term.term)
        quote = quote_term(scheme, wanted, level=held.membership.level)
        taken = take_step(held, kind, term=wanted, level=quote.level, priced_on=quote.day, fee=quote.amount)
        invoice = raise_invoice(
            held.membership, taken, quote.lines, currency=scheme.currency, key=key, actor=actor
        )
        facts = {"invoice": invoice.number, "term": wanted.key}
        subject = membership_ref(membership_id)
        audit.note(actor=actor, act=f"membership.{kind}_asked", subject=subject, details=facts)
        settle_if_paid(held, invoice)
        return Asked(held.membership, invoice)

    return act(organisation_id, step)


def refuse_unless_settled(held: Held) -> None:
    """Raises `InvoiceIsOpen`: one thing at a time, for each builds on the one before."""
    for one in held.steps:
        if one.state == StepState.OPEN:
            raise InvoiceIsOpen(number=one.invoice.number)
