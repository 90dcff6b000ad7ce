"""Lanes: separate queues with their own number of hands, so that slow work holds up no other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lane:
    """One queue. `at_once` jobs of it run at the same time in one worker process."""

    name: str
    at_once: int


_lanes: dict[str, Lane] = {}


def open_lane(name: str, *, at_once: int) -> Lane:
    """Declare a lane; once, where a package's tasks are declared."""
    assert name not in _lanes, f"the lane {name} is declared twice"
    lane = _lanes[name] = Lane(name, at_once)
    return lane


def lanes() -> list[Lane]:
    """Every lane, in the order they were declared."""
    return list(_lanes.values())


SCHEDULE = open_lane("schedule", at_once=2)
WORK = open_lane("work", at_once=4)
