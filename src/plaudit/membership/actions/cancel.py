"""Cancels what an invoice was for, while there is time to change one's mind."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from plaudit.foundation import audit
from plaudit.foundation.tenancy import act
from plaudit.membership.actions.settle import hold_invoice, refuse_unless_latest
from plaudit.membership.fees import refuse_cards
from plaudit.membership.models import Membership, Step, StepState
from plaudit.membership.refusals import CoolingOffOver
from plaudit.membership.stepping import Held, membership_ref, withdraw


def cancel(organisation_id: int, *, invoice: int, actor: str, reason: str) -> Membership:
    """Undo the step an invoice asks for: what was paid goes back, and what it earned is taken back.

    One that waits for its payment can be cancelled at any time, one that stands within the cooling-off
    days after it was settled; the latest only. Cancelling again changes nothing. Raises `CoolingOffOver`,
    `NotTheLatest`, `LooksLikeACard`, `NotFound`.
    """
    refuse_cards(reason=reason)

    def step() -> Membership:
        found, held = hold_invoice(organisation_id, invoice)
        taken = next(one for one in held.steps if one.id == found.step_id)
        if taken.state == StepState.WITHDRAWN:
            return held.membership
        refuse_unless_latest(held, taken)
        if taken.state == StepState.STANDING:
            _refuse_after_cooling_off(held, taken)
        withdraw(held, taken, key=f"cancel:{found.id}", actor=actor, reason=reason)
        facts = {"invoice": invoice, "kind": taken.kind}
        subject = membership_ref(held.membership.id)
        audit.note(actor=actor, act="membership.cancelled", subject=subject, reason=reason, details=facts)
        return held.membership

    return act(organisation_id, step)


def _refuse_after_cooling_off(held: Held, step: Step) -> None:
    assert step.settled_at is not None, "a step that stands was settled"
    settled_on = step.settled_at.astimezone(ZoneInfo(held.scheme.time_zone)).date()
    last = settled_on + timedelta(days=held.scheme.periods.cooling_off)
    if held.today > last:
        raise CoolingOffOver(last=last)
