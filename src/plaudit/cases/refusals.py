"""The ways cases and requests for approval say no."""

from __future__ import annotations

from datetime import date

from plaudit.foundation.refusals import Conflict, Refusal


class NothingSaid(Refusal):
    code = "nothing_said"
    sentence = "There are no words in it."
    way_forward = "Write a sentence that somebody else can act on."


class CaseEnded(Conflict):
    code = "case_ended"
    sentence = "This case is {state} already."
    way_forward = "Open a new one if something is still not right."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class ClaimTooLate(Refusal):
    code = "claim_too_late"
    sentence = "What is missing can be claimed for {days} days, and this was on {day:%-d %B %Y}."
    way_forward = "Ask the people who run the programme; they may still put it right."

    def __init__(self, *, days: int, day: date) -> None:
        super().__init__(days=days, day=day)


class NotHappenedYet(Refusal):
    code = "not_happened_yet"
    sentence = "{day:%-d %B %Y} is still to come."
    way_forward = "Say when it happened."

    def __init__(self, *, day: date) -> None:
        super().__init__(day=day)


class RequestDecided(Conflict):
    code = "request_decided"
    sentence = "This request is {state} already."
    way_forward = "Nothing more is to be done about it."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class OwnRequest(Refusal):
    code = "own_request"
    status = 403
    exit_code = 6
    sentence = "Nobody approves what they asked for themselves."
    way_forward = "Somebody else who may approve decides it."


class ApprovalWaits(Conflict):
    code = "approval_waits"
    sentence = "A correction of this case waits for a second person."
    way_forward = "Wait until it is approved or declined, or withdraw the request."


class KeyMeansAnother(Conflict):
    code = "idempotency_key_reused"
    sentence = "The key {key} was used for something else already."
    way_forward = "Send a new key for a new act."

    def __init__(self, *, key: str) -> None:
        super().__init__(key=key)
