"""What became of each event that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from plaudit.activity.events import EventProblem, IncomingEvent
from plaudit.activity.recording import RecordedEvent
from plaudit.activity.refusals import SameIdOtherEvent
from plaudit.activity.types import DeclaredType, types_by_id
from plaudit.foundation.refusals import Refusal
from plaudit.people.merging import same_person


class Status(StrEnum):
    """RECORDED is new; REPEATED was in the book already, alike; the other two changed nothing."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    REFUSED = "refused"


class Granted(NamedTuple):
    """Points one rule granted (or took, below zero), in the unit's smallest part."""

    rule: str
    unit: str
    amount: int
    pending: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of one event. `twin_of` is the place of an equal event earlier in the same batch."""

    event: IncomingEvent
    status: Status
    event_id: UUID | None = None
    member_id: UUID | None = None
    grants: tuple[Granted, ...] = ()
    problems: tuple[EventProblem, ...] = ()
    refusal: Refusal | None = None
    twin_of: int | None = None

    @classmethod
    def twin(cls, event: IncomingEvent, place: int, *, same: bool) -> Outcome:
        """The outcome of an event that repeats one earlier in its own batch."""
        if same:
            return cls(event, Status.REPEATED, twin_of=place)
        return cls(
            event,
            Status.CONFLICT,
            refusal=SameIdOtherEvent(source=event.source, id=event.id, field="content"),
        )


class Read(Protocol):
    """What `compare_with_recorded` needs of an event that was read."""

    event: IncomingEvent
    declared: DeclaredType
    member_id: UUID | None


def compare_with_recorded(organisation_id: int, reading: Read, recorded: RecordedEvent) -> Outcome:
    """REPEATED where the book holds this very event, CONFLICT naming the first field that differs."""
    event = reading.event
    differs = _first_difference(organisation_id, reading, recorded)
    if differs is None:
        return Outcome(event, Status.REPEATED, recorded.id, recorded.member_id)
    refusal = SameIdOtherEvent(source=event.source, id=event.id, field=differs)
    return Outcome(event, Status.CONFLICT, recorded.id, recorded.member_id, refusal=refusal)


def _first_difference(organisation_id: int, reading: Read, recorded: RecordedEvent) -> str | None:
    declared = reading.declared
    if (
        recorded.type_id != declared.id
        and types_by_id(organisation_id)[recorded.type_id].name != declared.name
    ):
        return "type"
    if not recorded.same_data:
        return "data"
    if recorded.occurred_at != reading.event.time:
        return "time"
    if recorded.corrects_key != reading.event.corrects:
        return "corrects"
    if recorded.member_id != reading.member_id and not same_person(recorded.member_id, reading.member_id):
        return "subject"
    return None
