"""The ways targeting says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict


class StandingTaken(Conflict):
    code = "standing_taken"
    sentence = "`member.{name}` is kept by programme {programme} already."
    way_forward = "Give the ladder or segment another key."

    def __init__(self, *, name: str, programme: str) -> None:
        super().__init__(name=name, programme=programme)
