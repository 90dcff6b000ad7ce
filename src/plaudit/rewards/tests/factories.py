"""Makes catalogues and members with points for tests, by the real actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.balances import balances
from plaudit.ledger.models import Unit
from plaudit.people.models import Organisation
from plaudit.people.tests.factories import make_member, make_organisation
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.deciding import Wish
from plaudit.rewards.actions.publish_catalogue import publish_catalogue
from plaudit.rewards.actions.redeem import redeem, redeem_all
from plaudit.rewards.definitions import RewardDefinition
from plaudit.rewards.models import Redemption, Reward
from plaudit.rewards.queries import Redeemed
from plaudit.rewards.queries import redemption as shown_redemption

ACTOR = "usr_0"


@dataclass
class Shop:
    """An organisation with rewards on offer and members who have points."""

    organisation: Organisation

    @property
    def id(self) -> int:
        return self.organisation.id

    def member(self, name: str, points: int) -> UUID:
        """A customer with so many points."""
        member = make_member(self.id, name=name)
        if points:
            adjust(
                self.id,
                member_id=member.id,
                unit="points",
                amount=points,
                reason="To spend",
                key=f"start-{member.id}",
                actor=ACTOR,
            )
        return member.id

    def available(self, member_id: UUID) -> int:
        """What the member can spend."""
        with in_organisation(self.id):
            return sum(one.available for one in balances(self.id, member_id))

    def reward(self, key: str) -> Reward:
        """The reward with this key."""
        with in_organisation(self.id):
            return Reward.objects.get(organisation_id=self.id, key=key)

    def redeem(
        self,
        member_id: UUID,
        reward: str,
        *,
        key: str = "k1",
        price: int | None = None,
        address: str = "",
    ) -> Redemption:
        """One redemption by the member."""
        return redeem(
            self.id,
            member_id=member_id,
            reward_id=self.reward(reward).id,
            key=key,
            actor=ACTOR,
            price=price,
            address=address,
        )

    def shown(self, redemption: Redemption) -> Redeemed:
        """The redemption as it stands."""
        with in_organisation(self.id):
            return shown_redemption(self.id, redemption.id)

    def add_codes(self, reward: str, codes: Sequence[str], *, worth: int = 0) -> int:
        """Fill a pool."""
        return add_codes(self.id, reward_id=self.reward(reward).id, codes=codes, worth=worth, actor=ACTOR)

    def publish(self, *rewards: RewardDefinition) -> None:
        """Offer exactly these."""
        publish_catalogue(self.id, "main", rewards)


def make_reward(key: str = "coffee", *, price: int = 50, **parts: Any) -> RewardDefinition:
    """A reward that costs 50 points unless told otherwise; its money is dollars."""
    if any(name in parts for name in ("value_minor", "money_minor", "ladder", "cost_minor")):
        parts.setdefault("currency", "USD")
    return RewardDefinition(key=key, name=key.title(), unit="points", price=price, **parts)


def make_shop(*rewards: RewardDefinition, codes: Sequence[str] = ()) -> Shop:
    """A shop with these rewards; the codes go into the pool of the first."""
    shop = Shop(make_organisation())
    with in_organisation(shop.id):
        Unit.objects.create(
            organisation_id=shop.id,
            key="points",
            names={"one": "point", "other": "points"},
            approval_from=None,
        )
    offered = rewards or (make_reward(),)
    shop.publish(*offered)
    if codes:
        add_codes(shop.id, reward_id=shop.reward(offered[0].key).id, codes=codes, actor=ACTOR)
    return shop


def redeem_alone(shop: Shop, member_id: UUID, reward: str, *, key: str) -> Redemption:
    """One redemption in a transaction of its own, as though each caller asked another process."""
    (answer,) = redeem_all(shop.id, [Wish(member_id, shop.reward(reward).id, key, ACTOR)])
    if isinstance(answer, Refusal):
        raise answer
    return answer
