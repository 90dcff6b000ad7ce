"""Steps taken, settled and withdrawn: what each does to its membership, its activity and its member's standing.

Every function here is called inside an action that has opened the books and locked the membership.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.earning.outcomes import Status
from plaudit.foundation import clock
from plaudit.foundation.currencies import minor_digits
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.membership.definitions import Scheme, Term
from plaudit.membership.fees import add_entry, standing_account
from plaudit.membership.level_reasons import by_step, decided
from plaudit.membership.models import EntryKind, Invoice, Membership, State, Step, StepState
from plaudit.membership.rules import OPENING, Stand, Taken, first_moment, stands, years_after
from plaudit.membership.selling import kept_scheme, today_of
from plaudit.people.saying import Said, say

REPORTED = {"join": "membership.joined", "renewal": "membership.renewed"}
"""The activities by which a settled step is reported; the file's rules say what they earn."""


@dataclass(slots=True)
class Held:
    """A membership under lock, with its scheme and its steps in order."""

    membership: Membership
    scheme: Scheme
    steps: list[Step]

    @property
    def today(self) -> date:
        """The day it is there."""
        return today_of(self.scheme)

    @property
    def standing_term(self) -> Step:
        """The last term that stands. There is one unless the membership is pending or cancelled."""
        return [one for one in self.steps if one.kind in OPENING and one.state == StepState.STANDING][-1]


def membership_ref(membership_id: UUID) -> str:
    """How people and programs name a membership."""
    return show("mbs", membership_id)


def hold_membership(organisation_id: int, membership_id: UUID) -> Held:
    """The membership under lock until the transaction ends. Raises `NotFound`."""
    found = Membership.objects.select_for_update().filter(organisation_id=organisation_id, id=membership_id)
    membership = found.first()
    if membership is None:
        raise NotFound(kind="membership", ref=membership_ref(membership_id))
    return held(membership)


def held(membership: Membership) -> Held:
    """A membership that is locked already, with its steps."""
    scheme = kept_scheme(membership.organisation_id, membership.programme)
    return Held(membership, scheme, list(membership.steps.order_by("number")))


def take_step(
    held: Held,
    kind: str,
    *,
    term: Term,
    level: str,
    priced_on: date,
    fee: int,
    reason: str = "",
) -> Step:
    """Add an open step to a membership."""
    step = Step.objects.create(
        organisation_id=held.membership.organisation_id,
        membership=held.membership,
        number=len(held.steps) + 1,
        kind=kind,
        term=term.key,
        years=term.years,
        level=level,
        priced_on=priced_on,
        fee=fee,
        reason=reason,
    )
    held.steps.append(step)
    return step


def settle_if_paid(held: Held, invoice: Invoice) -> None:
    """Let the step stand whose invoice has nothing open any more, once; report it, and tell."""
    step = next(one for one in held.steps if one.id == invoice.step_id)
    if step.state != StepState.OPEN or standing_account(invoice).open:
        return
    stand(held, step)
    now = step.settled_at
    assert now is not None
    if step.kind in REPORTED:
        _report(held, step, invoice, now)
    told = {"membership": membership_ref(held.membership.id), "invoice": invoice.number, "kind": step.kind}
    tell(held.membership.organisation_id, "membership.settled", told, happened_at=now)


def stand(held: Held, step: Step) -> None:
    """Let a step stand from now on; a term begins where the one before ends, or today."""
    step.state, step.settled_at = StepState.STANDING, clock.now()
    if step.kind in OPENING:
        step.starts_on = held.today
        if step.kind == "renewal" and held.membership.ends_on is not None:
            step.starts_on = held.membership.ends_on
        step.ends_on = years_after(step.starts_on, step.years)
    step.save()
    restand(held)


def withdraw(held: Held, step: Step, *, key: str, actor: str, reason: str) -> None:
    """Undo a step: what was paid goes back, nothing is asked any more, and what it earned is taken back."""
    was_standing = step.state == StepState.STANDING
    step.state, step.withdrawn_at = StepState.WITHDRAWN, clock.now()
    step.save(update_fields=["state", "withdrawn_at"])
    close(step.invoice, key=key, actor=actor, reason=reason)
    restand(held)
    if was_standing and step.kind in REPORTED:
        _correct(held, step, step.withdrawn_at)
    told = {
        "membership": membership_ref(held.membership.id),
        "invoice": step.invoice.number,
        "kind": step.kind,
    }
    tell(held.membership.organisation_id, "membership.withdrawn", told, happened_at=step.withdrawn_at)


