"""What changes about one reward, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.planning.programme_file.document_rewards import approval_words, step_words
from plaudit.planning.programme_file.phrases import count_text, per_member_text
from plaudit.planning.programme_file.programme import Programme, Reward
from plaudit.planning.programme_file.wording import amount, grouped, listed, money, people, window_words


def reward_changes(
    older: Programme, newer: Programme, was: Reward | None, now: Reward | None
) -> Iterator[str]:
    """Every change of one reward."""
    if was is None and now is not None:
        yield f"New reward {now.key} ({now.name}): {reward_words(newer, now)}."
        yield from (f"Reward {now.key} {fact}." for fact in _terms(newer, now).values() if fact)
    elif was is not None and now is None:
        yield f"Reward {was.key} ({was.name}) leaves the catalogue; redemptions already made go on."
    elif was is not None and now is not None:
        yield from _changes(older, newer, was, now)


def reward_words(programme: Programme, reward: Reward) -> str:
    """What a reward costs and how many there are."""
    facts = [price_words(programme, reward)]
    if reward.money is not None:
        facts[0] += f" and {money(reward.money, programme.currency)}"
    if reward.value is not None and not reward.ladder:
        facts.append(f"worth {money(reward.value, programme.currency)}")
    if reward.percent is not None:
        facts.append(f"{reward.percent} % off")
    if reward.stock is not None:
        facts.append(f"{reward.stock:,} {'places' if reward.kind == 'event' else 'in stock'}")
    if reward.per_member is not None:
        facts.append(f"{per_member_text(reward.per_member, reward.every)} per member")
    return ", ".join(facts)


def price_words(programme: Programme, reward: Reward) -> str:
    """`200 points`, or every step of a ladder."""
    unit = programme.unit(reward.unit)
    if reward.ladder:
        return listed((grouped(step_words(step, unit, programme.currency)) for step in reward.ladder), "or")
    return amount(reward.price, unit)


def _changes(older: Programme, newer: Programme, was: Reward, now: Reward) -> Iterator[str]:
    start = f"Reward {now.key}"
    old, new = price_words(older, was), price_words(newer, now)
    if old != new:
        yield f"{start} costs {new}, not {old}."
    if was.window != now.window:
        yield f"{start} is offered {window_words(now.window)}, not {window_words(was.window)}."
    if was.audience != now.audience:
        audiences = [people(one.audience or owner.audience) for one, owner in ((now, newer), (was, older))]
        yield f"{start} is for {audiences[0]}, not for {audiences[1]}."
    if _counted(was) != _counted(now):
        yield f"{start} is now {reward_words(newer, now)}."
    if was.cancel_until_fulfilled != now.cancel_until_fulfilled:
        how = (
            "can be cancelled until it is fulfilled"
            if now.cancel_until_fulfilled
            else "can no longer be cancelled"
        )
        yield f"{start} {how}."
    if was.kind != now.kind:
        yield f"{start} is now of the kind {now.kind}, not {was.kind}."
    before, after = _terms(older, was), _terms(newer, now)
    for name, fact in after.items():
        if fact != before[name]:
            yield f"{start} {fact}." if fact else f"{start} no longer {before[name]}."
    if (was.name, was.description) != (now.name, now.description):
        yield f"{start} is now described as {now.name}{f': {now.description}' if now.description else ''}."


def _counted(reward: Reward) -> tuple[object, ...]:
    return (
        reward.stock,
        reward.per_member,
        reward.every,
        None if reward.ladder else reward.value,
        reward.percent,
        reward.money,
    )


def _terms(programme: Programme, reward: Reward) -> dict[str, str]:
    """What else holds for a reward, each as the rest of a sentence; nothing where it does not."""
    supplied = f"is ordered from {reward.supplier}" + (f" as {reward.product}" if reward.product else "")
    return {
        "eligible": f"is for members where {reward.eligible}" if reward.eligible else "",
        "approval": f"needs a second person from {grouped(approval_words(programme, reward))}"
        if reward.approval_from is not None
        else "",
        "hold": f"is given back after {count_text(reward.hold_days, 'day')}" if reward.hold_days else "",
        "address": "asks for an address" if reward.address else "",
        "supplier": supplied if reward.supplier else "",
        "cost": f"costs the programme {money(reward.cost, programme.currency)}"
        if reward.cost is not None
        else "",
        "charity": f"goes to {reward.charity}" if reward.charity else "",
        "image": f"is shown with the picture {reward.image}" if reward.image else "",
        "terms": f"is given under terms: {reward.terms.rstrip('.')}" if reward.terms else "",
        "tax": f"tells of tax: {reward.tax.rstrip('.')}" if reward.tax else "",
    }
