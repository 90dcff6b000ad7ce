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
from plaudit.rewards.models import (
    Arrangement,
    Code,
    Order,
    OrderState,
    Redemption,
    RedemptionState,
    Reward,
    Stage,
    Supplier,
)
from plaudit.rewards.refusals import CannotCancel, NotYet


def fulfil(
    organisation_id: int, redemption_id: UUID, *, actor: str, carrier: str = "", tracking: str = ""
) -> Redemption:
    """Say that the reward was sent, and how: the points are spent. A redemption that was fulfilled stays so.

    What a supplier without an address delivers, a person orders and says so here. Raises `CannotCancel`
    for one that was cancelled, `NotYet` while a second person, a payment or a supplier is waited for.
    """

    def step() -> Redemption:
        redemption = lock_redemption(organisation_id, redemption_id)
        if redemption.state == RedemptionState.CANCELLED:
            raise CannotCancel(state=redemption.state)
        if redemption.state == RedemptionState.ORDERED:
            arrangement = arrangement_of(redemption)
            if arrangement is not None and arrangement.stage == Stage.ORDER:
                _untouched_order(redemption, OrderState.DONE, by_hand=True)
            elif arrangement is not None and arrangement.stage != Stage.SEND:
                raise NotYet(stage=arrangement.stage)
            if arrangement is None and (carrier or tracking):
                arrangement = Arrangement(redemption=redemption, organisation_id=organisation_id)
            if arrangement is not None:
                arrangement.carrier, arrangement.tracking = carrier, tracking
                arrangement.stage = Stage.SENT if arrangement.address or tracking else Stage.DONE
                arrangement.lapses_at = None
                arrangement.save()
            spend(organisation_id, redemption, actor=actor)
        return redemption

    return act(organisation_id, step)


def spend(organisation_id: int, redemption: Redemption, *, actor: str) -> None:
    """Capture the points of an ordered redemption, which is locked, and say that it is fulfilled."""
    captured = capture(organisation_id, redemption.hold, reason=redemption.reward.name, actor=actor)
    now = clock.now()
    redemption.captured = captured.captured.reference
    redemption.state = RedemptionState.FULFILLED
    redemption.fulfilled_at = now
    redemption.save()
    reference = show("rdm", redemption.id)
    audit.note(actor=actor, act="redemption.fulfilled", subject=reference)
    tell(organisation_id, "redemption.fulfilled", {"redemption": reference}, happened_at=now)


def cancel(organisation_id: int, redemption_id: UUID, *, actor: str, reason: str = "") -> Redemption:
    """Give the points back, into the lots they came from, and the reward back to stock.

    Possible until the reward was sent, or its supplier may know of it. A redemption that was cancelled stays so. Raises `CannotCancel`.
    """

    def step() -> Redemption:
        redemption = lock_redemption(organisation_id, redemption_id)
        if redemption.state == RedemptionState.CANCELLED:
            return redemption
        if redemption.state == RedemptionState.FULFILLED or not redemption.reward.cancel_until_fulfilled:
            raise CannotCancel(state=redemption.state)
        arrangement = arrangement_of(redemption)
        if arrangement is not None and arrangement.stage == Stage.ORDER:
            _untouched_order(redemption, OrderState.DROPPED, by_hand=False)
        give_back(organisation_id, redemption, actor=actor, reason=reason)
        return redemption

    return act(organisation_id, step)


def give_back(organisation_id: int, redemption: Redemption, *, actor: str, reason: str) -> None:
    """End an ordered redemption, which is locked: points, stock, and a code nobody has seen, as they were.

    Money that was paid beside the points is from then on owed to the member (see `proceed.return_money`).
    """
    now = clock.now()
    released = release(organisation_id, redemption.hold, reason=reason or "Cancelled", actor=actor)
    # The stock first: whoever gives a code holds its lock.
    Reward.objects.filter(organisation_id=organisation_id, id=redemption.reward_id).update(
        taken=F("taken") - 1
    )
    Code.objects.filter(organisation_id=organisation_id, redemption=redemption).update(redemption=None)
    arrangement = arrangement_of(redemption)
    if arrangement is not None:
        arrangement.stage, arrangement.lapses_at = Stage.OVER, None
        arrangement.save()
    redemption.released = released.reference
    redemption.state = RedemptionState.CANCELLED
    redemption.cancelled_at = now
    redemption.reason = reason
    redemption.save()
    reference = show("rdm", redemption.id)
    audit.note(actor=actor, act="redemption.cancelled", subject=reference, reason=reason)
    tell(organisation_id, "redemption.cancelled", {"redemption": reference}, happened_at=now)
    if arrangement is not None and arrangement.owes_money:
        told = {"redemption": reference, **arrangement.money, "payment": arrangement.payment}
        tell(organisation_id, "redemption.money_owed", told, happened_at=now)


def lock_redemption(organisation_id: int, redemption_id: UUID) -> Redemption:
    """The redemption, locked, with its reward and what is arranged for it. Raises `NotFound`."""
    redemption = (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("reward")
        .filter(organisation_id=organisation_id, id=redemption_id)
        .first()
    )
    if redemption is None:
        raise NotFound(kind="redemption", ref=show("rdm", redemption_id))
    return redemption


def arrangement_of(redemption: Redemption) -> Arrangement | None:
    """What is arranged for a redemption that is locked, as it stands now."""
    return Arrangement.objects.filter(
        organisation_id=redemption.organisation_id, redemption=redemption
    ).first()


def _untouched_order(redemption: Redemption, state: OrderState, *, by_hand: bool) -> None:
    """End the order of a redemption that is locked, which its supplier cannot know of. Raises `NotYet`, `CannotCancel`."""
    organisation_id = redemption.organisation_id
    order = Order.objects.select_for_update().get(organisation_id=organisation_id, redemption=redemption)
    if order.tries:
        raise NotYet(stage=Stage.ORDER) if by_hand else CannotCancel(state="with its supplier")
    reached = Supplier.objects.filter(organisation_id=organisation_id, key=order.supplier).exclude(url="")
    if by_hand and reached.exists():
        raise NotYet(stage=Stage.ORDER)
    order.state, order.settled_at = state, clock.now()
    order.save()