def close(invoice: Invoice, *, key: str, actor: str, reason: str) -> None:
    """Give back every payment of an invoice, and ask for nothing of it any more."""
    entries = list(invoice.entries.order_by("id"))
    for number, payment in enumerate(one for one in entries if one.kind == EntryKind.PAYMENT):
        back = sum(one.amount for one in entries if one.refunds_id == payment.id)
        if payment.amount > back:
            add_entry(
                invoice,
                EntryKind.REFUND,
                payment.amount - back,
                key=f"{key}/refund-{number}",
                actor=actor,
                reason=reason,
                refunds=payment,
                provider=payment.provider,
                method=payment.method,
                reference=payment.reference,
            )
    rest = standing_account(invoice).open
    if rest:
        add_entry(invoice, EntryKind.CREDIT, rest, key=f"{key}/credit", actor=actor, reason=reason)


def restand(held: Held) -> None:
    """Write down how a membership stands after its steps, and when time next changes that."""
    membership, periods = held.membership, held.scheme.periods
    taken = [Taken(one.kind, one.state, one.level, one.ends_on) for one in held.steps]
    now = stands(taken, today=held.today, grace_days=periods.grace)
    if membership.level != now.level:
        membership.why_level = _why(held, now.level)
    membership.state, membership.level, membership.ends_on = State(now.state), now.level, now.ends_on
    membership.due_at = due_at(held, now)
    membership.save()
    tell_standing(membership)


def tell_standing(membership: Membership) -> None:
    """Let rules know a member's level and profession while the membership is active, or in its grace."""
    holds = membership.state in {State.ACTIVE, State.GRACE}
    said = {"level": membership.level, "profession": membership.profession or None}
    say(
        membership.organisation_id,
        [Said(membership.member_id, name, value if holds else None) for name, value in said.items()],
        said_by=f"membership/{membership.programme}",
        now=clock.now(),
    )


def _why(held: Held, level: str) -> str:
    """Why the level is another than it was: the last step that stands, or the one that is left."""
    named = held.scheme.level(level)
    name = named.name if named is not None else level
    last = [one for one in held.steps if one.state == StepState.STANDING and one.level == level]
    if last and last[-1].reason:
        return decided(name, last[-1].reason)
    return by_step(name, last[-1].kind if last else "step", f"{clock.now():%Y-%m-%d}")


def due_at(held: Held, now: Stand) -> datetime | None:
    """The next moment at which time changes how a membership stands, or has its end announced."""
    zone, periods = ZoneInfo(held.scheme.time_zone), held.scheme.periods
    membership = held.membership
    if now.state == State.PENDING:
        return membership.joined_at + timedelta(days=periods.pay_within)
    if now.ends_on is None or now.state == State.LAPSED:
        return None
    if now.state == State.GRACE:
        return first_moment(now.ends_on + timedelta(days=periods.grace), zone)
    if membership.noticed_on != now.ends_on:
        return first_moment(now.ends_on - timedelta(days=periods.notice), zone)
    return first_moment(now.ends_on, zone)


def _report(held: Held, step: Step, invoice: Invoice, at: datetime) -> None:
    """Record that a step was paid for: the rules of the programme say what that earns."""
    digits = minor_digits(invoice.currency)
    data = {
        "term": step.term,
        "years": step.years,
        "level": step.level,
        "fee": _decimal(invoice.amount, digits),
    }
    _record(held, f"membership:{step.id}", REPORTED[step.kind], at, data)


def _decimal(minor: int, digits: int) -> str:
    whole, part = divmod(minor, 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)


def _correct(held: Held, step: Step, at: datetime) -> None:
    """Record that what was reported of a step is taken back: what it earned goes with it."""
    key = f"membership:{step.id}"
    _record(held, f"{key}:withdrawn", f"{REPORTED[step.kind]}.withdrawn", at, {}, corrects=key)


def _record(
    held: Held, key: str, type: str, at: datetime, data: dict[str, object], corrects: str | None = None
) -> None:
    own = OwnActivity(key, type, held.membership.member_id, at, data, corrects)
    (outcome,) = record_own(held.membership.organisation_id, [own])
    assert outcome.status in {Status.RECORDED, Status.REPEATED}, outcome
