"""Cuts a batch where a correction must take effect before what follows, so that its size decides nothing.

A correction gives the use of limits back and takes points a deduction might otherwise take: an event
after it must see that, whether it comes in the same batch or a year later. Where neither limits nor
unowed balances exist, or nobody it concerns follows, order cannot matter and the batch stays whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from plaudit.activity.events import IncomingEvent
from plaudit.activity.recording import keys_awaited
from plaudit.earning.lineups import Lineup


class Reading(Protocol):
    """An event that was read and resolved."""

    event: IncomingEvent
    source_id: int
    member_id: UUID | None


R = TypeVar("R", bound=Reading)


def segments_of(
    organisation_id: int, lineup: Lineup | None, new: Sequence[R], *, corrected: bool
) -> list[Sequence[R]]:
    """The batch in order, cut after every event with which a correction becomes complete and matters.

    `corrected` says whether any type of event corrects another here.
    """
    if lineup is None or not lineup.order_matters or len(new) == 1:
        return [new]
    if not corrected and not lineup.confirming:
        return [new]
    awaited = keys_awaited(organisation_id, [(r.source_id, r.event.id) for r in new])
    in_batch = {(reading.source_id, reading.event.id): reading for reading in new}
    later = Counter(reading.member_id for reading in new)
    segments: list[Sequence[R]] = []
    start, seen = 0, set()
    for place, reading in enumerate(new, start=1):
        key = (reading.source_id, reading.event.id)
        later[reading.member_id] -= 1
        seen.add(key)
        concerns = _concerns(reading, key, awaited, in_batch, seen)
        if concerns is None and reading.event.type in lineup.confirming:
            concerns = {reading.member_id}
        if reading.event.corrects is not None:
            awaited.add((reading.source_id, reading.event.corrects))
        if concerns is None or place == len(new):
            continue
        if lineup.has_shared_limits or None in concerns or any(later[member_id] for member_id in concerns):
            segments.append(new[start:place])
            start = place
    return [*segments, new[start:]]


def _concerns(
    reading: R,
    key: tuple[int, str],
    awaited: set[tuple[int, str]],
    in_batch: dict[tuple[int, str], R],
    seen: set[tuple[int, str]],
) -> set[UUID | None] | None:
    """Whose points a correction completed by this event moves (None in it: unknown); None where it completes none."""
    if key in awaited:
        return {reading.member_id}
    if reading.event.corrects is None:
        return None
    of = (reading.source_id, reading.event.corrects)
    original = in_batch.get(of)
    if original is None:
        return {
            reading.member_id
        }  # in the book, or not there at all: its member is the correction's or unknown
    return {original.member_id} if of in seen else None
