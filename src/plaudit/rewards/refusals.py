"""The ways rewards say no."""

from __future__ import annotations

from datetime import datetime

from plaudit.foundation.refusals import Conflict, Refusal


class RewardNotOffered(Conflict):
    code = "reward_not_offered"
    sentence = "{reward} is not offered at the moment."

    def __init__(self, *, reward: str) -> None:
        super().__init__(reward=reward)


class NotForThisMember(Refusal):
    code = "not_for_this_member"
    status = 403
    exit_code = 6
    sentence = "{reward} is for {audience} members."

    def __init__(self, *, reward: str, audience: str) -> None:
        super().__init__(reward=reward, audience=audience)


class SoldOut(Conflict):
    code = "sold_out"
    sentence = "{reward} is sold out."
    way_forward = "Nothing was taken from the balance; choose another reward."

    def __init__(self, *, reward: str) -> None:
        super().__init__(reward=reward)


class HadItAlready(Conflict):
    code = "had_it_already"
    sentence = "{reward} can be had {at_most} times {often}, and was."

    def __init__(self, *, reward: str, at_most: int, every: str) -> None:
        super().__init__(
            reward=reward, at_most=at_most, often="in all" if every == "lifetime" else f"a {every}"
        )


class PriceChanged(Conflict):
    code = "price_changed"
    sentence = "{reward} costs {price} now, not {expected}."
    way_forward = "Look at the price again, and decide."

    def __init__(self, *, reward: str, price: int, expected: int) -> None:
        super().__init__(reward=reward, price=price, expected=expected)


class CannotCancel(Conflict):
    code = "cannot_cancel"
    sentence = "This redemption is already {state}."
    way_forward = "Ask the service desk, who can reverse it with a reason."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class StockBelowTaken(Conflict):
    code = "stock_below_taken"
    sentence = "{taken} of {reward} are already taken, so its stock cannot be {stock}."

    def __init__(self, *, reward: str, taken: int, stock: int) -> None:
        super().__init__(reward=reward, taken=taken, stock=stock)


class KeyMeansAnother(Conflict):
    code = "idempotency_key_reused"
    sentence = "The key {key} already redeemed something else, on {at:%-d %B %Y}."
    way_forward = "Send a new key for a new redemption."

    def __init__(self, *, key: str, at: datetime) -> None:
        super().__init__(key=key, at=at)
