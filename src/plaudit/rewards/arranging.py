"""What a reward asks and gives besides points, decided for one redemption. Plain rewards do not come here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from plaudit.people.resolving import attributes_of
from plaudit.rewards.definitions import Fulfilment, RewardKind
from plaudit.rewards.eligibility import meets
from plaudit.rewards.models import Arrangement, Order, Redemption, Reward, Stage
from plaudit.rewards.refusals import AddressNeeded, NotAStep, NotEligible
from plaudit.rewards.sealing import seal

WAITS = timedelta(days=14)
"""How long a second person or a payment is waited for, where the reward does not say."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What one redemption of a reward comes to. `price` is in the unit's smallest part; `worth` tells its codes."""

    price: int
    value_minor: int | None
    percent: int | None
    approval: bool
    worth: int = 0


def terms_for(reward: Reward, price: int | None) -> Terms:
    """The step of a ladder with this price; of another reward, what it costs everybody. Raises `NotAStep`."""
    if not reward.ladder:
        return Terms(reward.price, reward.value_minor, reward.percent, reward.approval)
    for step, value_minor, percent, approval in reward.ladder:
        if step == price:
            return Terms(step, value_minor, percent, approval, worth=value_minor or percent or 0)
    raise NotAStep(reward=reward.name, steps=[step for step, *_ in reward.ladder])


@dataclass(frozen=True, slots=True)
class Special:
    """The rewards of a batch that are not plain, and what is known of the members who want one with a condition."""

    rewards: Mapping[int, Reward]
    attributes: Mapping[UUID, Mapping[str, Any]]

    def refuse_unfit(self, reward_id: int, member_id: UUID, address: str) -> None:
        """Raise `NotEligible` or `AddressNeeded`."""
        reward = self.rewards[reward_id]
        if reward.eligible and not meets(
            reward.eligible, reward.member_fields, self.attributes.get(member_id, {})
        ):
            raise NotEligible(reward=reward.name)
        if reward.needs_address and not address:
            raise AddressNeeded(reward=reward.name)

    def worth(self, reward_id: int, price: int | None) -> int:
        """Which of a reward's codes a wish at this price is for; 0 also where it is at no step of its ladder."""
        reward = self.rewards[reward_id]
        steps = [terms_for(reward, one) for one, *_ in reward.ladder]
        return next((step.worth for step in steps if step.price == price), 0)


def special_among(organisation_id: int, wanted: Collection[tuple[UUID, int]]) -> Special:
    """What these (member, reward that is not plain) need to be decided."""
    if not wanted:
        return Special({}, {})
    rewards = {
        reward.id: reward
        for reward in Reward.objects.filter(organisation_id=organisation_id, id__in={id for _, id in wanted})
    }
    asked = {member_id for member_id, reward_id in wanted if rewards[reward_id].eligible}
    return Special(rewards, attributes_of(organisation_id, asked) if asked else {})


def arrange(
    reward: Reward, terms: Terms, redemption: Redemption, *, address: str, now: datetime
) -> Arrangement:
    """The arrangement of a new redemption, at the stage it begins with."""
    stage = first_stage(reward.fulfilment, approval=terms.approval, money_minor=reward.money_minor)
    waits = timedelta(days=reward.hold_days) if reward.hold_days else WAITS
    lapses = stage in (Stage.APPROVAL, Stage.PAYMENT) or (reward.hold_days and stage != Stage.DONE)
    return Arrangement(
        redemption=redemption,
        organisation_id=redemption.organisation_id,
        stage=stage,
        value_minor=terms.value_minor,
        percent=terms.percent,
        currency=reward.currency,
        money_minor=reward.money_minor,
        lapses_at=now + waits if lapses else None,
        address=seal(redemption.organisation_id, address) if address and reward.needs_address else None,
        charity=reward.charity,
    )


def first_stage(fulfilment: str, *, approval: bool, money_minor: int) -> Stage:
    """Where a redemption begins: with the second person, then the money, then whoever sends it."""
    if approval:
        return Stage.APPROVAL
    return Stage.PAYMENT if money_minor else going_out(fulfilment)


def going_out(fulfilment: str) -> Stage:
    """The stage of a redemption to which nothing stands in the way any more."""
    return {
        Fulfilment.POOL: Stage.DONE,
        Fulfilment.AT_ONCE: Stage.DONE,
        Fulfilment.SUPPLIER: Stage.ORDER,
        Fulfilment.HAND: Stage.SEND,
    }[Fulfilment(fulfilment)]


_HAS_A_CODE = (RewardKind.CODE, RewardKind.GIFT_CARD, RewardKind.DISCOUNT)


def order_for(reward: Reward, arrangement: Arrangement, *, now: datetime) -> Order:
    """What is ordered of the reward's supplier: due at once, sent by a worker after this transaction."""
    return Order(
        organisation_id=arrangement.organisation_id,
        redemption_id=arrangement.redemption_id,
        supplier=reward.supplier,
        product=reward.product,
        face_minor=arrangement.value_minor,
        cost_minor=reward.cost_minor,
        currency=arrangement.currency,
        needs_code=reward.kind in _HAS_A_CODE,
        due_at=now,
    )
