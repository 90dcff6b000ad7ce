"""What changes about one reward, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.worded import joined, listed, worded, worded_count
from plaudit.planning.programme_file.document_rewards import approval_quantity, step_phrase
from plaudit.planning.programme_file.phrase_words import per_member_words, quantity_words, step_words
from plaudit.planning.programme_file.programme import Programme, Reward
from plaudit.planning.programme_file.wording import amount, money, people, window_words


def reward_changes(
    older: Programme, newer: Programme, was: Reward | None, now: Reward | None
) -> Iterator[str]:
    """Every change of one reward."""
    if was is None and now is not None:
        yield worded(
            "New reward {key} ({name}): {reward}.",
            key=now.key,
            name=now.name,
            reward=reward_words(newer, now),
        )
        yield from (
            worded("{start} {fact}.", start=worded("Reward {key}", key=now.key), fact=fact)
            for fact in _terms(newer, now).values()
            if fact
        )
    elif was is not None and now is None:
        yield worded(
            "Reward {key} ({name}) leaves the catalogue; redemptions already made go on.",
            key=was.key,
            name=was.name,
        )
    elif was is not None and now is not None:
        yield from _changes(older, newer, was, now)


def reward_words(programme: Programme, reward: Reward) -> str:
    """What a reward costs and how many there are."""
    facts = [price_words(programme, reward)]
    if reward.money is not None:
        facts[0] += worded(" and {money}", money=money(reward.money, programme.currency))
    if reward.value is not None and not reward.ladder:
        facts.append(worded("worth {money}", money=money(reward.value, programme.currency)))
    if reward.percent is not None:
        facts.append(worded("{percent} % off", percent=reward.percent))
    if reward.stock is not None:
        facts.append(
            worded("{number:,} places", number=reward.stock)
            if reward.kind == "event"
            else worded("{number:,} in stock", number=reward.stock)
        )
    if reward.per_member is not None:
        facts.append(
            worded("{per_member} per member", per_member=per_member_words(reward.per_member, reward.every))
        )
    return joined(facts)


def price_words(programme: Programme, reward: Reward) -> str:
    """`200 points`, or every step of a ladder."""
    unit = programme.unit(reward.unit)
    if reward.ladder:
        return listed(
            (step_words(step_phrase(step, unit, programme.currency)) for step in reward.ladder), "or"
        )
    return amount(reward.price, unit)


def _changes(older: Programme, newer: Programme, was: Reward, now: Reward) -> Iterator[str]:
    start = worded("Reward {key}", key=now.key)
    old, new = price_words(older, was), price_words(newer, now)
    if old != new:
        yield worded("{start} costs {new}, not {old}.", start=start, new=new, old=old)
    if was.window != now.window:
        yield worded(
            "{start} is offered {window}, not {window_was}.",
            start=start,
            window=window_words(now.window),
            window_was=window_words(was.window),
        )
    if was.audience != now.audience:
        audiences = [people(one.audience or owner.audience) for one, owner in ((now, newer), (was, older))]
        yield worded(
            "{start} is for {people}, not for {people_was}.",
            start=start,
            people=audiences[0],
            people_was=audiences[1],
        )
    if _counted(was) != _counted(now):
        yield worded("{start} is now {reward}.", start=start, reward=reward_words(newer, now))
    if was.cancel_until_fulfilled != now.cancel_until_fulfilled:
        how = (
            worded("can be cancelled until it is fulfilled")
            if now.cancel_until_fulfilled
            else worded("can no longer be cancelled")
        )
        yield worded("{start} {fact}.", start=start, fact=how)
    if was.kind != now.kind:
        yield worded(
            "{start} is now of the kind {kind}, not {was_kind}.",
            start=start,
            kind=now.kind,
            was_kind=was.kind,
        )
    yield from _terms_changed(start, _terms(older, was), _terms(newer, now))
    if (was.name, was.description) != (now.name, now.description):
        yield worded(
            "{start} is now described as {name}{description}.",
            start=start,
            name=now.name,
            description=f": {now.description}" if now.description else "",
        )


def _terms_changed(start: str, before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for name, fact in after.items():
        if fact != before[name]:
            yield (
                worded("{start} {fact}.", start=start, fact=fact)
                if fact
                else worded("{start} no longer {before}.", start=start, before=before[name])
            )


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
    supplied = worded("is ordered from {supplier}", supplier=reward.supplier) + (
        worded(" as {product}", product=reward.product) if reward.product else ""
    )
    approval = approval_quantity(programme, reward)
    return {
        "eligible": worded("is for members where {eligible}", eligible=reward.eligible)
        if reward.eligible
        else "",
        "approval": worded("needs a second person from {amount}", amount=quantity_words(approval))
        if approval is not None
        else "",
        "hold": worded_count(reward.hold_days, "is given back after {n} day", "is given back after {n} days")
        if reward.hold_days
        else "",
        "address": worded("asks for an address") if reward.address else "",
        "supplier": supplied if reward.supplier else "",
        "cost": worded("costs the programme {money}", money=money(reward.cost, programme.currency))
        if reward.cost is not None
        else "",
        "charity": worded("goes to {charity}", charity=reward.charity) if reward.charity else "",
        "image": worded("is shown with the picture {image}", image=reward.image) if reward.image else "",
        "terms": worded("is given under terms: {terms}", terms=reward.terms.rstrip("."))
        if reward.terms
        else "",
        "tax": worded("tells of tax: {tax}", tax=reward.tax.rstrip(".")) if reward.tax else "",
    }
