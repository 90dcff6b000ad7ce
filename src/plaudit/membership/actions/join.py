"""Joins a member to a programme: a membership that begins when its first invoice is settled."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.ledger.posting import open_books
from plaudit.membership.fees import invoice_by_key, raise_invoice
from plaudit.membership.models import Invoice, Membership, State
from plaudit.membership.quoting import Quote, quote_joining
from plaudit.membership.refusals import AlreadyAMember
from plaudit.membership.selling import check_profession, known_term, scheme_of
from plaudit.membership.stepping import Held, membership_ref, restand, settle_if_paid, take_step
from plaudit.people.actions.members import locked_member


@dataclass(frozen=True, slots=True)
class Asked:
    """A membership and the invoice that was raised for its newest step."""

    membership: Membership
    invoice: Invoice


def join(
    organisation_id: int,
    *,
    member_id: UUID,
    programme: str,
    term: str,
    key: str,
    actor: str,
    role: str = "",
    profession: str = "",
    level: str = "",
    reason: str = "",
) -> Asked:
    """Join a member for a term, at the level of their role or at the one named with a reason.

    The price is that of today; the term begins on the day on which the invoice is settled. The same key
    joins once. Raises `NoMemberships`, `NotOneOf`, `RoleUnknown`, `LevelNeedsReason`, `TermNotSold`,
    `AlreadyAMember`, `KeyUsed`, and as `locked_member` does.
    """

    def step() -> Asked:
        open_books(organisation_id)
        locked_member(organisation_id, member_id)
        before = membership_of(organisation_id, programme, member_id)
        if before is not None:
            known = invoice_by_key(organisation_id, key, membership=before, kinds=["join"])
            if known is not None:
                return Asked(before, known)
            raise AlreadyAMember(state=before.state)
        scheme = scheme_of(organisation_id, programme)
        check_profession(scheme, profession)
        quote = quote_joining(scheme, term=term, role=role, level=level, reason=reason)
        membership = Membership.objects.create(
            organisation_id=organisation_id,
            programme=programme,
            member_id=member_id,
            enrolled_id=member_id,
            role=role.strip(),
            profession=profession,
            level=quote.level,
            why_level=quote.why_level,
            joined_at=clock.now(),
        )
        return _ask(Held(membership, scheme, []), quote, key=key, actor=actor, reason=reason)

    return act(organisation_id, step)


def _ask(held: Held, quote: Quote, *, key: str, actor: str, reason: str) -> Asked:
    membership, now = held.membership, held.membership.joined_at
    term = known_term(held.scheme, quote.term)
    taken = take_step(held, "join", term=term, level=quote.level, priced_on=quote.day, fee=quote.amount)
    invoice = raise_invoice(
        membership, taken, quote.lines, currency=held.scheme.currency, key=key, actor=actor
    )
    restand(held)
    subject = membership_ref(membership.id)
    facts = {"invoice": invoice.number, "level": quote.level, "term": quote.term}
    audit.note(actor=actor, act="membership.joined", subject=subject, reason=reason, details=facts)
    told = {"membership": subject, "member": show("mem", membership.member_id), **facts}
    tell(membership.organisation_id, "membership.joined", told, happened_at=now)
    settle_if_paid(held, invoice)
    return Asked(membership, invoice)


def membership_of(organisation_id: int, programme: str, member_id: UUID) -> Membership | None:
    """The membership a member has in a programme, under lock; None for none, or one that was cancelled."""
    mine = Membership.objects.select_for_update().filter(
        organisation_id=organisation_id, programme=programme, member_id=member_id
    )
    return mine.exclude(state=State.CANCELLED).first()
