"""Redeems: points are set aside, the reward is taken from stock, and a code is given where it has one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act
from plaudit.ledger.actions.capture import capture
from plaudit.ledger.actions.hold import hold
from plaudit.ledger.units import time_zone_of, units_by_id
from plaudit.people.models import Member
from plaudit.rewards.definitions import RewardKind
from plaudit.rewards.models import Redemption, RedemptionState, Reward
from plaudit.rewards.refusals import (
    HadItAlready,
    KeyMeansAnother,
    NotForThisMember,
    PriceChanged,
    RewardNotOffered,
    SoldOut,
)
from plaudit.rewards.rules import is_offered, period_start


def redeem(
    organisation_id: int, *, member_id: UUID, reward_id: int, key: str, actor: str, price: int | None = None
) -> Redemption:
    """Exchange a member's points for a reward; the same key redeems once.

    `price` is what the member was shown, in the unit's smallest part: another price now is refused. A
    reward with codes is fulfilled at once, others when somebody sends them. Raises `NotFound`,
    `RewardNotOffered`, `NotForThisMember`, `PriceChanged`, `NotEnoughPoints`, `HadItAlready`, `SoldOut`;
    after any of them nothing has changed.
    """
    return act(organisation_id, lambda: _redeem(organisation_id, member_id, reward_id, key, actor, price))


def _redeem(
    organisation_id: int, member_id: UUID, reward_id: int, key: str, actor: str, price: int | None
) -> Redemption:
    now = clock.now()
    reward = Reward.objects.filter(organisation_id=organisation_id, id=reward_id).first()
    if reward is None:
        raise NotFound(kind="reward", ref=reward_id)
    earlier = _earlier(organisation_id, key, member_id, reward)
    if earlier is not None:
        return earlier
    _refuse_unfit(organisation_id, reward, member_id, price, now)
    unit = units_by_id(organisation_id)[reward.unit_id]
    held = hold(
        organisation_id,
        member_id=member_id,
        unit=unit.key,
        amount=reward.price,
        key=f"redemption:{key}",
        reason=reward.name,
        actor=actor,
    )
    # The wallet is locked now: a twin of this request has either finished, and is found, or waits.
    earlier = _earlier(organisation_id, key, member_id, reward)
    if earlier is not None:
        return earlier
    _refuse_past_own_limit(organisation_id, reward, member_id, now)
    _take_from_stock(organisation_id, reward)
    redemption = Redemption.objects.create(
        organisation_id=organisation_id,
        member_id=member_id,
        reward=reward,
        points=reward.price,
        hold=held.reference,
        key=key,
        actor=actor,
        ordered_at=now,
    )
    if reward.kind == RewardKind.CODE:
        _give_code(organisation_id, redemption)
        spend(organisation_id, redemption, actor=actor, now=now)
    told = {"redemption": show("rdm", redemption.id), "reward": reward.key, "points": reward.price}
    tell(organisation_id, "redemption.ordered", {**told, "member": show("mem", member_id)}, happened_at=now)
    return redemption


def spend(organisation_id: int, redemption: Redemption, *, actor: str, now: datetime) -> None:
    """Spend what a redemption holds: the reward is with the member."""
    captured = capture(organisation_id, redemption.hold, reason=redemption.reward.name, actor=actor)
    redemption.captured = captured.captured.reference
    redemption.state = RedemptionState.FULFILLED
    redemption.fulfilled_at = now
    redemption.save()


def _earlier(organisation_id: int, key: str, member_id: UUID, reward: Reward) -> Redemption | None:
    found = (
        Redemption.objects.filter(organisation_id=organisation_id, key=key).select_related("reward").first()
    )
    if found is not None and (found.member_id, found.reward_id) != (member_id, reward.id):
        raise KeyMeansAnother(key=key, at=found.ordered_at)
    return found


def _refuse_unfit(
    organisation_id: int, reward: Reward, member_id: UUID, price: int | None, now: datetime
) -> None:
    member = Member.objects.filter(organisation_id=organisation_id, id=member_id).first()
    if member is None:
        raise NotFound(kind="member", ref=show("mem", member_id))
    if not is_offered(offered=reward.offered, starts_at=reward.starts_at, ends_at=reward.ends_at, now=now):
        raise RewardNotOffered(reward=reward.name)
    if reward.audience and member.kind not in reward.audience:
        raise NotForThisMember(reward=reward.name, audience=" and ".join(reward.audience))
    if price is not None and price != reward.price:
        raise PriceChanged(reward=reward.name, price=reward.price, expected=price)


def _refuse_past_own_limit(organisation_id: int, reward: Reward, member_id: UUID, now: datetime) -> None:
    """Counted under the lock on the member's wallet, so that two at once cannot both be the last."""
    if reward.per_member is None:
        return
    zone: ZoneInfo = time_zone_of(organisation_id)
    mine = Redemption.objects.filter(organisation_id=organisation_id, member_id=member_id, reward=reward)
    since = period_start(reward.every, now.astimezone(zone))
    if since is not None:
        mine = mine.filter(ordered_at__gte=since)
    if mine.exclude(state=RedemptionState.CANCELLED).count() >= reward.per_member:
        raise HadItAlready(reward=reward.name, at_most=reward.per_member, every=reward.every)


def _take_from_stock(organisation_id: int, reward: Reward) -> None:
    """One conditional update: the last one goes to whoever's update runs first."""
    taken = (
        Reward.objects.filter(organisation_id=organisation_id, id=reward.id)
        .filter(Q(stock__isnull=True) | Q(taken__lt=F("stock")))
        .update(taken=F("taken") + 1)
    )
    if not taken:
        raise SoldOut(reward=reward.name)


_GIVE = """
    update rewards_code set redemption_id = %s
     where id = (select id from rewards_code where organisation_id = %s and reward_id = %s and redemption_id is null
                  order by id limit 1 for update skip locked)
"""


def _give_code(organisation_id: int, redemption: Redemption) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, [redemption.id, organisation_id, redemption.reward_id])
        if cursor.rowcount == 0:
            raise SoldOut(reward=redemption.reward.name)
