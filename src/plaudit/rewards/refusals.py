"""The ways rewards say no."""

from __future__ import annotations

from collections.abc import Sequence
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


class NotAStep(Refusal):
    code = "not_a_step"
    sentence = "{reward} is redeemed in steps, and this is none of them."
    way_forward = "Choose a step: {steps}."

    def __init__(self, *, reward: str, steps: Sequence[int]) -> None:
        super().__init__(reward=reward, steps=", ".join(str(step) for step in steps))


class NotEligible(Refusal):
    code = "not_eligible"
    status = 403
    exit_code = 6
    sentence = "{reward} is not for this member: a condition of it is not met."
    way_forward = "Nothing was taken from the balance; choose another reward."

    def __init__(self, *, reward: str) -> None:
        super().__init__(reward=reward)


class AddressNeeded(Refusal):
    code = "address_needed"
    sentence = "{reward} is sent by post, and it is not said where to."
    way_forward = "Give the address it is sent to."

    def __init__(self, *, reward: str) -> None:
        super().__init__(reward=reward)


_WAITED_FOR = {
    "approval": "a second person to agree",
    "payment": "the member to pay",
    "order": "the supplier",
    "send": "the programme to send it",
}


class NotYet(Conflict):
    code = "not_yet"
    sentence = "This redemption waits for {waits_for}."

    def __init__(self, *, stage: str) -> None:
        super().__init__(waits_for=_WAITED_FOR.get(stage, "nobody"))


class NotAtStage(Conflict):
    code = "not_at_stage"
    sentence = "This redemption is at {stage}, not at {needed}."

    def __init__(self, *, stage: str, needed: str) -> None:
        super().__init__(stage=stage, needed=needed)


class NoMoneyToReturn(Conflict):
    code = "no_money_to_return"
    sentence = "No money of this redemption is to be returned."
    way_forward = "Money is returned once, for a redemption that was paid and then cancelled."


class FourEyes(Refusal):
    code = "four_eyes"
    status = 403
    exit_code = 6
    sentence = "Whoever ordered it cannot be the one who agrees to it."
    way_forward = "Ask a second person."


class NotFulfilled(Conflict):
    code = "not_fulfilled"
    sentence = "This redemption is {state}, so there is nothing to refund."
    way_forward = "Cancel it instead, where it is still on its way."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class PassedOn(Conflict):
    code = "passed_on"
    sentence = "This donation was passed on to {charity} already."

    def __init__(self, *, charity: str) -> None:
        super().__init__(charity=charity)


class NothingToRemit(Conflict):
    code = "nothing_to_remit"
    sentence = "Nothing was donated to {charity} that was not passed on already."

    def __init__(self, *, charity: str) -> None:
        super().__init__(charity=charity)


class StatementUnreadable(Refusal):
    code = "statement_unreadable"
    sentence = "Line {line} of the statement cannot be read: {why}."
    way_forward = "Correct the file, and give it again."

    def __init__(self, *, line: int, why: str) -> None:
        super().__init__(line=line, why=why)
