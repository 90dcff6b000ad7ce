"""The ways engagement says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class ReferralsClosed(Conflict):
    code = "referrals_closed"
    sentence = "Programme {programme} takes no referrals from this member at the moment."
    way_forward = "Ask the organisation whether friends can be referred again later."

    def __init__(self, *, programme: str) -> None:
        super().__init__(programme=programme)


class SelfReferral(Refusal):
    code = "self_referral"
    sentence = "Nobody can refer themselves."
    way_forward = "Give the code to somebody else."


class SharedDevice(Refusal):
    code = "shared_device"
    sentence = "Another member who takes part in referrals uses this device."
    way_forward = "Let the friend join on a device of their own."


class AlreadyReferred(Conflict):
    code = "already_referred"
    sentence = "This person was referred already."
    way_forward = "Each friend is referred once; nothing more is to be done."


class NotNew(Conflict):
    code = "not_new"
    sentence = "A code is for those who joined in the last {days} days."
    way_forward = "Refer somebody who is new."

    def __init__(self, *, days: int) -> None:
        super().__init__(days=days)
