"""Makes catalogues and members with points for tests, by the real actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plaudit.earning.tests.factories import Story, make_story
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.resolving import find_members
from plaudit.rewards.actions.add_codes import add_codes
from plaudit.rewards.actions.publish_catalogue import publish_catalogue
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.definitions import RewardDefinition
from plaudit.rewards.models import Redemption, Reward


@dataclass
class Shop:
    """An organisation with rewards on offer and members who buy things."""

    story: Story

    @property
    def id(self) -> int:
        return self.story.organisation.id

    def member(self, name: str, points: int) -> UUID:
        """A member with so many points."""
        if points:
            self.story.buy(name, str(points))
        else:
            self.story.buy(name, "0.01")
        with in_organisation(self.id):
            return find_members(self.id, [("till", name)])[("till", name)]

    def reward(self, key: str) -> Reward:
        """The reward with this key."""
        with in_organisation(self.id):
            return Reward.objects.get(organisation_id=self.id, key=key)

    def redeem(
        self, member_id: UUID, reward: str, *, key: str = "k1", price: int | None = None
    ) -> Redemption:
        """One redemption by the member."""
        return redeem(
            self.id,
            member_id=member_id,
            reward_id=self.reward(reward).id,
            key=key,
            actor="usr_0",
            price=price,
        )

    def publish(self, *rewards: RewardDefinition) -> None:
        """Offer exactly these."""
        publish_catalogue(self.id, "main", rewards)


def make_reward(key: str = "coffee", *, price: int = 50, **parts: Any) -> RewardDefinition:
    """A reward that costs 50 points unless told otherwise."""
    return RewardDefinition(key=key, name=key.title(), unit="points", price=price, **parts)


def make_shop(*rewards: RewardDefinition, codes: Sequence[str] = ()) -> Shop:
    """A shop with these rewards; the codes go into the pool of the first."""
    shop = Shop(make_story())
    offered = rewards or (make_reward(),)
    shop.publish(*offered)
    if codes:
        add_codes(shop.id, reward_id=shop.reward(offered[0].key).id, codes=codes, actor="usr_0")
    return shop
