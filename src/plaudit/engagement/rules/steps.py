"""Which steps are reached and which no longer are. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple


class Stand(NamedTuple):
    """A step somebody may have reached: in which period, at how much."""

    period: str
    step: int


class Turn(NamedTuple):
    """What becomes of a step: reached now, for the `times`th time, or withdrawn."""

    stand: Stand
    reached: bool
    times: int


def turns(
    wanted: Iterable[Stand], kept: Mapping[Stand, tuple[bool, int]], *, still_asked: Callable[[Stand], bool]
) -> list[Turn]:
    """What must change so that exactly the `wanted` steps stand, in order.

    `kept` says of each step ever reached whether it stands and how many times it was reached. One that is
    not asked any more stays as it is: what somebody has reached is not taken because the file changed.
    """
    due = set(wanted)
    changes = []
    for stand in sorted(due | kept.keys()):
        stands, times = kept.get(stand, (False, 0))
        if stand in due and not stands:
            changes.append(Turn(stand, reached=True, times=times + 1))
        elif stand not in due and stands and still_asked(stand):
            changes.append(Turn(stand, reached=False, times=times))
    return changes
