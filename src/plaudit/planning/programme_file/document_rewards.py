"""Rewards as a programme file spells them."""

from __future__ import annotations

from decimal import Decimal

from plaudit.planning.programme_file.entries import Document, one_or_list, window_entries, without_nothing
from plaudit.planning.programme_file.phrases import (
    Quantity,
    StepPhrase,
    count_text,
    per_member_text,
    quantity_text,
    step_text,
)
from plaudit.planning.programme_file.programme import LadderStep, Programme, Reward, Unit


def reward_document(programme: Programme, reward: Reward) -> Document:
    """The shortest form that says it all."""
    unit, currency = programme.unit(reward.unit), programme.currency
    counted = "places" if reward.kind == "event" else "stock"
    return without_nothing(
        {
            "name": reward.name,
            "price": "" if reward.ladder else quantity_text(_points(reward.price, unit)),
            "ladder": [step_words(step, unit, currency) for step in reward.ladder],
            "money": _money(reward.money, currency),
            "kind": reward.kind if reward.kind != "other" else "",
            "description": reward.description,
            "value": "" if reward.ladder else _money(reward.value, currency),
            "percent": reward.percent,
            counted: reward.stock,
            "per_member": per_member_text(reward.per_member, reward.every)
            if reward.per_member is not None
            else "",
            "cancel": "" if reward.cancel_until_fulfilled else "never",
            "approval_from": approval_words(programme, reward),
            "hold": count_text(reward.hold_days, "day") if reward.hold_days else "",
            "address": reward.address or None,
            "supplier": reward.supplier,
            "product": reward.product,
            "cost": _money(reward.cost, currency),
            "charity": reward.charity,
            "eligible": reward.eligible,
            "image": reward.image,
            "terms": reward.terms,
            "tax": reward.tax,
            "audience": one_or_list(reward.audience),
            **window_entries(reward.window),
        }
    )


def step_phrase(step: LadderStep, unit: Unit, currency: str) -> StepPhrase:
    """`3000 points for 25 USD`, as values."""
    value = Quantity(step.value, currency) if step.value is not None else None
    return StepPhrase(_points(step.price, unit), value, step.percent)


def step_words(step: LadderStep, unit: Unit, currency: str) -> str:
    """`3000 points for 25 USD`."""
    return step_text(step_phrase(step, unit, currency))


def approval_words(programme: Programme, reward: Reward) -> str:
    """From which amount on a second person must agree, or nothing."""
    counts = approval_quantity(programme, reward)
    return quantity_text(counts) if counts is not None else ""


def approval_quantity(programme: Programme, reward: Reward) -> Quantity | None:
    """The same as a value; None where nobody must agree."""
    if reward.approval_from is None:
        return None
    if reward.approval_in_money:
        return Quantity(reward.approval_from, programme.currency)
    return _points(reward.approval_from, programme.unit(reward.unit))


def _points(number: Decimal, unit: Unit) -> Quantity:
    return Quantity(number, unit.one if number == 1 else unit.other)


def _money(number: Decimal | None, currency: str) -> str:
    return quantity_text(Quantity(number, currency)) if number is not None else ""
