"""Ends a redemption: fulfilled by somebody who sent it, or cancelled with the points back in their lots."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.release import release
from plaudit.rewards.models import Redemption, RedemptionState, Reward
from plaudit.rewards.refusals import CannotCancel


def fulfil(organisation_id: int, redemption_id: UUID, *, actor: str) -> Redemption:
    """Say that the reward was sent: the points are spent. A redemption that was fulfilled stays so."""

    def step() -> Redemption:
        redemption = _locked(organisation_id, redemption_id)
        if redemption.state == RedemptionState.CANCELLED:
            raise CannotCancel(state=redemption.state)
        if redemption.state == RedemptionState.ORDERED:
            _spend(organisation_id, redemption, actor=actor)
            audit.note(actor=actor, act="redemption.fulfilled", subject=show("rdm", redemption.id))
            tell(
                organisation_id,
                "redemption.fulfilled",
                {"redemption": show("rdm", redemption.id)},
                happened_at=clock.now(),
            )
        return redemption

    return act(organisation_id, step)


def _spend(organisation_id: int, redemption: Redemption, *, actor: str) -> None:
    captured = capture(organisation_id, redemption.hold, reason=redemption.reward.name, actor=actor)
    redemption.captured = captured.captured.reference
    redemption.state = RedemptionState.FULFILLED
    redemption.fulfilled_at = clock.now()
    redemption.save()


def cancel(organisation_id: int, redemption_id: UUID, *, actor: str, reason: str = "") -> Redemption:
    """Give the points back, into the lots they came from, and the reward back to stock.

    Possible until the reward was sent. A redemption that was cancelled stays so. Raises `CannotCancel`.
    """

    def step() -> Redemption:
        redemption = _locked(organisation_id, redemption_id)
        if redemption.state == RedemptionState.CANCELLED:
            return redemption
        if redemption.state == RedemptionState.FULFILLED or not redemption.reward.cancel_until_fulfilled:
            raise CannotCancel(state=redemption.state)
        now = clock.now()
        released = release(organisation_id, redemption.hold, reason=reason or "Cancelled", actor=actor)
        Reward.objects.filter(organisation_id=organisation_id, id=redemption.reward_id).update(
            taken=F("taken") - 1
        )
        redemption.released = released.reference
        redemption.state = RedemptionState.CANCELLED
        redemption.cancelled_at = now
        redemption.reason = reason
        redemption.save()
        audit.note(actor=actor, act="redemption.cancelled", subject=show("rdm", redemption.id), reason=reason)
        tell(
            organisation_id,
            "redemption.cancelled",
            {"redemption": show("rdm", redemption.id)},
            happened_at=now,
        )
        return redemption

    return act(organisation_id, step)


def _locked(organisation_id: int, redemption_id: UUID) -> Redemption:
    redemption = (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("reward")
        .filter(organisation_id=organisation_id, id=redemption_id)
        .first()
    )
    if redemption is None:
        raise NotFound(kind="redemption", ref=show("rdm", redemption_id))
    return redemption
