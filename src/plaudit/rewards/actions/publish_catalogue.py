"""Puts a programme's rewards on offer, as its file says."""

from __future__ import annotations

from collections.abc import Sequence

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import units_by_key
from plaudit.rewards.definitions import RewardDefinition
from plaudit.rewards.models import Reward
from plaudit.rewards.refusals import StockBelowTaken


def publish_catalogue(organisation_id: int, programme: str, rewards: Sequence[RewardDefinition]) -> None:
    """Offer exactly these rewards of a programme; one no longer named stays known and is offered no more.

    What was taken of a reward stays taken. Raises `StockBelowTaken`.
    """
    with in_organisation(organisation_id):
        units = units_by_key(organisation_id)
        mine = Reward.objects.filter(organisation_id=organisation_id, programme=programme)
        known = {reward.key: reward for reward in mine.select_for_update().order_by("id")}
        mine.exclude(key__in=[definition.key for definition in rewards]).update(offered=False)
        for definition in rewards:
            reward = known.get(definition.key) or Reward(
                organisation_id=organisation_id, programme=programme, key=definition.key
            )
            if definition.stock is not None and definition.stock < reward.taken:
                raise StockBelowTaken(reward=definition.name, taken=reward.taken, stock=definition.stock)
            _set(reward, definition, units[definition.unit].id)
            reward.save()


def _set(reward: Reward, definition: RewardDefinition, unit_id: int) -> None:
    reward.name = definition.name
    reward.description = definition.description
    reward.kind = definition.kind.value
    reward.unit_id = unit_id
    reward.price = definition.price
    reward.stock = definition.stock
    reward.per_member = definition.per_member
    reward.every = definition.every.value
    reward.value_minor = definition.value_minor
    reward.currency = definition.currency
    reward.cancel_until_fulfilled = definition.cancel_until_fulfilled
    reward.audience = list(definition.audience)
    reward.starts_at = definition.starts_at
    reward.ends_at = definition.ends_at
    reward.offered = True
    reward.fulfilment = definition.fulfilment.value
    reward.plain = definition.is_plain
    reward.ladder = [[one.price, one.value_minor, one.percent, one.approval] for one in definition.ladder]
    reward.percent = definition.percent
    reward.money_minor = definition.money_minor
    reward.eligible = definition.eligible
    reward.member_fields = {name: dict(stored) for name, stored in definition.member_fields.items()}
    reward.approval = definition.approval
    reward.hold_days = definition.hold_days
    reward.needs_address = definition.needs_address
    reward.supplier, reward.product = definition.supplier, definition.product
    reward.cost_minor = definition.cost_minor
    reward.charity = definition.charity
    reward.image, reward.terms, reward.tax = definition.image, definition.terms, definition.tax
