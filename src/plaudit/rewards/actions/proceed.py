"""Moves a redemption on: a second person agrees, the member has paid, the parcel arrives or comes back, money is returned."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.rewards.actions.settle import arrangement_of, lock_redemption, spend
from plaudit.rewards.arranging import going_out, order_for
from plaudit.rewards.models import Arrangement, Redemption, RedemptionState, Stage
from plaudit.rewards.refusals import FourEyes, NoMoneyToReturn, NotAtStage


def approve(organisation_id: int, redemption_id: UUID, *, actor: str) -> Redemption:
    """Agree, as a second person, to a redemption above its reward's bound; agreed once, it stays so.

    Raises `FourEyes` for whoever ordered it, `NotAtStage` where nothing is to be agreed to. To say no,
    cancel it.
    """

    def agree(redemption: Redemption, arrangement: Arrangement) -> None:
        if actor == redemption.actor:
            raise FourEyes
        arrangement.approver, arrangement.approved_at = actor, clock.now()
        unpaid = arrangement.money_minor and arrangement.paid_at is None
        _go_on(redemption, arrangement, Stage.PAYMENT if unpaid else None, actor=actor)

    return _move(organisation_id, redemption_id, Stage.APPROVAL, "approved", agree, actor=actor)


def pay(organisation_id: int, redemption_id: UUID, *, reference: str, actor: str) -> Redemption:
    """Note that the money beside the points was paid in full, by the payment of this reference.

    Raises `NotAtStage` where none is waited for.
    """

    def note(redemption: Redemption, arrangement: Arrangement) -> None:
        arrangement.payment, arrangement.paid_at = reference, clock.now()
        _go_on(redemption, arrangement, None, actor=actor)

    return _move(organisation_id, redemption_id, Stage.PAYMENT, "paid", note, actor=actor)


def return_money(organisation_id: int, redemption_id: UUID, *, reference: str, actor: str) -> Redemption:
    """Note that the money of a cancelled redemption was returned, by the payment of this reference; once.

    Noted again with the same reference it stays so. Raises `NoMoneyToReturn`.
    """

    def step() -> Redemption:
        redemption = lock_redemption(organisation_id, redemption_id)
        arrangement = arrangement_of(redemption)
        if arrangement is not None and reference and arrangement.money_back == reference:
            return redemption
        if arrangement is None or not arrangement.owes_money:
            raise NoMoneyToReturn
        arrangement.money_back = reference
        arrangement.save()
        shown = show("rdm", redemption.id)
        audit.note(actor=actor, act="redemption.money_returned", subject=shown)
        told = {"redemption": shown, **arrangement.money, "reference": reference}
        tell(organisation_id, "redemption.money_returned", told, happened_at=clock.now())
        return redemption

    return act(organisation_id, step)


def deliver(organisation_id: int, redemption_id: UUID, *, actor: str) -> Redemption:
    """Note that a parcel arrived. Raises `NotAtStage` for one that was not sent."""

    def note(_: Redemption, arrangement: Arrangement) -> None:
        arrangement.stage, arrangement.delivered_at = Stage.DELIVERED, clock.now()

    return _move(organisation_id, redemption_id, Stage.SENT, "delivered", note, actor=actor)


def come_back(organisation_id: int, redemption_id: UUID, *, actor: str) -> Redemption:
    """Note that a parcel came back: it is sent once more, or refunded. Raises `NotAtStage`."""

    def note(_: Redemption, arrangement: Arrangement) -> None:
        arrangement.stage = Stage.RETURNED

    return _move(organisation_id, redemption_id, Stage.SENT, "returned", note, actor=actor)


def send_again(
    organisation_id: int, redemption_id: UUID, *, actor: str, carrier: str = "", tracking: str = ""
) -> Redemption:
    """Note that a parcel that came back was sent once more. Raises `NotAtStage`."""

    def note(_: Redemption, arrangement: Arrangement) -> None:
        arrangement.stage = Stage.SENT
        arrangement.carrier, arrangement.tracking = carrier, tracking

    return _move(organisation_id, redemption_id, Stage.RETURNED, "sent_again", note, actor=actor)


def _move(
    organisation_id: int,
    redemption_id: UUID,
    stage: Stage,
    word: str,
    do: Callable[[Redemption, Arrangement], None],
    *,
    actor: str,
) -> Redemption:
    """Do one step at the stage it belongs to, note it, and tell of it."""

    def step() -> Redemption:
        redemption = lock_redemption(organisation_id, redemption_id)
        arrangement = arrangement_of(redemption)
        if arrangement is None or arrangement.stage != stage:
            raise NotAtStage(stage=_stage_of(redemption, arrangement), needed=stage)
        do(redemption, arrangement)
        arrangement.save()
        reference = show("rdm", redemption.id)
        audit.note(actor=actor, act=f"redemption.{word}", subject=reference)
        told = {"redemption": reference, "stage": arrangement.stage}
        tell(organisation_id, "redemption.moved", told, happened_at=clock.now())
        return redemption

    return act(organisation_id, step)


def _stage_of(redemption: Redemption, arrangement: Arrangement | None) -> str:
    if arrangement is not None:
        return arrangement.stage
    return Stage.SEND if redemption.state == RedemptionState.ORDERED else redemption.state


def _go_on(redemption: Redemption, arrangement: Arrangement, stage: Stage | None, *, actor: str) -> None:
    """To the stage that is waited for next; where there is none, to whoever sends it, or to its end."""
    arrangement.stage = stage or going_out(redemption.reward.fulfilment)
    if stage is None and redemption.reward.hold_days is None:
        arrangement.lapses_at = None
    if arrangement.stage == Stage.ORDER:
        order_for(redemption.reward, arrangement, now=clock.now()).save()
    if arrangement.stage == Stage.DONE:
        arrangement.lapses_at = None
        spend(redemption.organisation_id, redemption, actor=actor)
