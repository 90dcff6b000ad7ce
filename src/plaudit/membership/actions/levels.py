"""Changes a membership's level: decided by a manager with a reason, or bought with an upgrade, pro rata."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit
from plaudit.foundation.tenancy import act
from plaudit.ledger.posting import open_books
from plaudit.membership.actions.join import Asked
from plaudit.membership.actions.renew import refuse_unless_settled
from plaudit.membership.definitions import Level, Scheme, Term
from plaudit.membership.fees import invoice_by_key, raise_invoice
from plaudit.membership.models import Membership, State, StepState
from plaudit.membership.refusals import LevelNeedsReason, NotPossibleNow
from plaudit.membership.rules import Line, upgrade_lines
from plaudit.membership.selling import known_level, price_for
from plaudit.membership.stepping import (
    Held,
    hold_membership,
    membership_ref,
    settle_if_paid,
    stand,
    take_step,
)


def change_level(
    organisation_id: int, *, membership_id: UUID, level: str, reason: str, actor: str
) -> Membership:
    """Decide a level, for nothing and at once; the level it has already changes nothing.

    Raises `LevelNeedsReason`, `NotOneOf`, `NotPossibleNow`, `InvoiceIsOpen`, `NotFound`.
    """

    def step() -> Membership:
        open_books(organisation_id)
        held = hold_membership(organisation_id, membership_id)
        wanted = known_level(held.scheme, level)
        if held.membership.level == wanted.key:
            return held.membership
        if not reason.strip():
            raise LevelNeedsReason
        _refuse_unless_running(held)
        term = held.standing_term
        fee = _fee(held.scheme, held, wanted)
        taken = take_step(
            held,
            "decision",
            term=Term(term.term, term.term, term.years),
            level=wanted.key,
            priced_on=term.priced_on,
            fee=fee,
            reason=reason.strip(),
        )
        stand(held, taken)
        facts = {"level": wanted.key}
        subject = membership_ref(membership_id)
        audit.note(actor=actor, act="membership.level_changed", subject=subject, reason=reason, details=facts)
        return held.membership

    return act(organisation_id, step)


def upgrade(organisation_id: int, *, membership_id: UUID, level: str, key: str, actor: str) -> Asked:
    """Ask for another level for the rest of the term; it holds once the difference is settled.

    Each level's fee for the whole term, at the prices of the day the term was asked for, counts for the
    days that are left; see `rules.upgrade_lines`. The same key asks once. Raises `NotOneOf`,
    `NotPossibleNow`, `InvoiceIsOpen`, `TermNotSold`, `KeyUsed`, `NotFound`.
    """

    def step() -> Asked:
        open_books(organisation_id)
        held = hold_membership(organisation_id, membership_id)
        known = invoice_by_key(organisation_id, key, membership=held.membership, kinds=["upgrade"])
        if known is not None:
            return Asked(held.membership, known)
        wanted = known_level(held.scheme, level)
        _refuse_unless_running(held)
        if held.membership.level == wanted.key:
            raise NotPossibleNow(state=f"at the level {wanted.name} already", done="upgraded to it")
        fee, lines = quote_upgrade(held, wanted)
        term = held.standing_term
        taken = take_step(
            held,
            "upgrade",
            term=Term(term.term, term.term, term.years),
            level=wanted.key,
            priced_on=term.priced_on,
            fee=fee,
        )
        invoice = raise_invoice(
            held.membership, taken, lines, currency=held.scheme.currency, key=key, actor=actor
        )
        facts = {"invoice": invoice.number, "level": wanted.key}
        subject = membership_ref(membership_id)
        audit.note(actor=actor, act="membership.upgrade_asked", subject=subject, details=facts)
        settle_if_paid(held, invoice)
        return Asked(held.membership, invoice)

    return act(organisation_id, step)


def quote_upgrade(held: Held, wanted: Level) -> tuple[int, list[Line]]:
    """The wanted level's fee for the whole term, and what moving to it costs today, line by line.

    Where a renewal was settled ahead, the days left are more than the days of the term.
    """
    fee = _fee(held.scheme, held, wanted)
    term = held.standing_term
    assert term.starts_on is not None and term.ends_on is not None, "a term that stands has its days"
    now = known_level(held.scheme, held.membership.level)
    paid = [one for one in held.steps if one.state == StepState.STANDING][-1].fee
    lines = upgrade_lines(
        held.scheme,
        today=held.today,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        old=(now.name, paid),
        new=(wanted.name, fee),
    )
    return fee, lines


def _fee(scheme: Scheme, held: Held, level: Level) -> int:
    """What a level costs for the term that stands, at the prices of the day on which it was asked for."""
    term = held.standing_term
    kept = Term(term.term, term.term, term.years)
    return price_for(scheme, kept, level.key, term.priced_on).amount


def _refuse_unless_running(held: Held) -> None:
    refuse_unless_settled(held)
    if held.membership.state != State.ACTIVE:
        raise NotPossibleNow(state=held.membership.state, done="moved to another level")
