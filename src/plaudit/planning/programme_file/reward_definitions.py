"""A programme's rewards turned into the catalogue that is published."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from plaudit.foundation.currencies import minor_digits
from plaudit.planning.programme_file.definitions import smallest_parts
from plaudit.planning.programme_file.fields_stored import in_utc, stored_fields
from plaudit.planning.programme_file.programme import LadderStep, Programme, Reward
from plaudit.rewards.definitions import RewardDefinition, RewardKind, RewardPeriod, Step


def rewards_of(programme: Programme) -> list[RewardDefinition]:
    """What points buy, as the catalogue is published. The programme must have been checked."""
    return [_reward(programme, reward, ZoneInfo(programme.time_zone)) for reward in programme.rewards]


def _reward(programme: Programme, reward: Reward, zone: ZoneInfo) -> RewardDefinition:
    only = LadderStep(reward.price, reward.value, reward.percent)
    steps = tuple(_step(programme, reward, step) for step in reward.ladder or (only,))
    money = (reward.value, reward.money, reward.cost)
    return RewardDefinition(
        key=reward.key,
        name=reward.name,
        unit=reward.unit,
        price=steps[0].price,
        kind=RewardKind(reward.kind),
        description=reward.description,
        stock=reward.stock,
        per_member=reward.per_member,
        every=RewardPeriod(reward.every.value),
        value_minor=steps[0].value_minor,
        percent=steps[0].percent,
        currency=programme.currency if any(one is not None for one in money) else "",
        money_minor=_minor(programme, reward.money) or 0,
        ladder=steps if reward.ladder else (),
        cancel_until_fulfilled=reward.cancel_until_fulfilled,
        audience=reward.audience or programme.audience,
        eligible=reward.eligible,
        member_fields=stored_fields(programme.known_of_members()) if reward.eligible else {},
        starts_at=in_utc(reward.window.starts, zone),
        ends_at=in_utc(reward.window.ends, zone),
        approval=not reward.ladder and steps[0].approval,
        hold_days=reward.hold_days,
        needs_address=reward.address,
        supplier=reward.supplier,
        product=reward.product,
        cost_minor=_minor(programme, reward.cost),
        charity=reward.charity,
        image=reward.image,
        terms=reward.terms,
        tax=reward.tax,
    )


def _step(programme: Programme, reward: Reward, step: LadderStep) -> Step:
    return Step(
        price=smallest_parts(step.price, programme.unit(reward.unit).precision),
        value_minor=_minor(programme, step.value),
        percent=step.percent,
        approval=_needs_approval(reward, step),
    )


def _needs_approval(reward: Reward, step: LadderStep) -> bool:
    if reward.approval_from is None:
        return False
    counted = step.value if reward.approval_in_money else step.price
    return counted is not None and counted >= reward.approval_from


def _minor(programme: Programme, amount: Decimal | None) -> int | None:
    return int(amount.scaleb(minor_digits(programme.currency))) if amount is not None else None
