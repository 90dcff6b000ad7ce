"""Of which teams it may be shown how far they are: of few people a figure would be somebody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FEWEST = 5
"""Of fewer people no figures are shown."""

OTHERS = ""


@dataclass(frozen=True, slots=True)
class TeamPassed:
    """Of a team, OTHERS for those in none: how many there are, have passed, and shall refresh."""

    team: str
    members: int
    passed: int
    to_refresh: int

    @property
    def percent(self) -> int:
        """How many in a hundred have passed it as it is now, rounded down."""
        return self.passed * 100 // self.members if self.members else 0


def shown(teams: Iterable[TeamPassed]) -> tuple[list[TeamPassed], bool]:
    """What may be shown, and whether somebody is left out of it.

    Small teams are counted together with those in none, as the last row, where they are enough together. No total
    stands beside the rows, so that nothing is found by taking one from another.
    """
    teams = list(teams)
    large = [one for one in teams if one.members >= FEWEST and one.team != OTHERS]
    small = [one for one in teams if one not in large]
    others = TeamPassed(
        OTHERS,
        sum(one.members for one in small),
        sum(one.passed for one in small),
        sum(one.to_refresh for one in small),
    )
    if others.members >= FEWEST:
        return [*large, others], False
    return large, others.members > 0
