"""Redeems: points are set aside, the reward is taken from stock, and a code is given where it has one.

Redemptions that arrive together are done together, in one transaction with one statement a table; each is
refused by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from django.db import connection

from plaudit.foundation.coalescing import Together
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.foundation.prepared import sent_together
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import act
from plaudit.ledger.holding import record_holds, record_spent_holds
from plaudit.ledger.posting import open_books, post
from plaudit.ledger.receipts import tell_of
from plaudit.ledger.units import UnitPolicy, units_by_id
from plaudit.rewards.actions.deciding import Desk, Wish, open_desk
from plaudit.rewards.arranging import order_for
from plaudit.rewards.models import Redemption, Stage
from plaudit.rewards.writing import add_arrangements, add_redemptions, give_codes, take_from_stock


def redeem(
    organisation_id: int,
    *,
    member_id: UUID,
    reward_id: int,
    key: str,
    actor: str,
    price: int | None = None,
    address: str = "",
) -> Redemption:
    """Exchange a member's points for a reward; the same key redeems once.

    `price` is what the member was shown, in the unit's smallest part: another price now is refused. Of a
    ladder it chooses the step. A reward with codes is fulfilled at once unless a second person or money is
    waited for, others when somebody sends them to `address`. Raises `NotFound`, `RewardNotOffered`,
    `NotAStep`, `NotEligible`, `AddressNeeded`, `NotForThisMember`, `PriceChanged`, `NotEnoughPoints`, `HadItAlready`, `SoldOut`,
    `KeyMeansAnother`; after any of them nothing of it has happened. Outside a transaction it shares its
    commit with whatever else is redeemed just now, and may raise `TooBusy`.
    """
    wish = Wish(member_id, reward_id, key, actor, price, address)
    if connection.in_atomic_block:
        (answer,) = redeem_all(organisation_id, [wish])
        if isinstance(answer, Refusal):
            raise answer
        return answer
    # Back to the pool: whoever waits for a batch must not keep the others of it from arriving.
    connection.close()
    answer = _together.hand_in(organisation_id, wish)
    assert isinstance(answer, Redemption), "a refusal is raised where it is handed out"
    return answer


def redeem_all(organisation_id: int, wishes: Sequence[Wish]) -> list[Redemption | Refusal]:
    """Redeem all of these in one transaction, as though one after another; what became of each."""
    return act(organisation_id, partial(_redeem_all, organisation_id, wishes))


_together: Together[Wish, Redemption | Refusal] = Together(redeem_all)


def _redeem_all(organisation_id: int, wishes: Sequence[Wish]) -> list[Redemption | Refusal]:
    now = open_books(organisation_id)
    desk = open_desk(organisation_id, wishes, now)
    answers = [_answer(desk, wish) for wish in wishes]
    if desk.made:
        units = units_by_id(organisation_id)
        with sent_together():
            _write(organisation_id, desk, units)
        _write_arrangements(desk)
    return answers


def _answer(desk: Desk, wish: Wish) -> Redemption | Refusal:
    """One of many: a refusal is its sender's alone, so here it is an answer."""
    try:
        return desk.redeem(wish)
    except Refusal as refusal:
        return refusal


def _write(organisation_id: int, desk: Desk, units: Mapping[int, UnitPolicy]) -> None:
    post(organisation_id, desk.book, recorded_at=desk.now)
    record_holds(organisation_id, [(made.hold, None) for made in desk.made if made.capture is None])
    record_spent_holds(organisation_id, [made.hold for made in desk.made if made.capture is not None])
    redemptions = [made.redemption for made in desk.made]
    take_from_stock(organisation_id, redemptions)
    add_redemptions(organisation_id, redemptions)
    give_codes(organisation_id, [(made.code_id, made.redemption.id) for made in desk.made if made.code_id])
    tell_of(
        organisation_id, "points.held", [made.hold for made in desk.made], units=units, happened_at=desk.now
    )
    spent = [made.capture for made in desk.made if made.capture is not None]
    tell_of(organisation_id, "points.captured", spent, units=units, happened_at=desk.now)
    told = [
        {
            "redemption": show("rdm", made.redemption.id),
            "reward": made.reward.key,
            "points": made.redemption.points,
            "member": show("mem", made.redemption.member_id),
        }
        for made in desk.made
    ]
    tell_each(organisation_id, "redemption.ordered", told, happened_at=desk.now)


def _write_arrangements(desk: Desk) -> None:
    """What is arranged for rewards that are not plain, and ordered of suppliers."""
    arranged = [(made.reward.id, made.arrangement) for made in desk.made if made.arrangement is not None]
    orders = [
        order_for(desk.special.rewards[reward_id], arrangement, now=desk.now)
        for reward_id, arrangement in arranged
        if arrangement.stage == Stage.ORDER
    ]
    add_arrangements([arrangement for _, arrangement in arranged], orders)
