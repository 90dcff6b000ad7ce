"""The ways a replay says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Refusal


class NothingToReplay(Refusal):
    code = "nothing_to_replay"
    sentence = "There is no history that {programme} has a rule about."
    way_forward = "Import activity first, or widen the window."

    def __init__(self, *, programme: str) -> None:
        super().__init__(programme=programme)


class TeamLimitsNotReplayed(Refusal):
    code = "team_limits_not_replayed"
    sentence = "The rule {rule} has a limit per team, which a replay cannot decide: teams change over time."
    way_forward = "Replay without that limit, or count it per member."

    def __init__(self, *, rule: str) -> None:
        super().__init__(rule=rule)
