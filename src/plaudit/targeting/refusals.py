"""The ways targeting says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class StandingTaken(Conflict):
    code = "standing_taken"
    sentence = "`member.{name}` is kept by programme {programme} already."
    way_forward = "Give the ladder, segment or offer another key."

    def __init__(self, *, name: str, programme: str) -> None:
        super().__init__(name=name, programme=programme)


class OfferNotMade(Refusal):
    code = "offer_not_made"
    status = 403
    exit_code = 6
    sentence = "{offer} was not made to this member."

    def __init__(self, *, offer: str) -> None:
        super().__init__(offer=offer)


class OfferOver(Conflict):
    code = "offer_over"
    sentence = "{offer} does not run at the moment."

    def __init__(self, *, offer: str) -> None:
        super().__init__(offer=offer)
