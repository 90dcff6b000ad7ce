"""One change from a version of a programme to another: what happens to which part, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from plaudit.planning.programme_file.programme import Path


class Act(StrEnum):
    """What happens to a part of a programme."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: to which part, where it stands in the file, and what it means, as a sentence."""

    act: Act
    part: str
    key: str
    sentence: str
    path: Path = ()


def acts_between(was: Mapping[str, object], now: Mapping[str, object]) -> Iterator[tuple[str, Act]]:
    """The keys that differ, those still there first, with what happened to each."""
    for key, one in now.items():
        if key not in was:
            yield key, Act.ADDED
        elif was[key] != one:
            yield key, Act.CHANGED
    yield from ((key, Act.REMOVED) for key in was if key not in now)
