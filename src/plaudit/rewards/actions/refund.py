"""Gives points of a fulfilled redemption back, whole or in part, into the very lots they were taken from."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.ledger.actions.reverse import reverse
from plaudit.rewards.actions.settle import arrangement_of, lock_redemption
from plaudit.rewards.models import Redemption, RedemptionState, Refund
from plaudit.rewards.refusals import KeyMeansAnother, NotFulfilled, PassedOn


def refund(
    organisation_id: int,
    redemption_id: UUID,
    *,
    reason: str,
    key: str,
    actor: str,
    points: int | None = None,
) -> Refund:
    """Give back `points` (in the unit's smallest part) of what was spent, or all that is left of it.

    What the member received stays theirs, and counts against stock and limits. The same key refunds once.
    Raises `NotFound`, `NotFulfilled`, `PassedOn` (a donation that reached its charity), `KeyMeansAnother`,
    and of the ledger `ReasonNeeded`, `AmountRefused`, `NothingLeftToReverse` and `ReversesTooMuch`.
    """

    def step() -> Refund:
        redemption = lock_redemption(organisation_id, redemption_id)
        earlier = Refund.objects.filter(organisation_id=organisation_id, key=key).first()
        if earlier is not None:
            if earlier.redemption_id != redemption_id or points not in (None, earlier.points):
                raise KeyMeansAnother(key=key, at=earlier.refunded_at)
            return earlier
        _refuse_irreversible(redemption)
        done = reverse(
            organisation_id,
            redemption.captured,
            reason=reason,
            key=f"refund:{key}",
            actor=actor,
            amount=points,
        )
        made = Refund.objects.create(
            organisation_id=organisation_id,
            redemption=redemption,
            points=done.receipt.amount,
            transfer=done.receipt.reference,
            key=key,
            reason=reason,
            actor=actor,
            refunded_at=clock.now(),
        )
        _tell(redemption, made)
        return made

    return act(organisation_id, step)


def _refuse_irreversible(redemption: Redemption) -> None:
    if redemption.state != RedemptionState.FULFILLED:
        raise NotFulfilled(state=redemption.state)
    arrangement = arrangement_of(redemption)
    if arrangement is not None and arrangement.remittance_id is not None:
        raise PassedOn(charity=arrangement.charity)


def _tell(redemption: Redemption, made: Refund) -> None:
    reference, details = show("rdm", redemption.id), {"points": made.points}
    audit.note(
        actor=made.actor,
        act="redemption.refunded",
        subject=reference,
        reason=made.reason,
        details=details,
    )
    told = {"redemption": reference, **details}
    tell(redemption.organisation_id, "redemption.refunded", told, happened_at=made.refunded_at)
