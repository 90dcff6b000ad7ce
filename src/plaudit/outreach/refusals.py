"""The ways outreach says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Problem, Refusal


class CursorUnknown(Problem):
    code = "cursor_unknown"
    sentence = "This cursor is none of ours."
    way_forward = "Use the cursor of the page before as it was given, or none to begin at the beginning."

    def __init__(self) -> None:
        super().__init__(
            self.sentence,
            errors=[{"pointer": "/after", "code": self.code, "detail": "Not a cursor of this feed."}],
        )


class MessageTypeUnknown(Refusal):
    code = "message_type_unknown"
    sentence = "{pattern} names no type of message."
    way_forward = "Name a type such as points.earned, a family such as points.*, or * for all."

    def __init__(self, *, pattern: str) -> None:
        super().__init__(pattern=pattern)


class TooManyEndpoints(Conflict):
    code = "too_many_endpoints"
    sentence = "There are {most} endpoints already."
    way_forward = "Remove one that is no longer used."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class DeviceUnknown(Refusal):
    code = "device_unknown"
    sentence = "This browser did not say how it can be told."
    way_forward = "Try again, or use another browser."


class TooManyDevices(Conflict):
    code = "too_many_devices"
    sentence = "You are told on {most} devices already."
    way_forward = "End one that you no longer use."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class EndpointDisabled(Conflict):
    code = "endpoint_disabled"
    sentence = "This endpoint is disabled."
    way_forward = "Enable it first; what it missed meanwhile stands in the feed."
