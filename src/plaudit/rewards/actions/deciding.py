"""Decides redemptions in memory, one after another, while their wallets and their rewards' stock are locked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from plaudit.foundation.ids import new_id, show
from plaudit.foundation.refusals import NotFound
from plaudit.ledger.book import Book, LockedWallet, Posting
from plaudit.ledger.holding import add_capture, add_hold
from plaudit.ledger.posting import Holding, lock_known_wallets, open_lots
from plaudit.ledger.references import show_transfer
from plaudit.ledger.refusals import NotEnoughPoints
from plaudit.ledger.settling import settle
from plaudit.ledger.units import time_zone_of
from plaudit.rewards.arranging import Special, Terms, arrange, special_among, terms_for
from plaudit.rewards.definitions import Fulfilment
from plaudit.rewards.models import Arrangement, Redemption, RedemptionState, Stage
from plaudit.rewards.refusals import (
    HadItAlready,
    KeyMeansAnother,
    NotForThisMember,
    PriceChanged,
    RewardNotOffered,
    SoldOut,
)
from plaudit.rewards.rules import is_offered, period_start
from plaudit.rewards.writing import (
    OnOffer,
    Pool,
    codes_left,
    earlier_redemptions,
    had_already,
    lock_stock,
    meant,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """One redemption asked for. `price` is what the member was shown, in the unit's smallest part.

    Of a ladder it chooses the step. `address` says where a reward is sent that is sent.
    """

    member_id: UUID
    reward_id: int
    key: str
    actor: str
    price: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A redemption about to be written, with its transfers; `capture` where it is fulfilled at once."""

    redemption: Redemption
    reward: OnOffer
    hold: Posting
    capture: Posting | None = None
    code_id: int | None = None
    arrangement: Arrangement | None = None


@dataclass(slots=True)
class Desk:
    """What a batch of redemptions is decided by. Wallets and stock are locked until the transaction ends.

    `kinds` are the members' kinds; `left` is each reward's stock, None for no end; `codes` are the ids of
    codes to give, the next one last; `special` what is asked of rewards that are not plain; `had` counts redemptions by member and reward in the reward's period,
    for rewards with a limit; `by_key` is what keys redeemed before.
    """

    organisation_id: int
    now: datetime
    rewards: dict[int, OnOffer]
    kinds: dict[UUID, str]
    wallets: dict[Holding, LockedWallet]
    by_key: dict[str, Redemption]
    had: Counter[tuple[UUID, int]]
    left: dict[int, int | None]
    codes: dict[Pool, list[int]]
    special: Special
    book: Book
    made: list[Made] = field(default_factory=list)

    def redeem(self, wish: Wish) -> Redemption:
        """Decide one redemption and write it down in the book; the earlier one where its key redeemed before."""
        reward = self.rewards.get(wish.reward_id)
        if reward is None:
            raise NotFound(kind="reward", ref=wish.reward_id)
        earlier = self.by_key.get(wish.key)
        if earlier is not None:
            if (earlier.member_id, earlier.reward_id) != (wish.member_id, reward.id):
                raise KeyMeansAnother(key=wish.key, at=earlier.ordered_at)
            return earlier
        self._refuse_unfit(reward, wish)
        terms = self._terms(reward, wish)
        wallet = self.wallets.get((wish.member_id, reward.unit_id))
        if wallet is None:
            raise NotEnoughPoints(needed=terms.price, available=0)
        if wallet.available < terms.price:
            raise NotEnoughPoints(needed=terms.price, available=wallet.available)
        had = self.had[wish.member_id, reward.id]
        if reward.per_member is not None and had >= reward.per_member:
            raise HadItAlready(reward=reward.name, at_most=reward.per_member, every=reward.every)
        left = self.left[reward.id]
        if left == 0 or (
            reward.fulfilment == Fulfilment.POOL and not self.codes.get((reward.id, terms.worth))
        ):
            raise SoldOut(reward=reward.name)
        self.had[wish.member_id, reward.id] += 1
        self.left[reward.id] = None if left is None else left - 1
        made = self._write_down(reward, terms, wallet, wish)
        self.made.append(made)
        self.by_key[wish.key] = made.redemption
        return made.redemption

    def _refuse_unfit(self, reward: OnOffer, wish: Wish) -> None:
        kind = self.kinds.get(wish.member_id)
        if kind is None:
            raise NotFound(kind="member", ref=show("mem", wish.member_id))
        if not is_offered(
            offered=reward.offered, starts_at=reward.starts_at, ends_at=reward.ends_at, now=self.now
        ):
            raise RewardNotOffered(reward=reward.name)
        if reward.audience and kind not in reward.audience:
            raise NotForThisMember(reward=reward.name, audience=" and ".join(reward.audience))
        if not reward.plain:
            self.special.refuse_unfit(reward.id, wish.member_id, wish.address)

    def _terms(self, reward: OnOffer, wish: Wish) -> Terms:
        """What it comes to; of a ladder, the step that was chosen."""
        if not reward.plain and self.special.rewards[reward.id].ladder:
            return terms_for(self.special.rewards[reward.id], wish.price)
        if wish.price is not None and wish.price != reward.price:
            raise PriceChanged(reward=reward.name, price=reward.price, expected=wish.price)
        if reward.plain:
            return Terms(reward.price, None, None, approval=False)
        return terms_for(self.special.rewards[reward.id], None)

    def _write_down(self, reward: OnOffer, terms: Terms, wallet: LockedWallet, wish: Wish) -> Made:
        """The hold, the redemption, the next code where it has codes, and the capture where nothing is waited for."""
        hold = add_hold(
            self.book,
            wallet,
            terms.price,
            occurred_at=self.now,
            key=f"hold:redemption:{wish.key}",
            actor=wish.actor,
            reason=reward.name,
        )
        redemption = Redemption(
            id=new_id(),
            organisation_id=self.organisation_id,
            member_id=wish.member_id,
            reward_id=reward.id,
            points=terms.price,
            hold=show_transfer(wallet.id, hold.line),
            key=wish.key,
            actor=wish.actor,
            ordered_at=self.now,
        )
        arrangement = self._arrange(reward, terms, redemption, wish)
        has_codes = reward.fulfilment == Fulfilment.POOL
        code_id = self.codes[reward.id, terms.worth].pop() if has_codes else None
        waits = not has_codes if arrangement is None else arrangement.stage != Stage.DONE
        if waits:
            return Made(redemption, reward, hold, None, code_id, arrangement)
        capture = add_capture(
            self.book,
            wallet,
            hold.line,
            terms.price,
            occurred_at=self.now,
            actor=wish.actor,
            reason=reward.name,
        )
        redemption.captured = show_transfer(wallet.id, capture.line)
        redemption.state = RedemptionState.FULFILLED
        redemption.fulfilled_at = self.now
        return Made(redemption, reward, hold, capture, code_id, arrangement)

    def _arrange(
        self, reward: OnOffer, terms: Terms, redemption: Redemption, wish: Wish
    ) -> Arrangement | None:
        if reward.plain:
            return None
        return arrange(self.special.rewards[reward.id], terms, redemption, address=wish.address, now=self.now)


