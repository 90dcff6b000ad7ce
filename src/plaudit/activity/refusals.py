"""The ways the activity book says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class EventTypeUnknown(Refusal):
    code = "event_type_unknown"
    sentence = "No live programme declares the activity {type}."
    way_forward = "Declare it under `activities` in a programme file and apply it, or correct the type."

    def __init__(self, *, type: str) -> None:
        super().__init__(type=type)


class SourceReserved(Refusal):
    code = "source_reserved"
    sentence = "The source {source} is Plaudit's own."
    way_forward = "Report under the name of the system the activity comes from."

    def __init__(self, *, source: str) -> None:
        super().__init__(source=source)


class SameIdOtherEvent(Conflict):
    code = "same_id_other_event"
    sentence = "{source} already reported an event {id}, with a different {field}."
    way_forward = "Send a correction event, or a new id if this is another event."

    def __init__(self, *, source: str, id: str, field: str) -> None:
        super().__init__(source=source, id=id, field=field)