def open_desk(organisation_id: int, wishes: Sequence[Wish], now: datetime) -> Desk:
    """Read and lock what these redemptions are decided by: wallets first, then stock, then codes, each in id order.

    Keys are looked for and what members had is counted only after the wallets are locked, so that of two
    at once neither can miss the other. The stock, for which everybody waits, is locked last.
    """
    found = meant(organisation_id, [(one.member_id, one.reward_id) for one in wishes])
    kinds = {one.member_id: kind for one, (kind, _) in zip(wishes, found, strict=True) if kind is not None}
    pairs = [(one.member_id, reward) for one, (_, reward) in zip(wishes, found, strict=True) if reward]
    rewards = {reward.id: reward for _, reward in pairs}
    wallets = lock_known_wallets(organisation_id, [(member, reward.unit_id) for member, reward in pairs])
    by_key = earlier_redemptions(organisation_id, [one.key for one in wishes])
    book = Book(lots=open_lots(organisation_id, [wallet.id for wallet in wallets.values()]))
    settle(organisation_id, book, wallets.values(), now=now)
    had = _had(organisation_id, pairs, now)
    left = lock_stock(organisation_id, rewards)
    special = special_among(organisation_id, [(one, reward.id) for one, reward in pairs if not reward.plain])
    wishes_there = [(wish, reward) for wish, (_, reward) in zip(wishes, found, strict=True) if reward]
    wanted = Counter(
        (reward.id, 0 if reward.plain else special.worth(reward.id, wish.price))
        for wish, reward in wishes_there
        if reward.fulfilment == Fulfilment.POOL
    )
    codes = codes_left(organisation_id, wanted)
    return Desk(organisation_id, now, rewards, kinds, wallets, by_key, had, left, codes, special, book)


def _had(
    organisation_id: int, pairs: Sequence[tuple[UUID, OnOffer]], now: datetime
) -> Counter[tuple[UUID, int]]:
    limited = [(member, reward) for member, reward in pairs if reward.per_member is not None]
    if not limited:
        return Counter()
    local = now.astimezone(time_zone_of(organisation_id))
    since = {(member, reward.id): period_start(reward.every, local) for member, reward in limited}
    return had_already(organisation_id, since)
