"""The ways the ledger says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class NotEnoughPoints(Refusal):
    code = "not_enough_points"
    status = 409
    exit_code = 5
    sentence = "This needs {needed} and {available} are available."
    way_forward = "Choose something smaller, or wait until more has been earned."

    def __init__(self, *, needed: int, available: int) -> None:
        super().__init__(needed=needed, available=available)


class NothingLeftToReverse(Conflict):
    code = "nothing_left_to_reverse"
    sentence = "Line {line} is already reversed in full."

    def __init__(self, *, line: int) -> None:
        super().__init__(line=line)


class ReversalOfReversal(Conflict):
    code = "reversal_of_reversal"
    sentence = "Line {line} is itself a reversal; post what should have been instead."

    def __init__(self, *, line: int) -> None:
        super().__init__(line=line)


class ReversesTooMuch(Conflict):
    code = "reverses_too_much"
    sentence = "Only {left} of line {line} are left to reverse."

    def __init__(self, *, line: int, left: int) -> None:
        super().__init__(line=line, left=left)


class HoldNotOpen(Conflict):
    code = "hold_not_open"
    sentence = "This hold is already {state}."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class AmountRefused(Refusal):
    code = "amount_refused"
    sentence = "{amount} is not an amount that can be moved: it must be a whole number above zero."

    def __init__(self, *, amount: object) -> None:
        super().__init__(amount=amount)


class ApproverNeeded(Refusal):
    code = "approver_needed"
    status = 403
    exit_code = 6
    sentence = "An adjustment of {amount} or more needs a second person."
    way_forward = "Ask a colleague who may approve to confirm it; you cannot approve your own."

    def __init__(self, *, amount: int) -> None:
        super().__init__(amount=amount)


class PeriodSealed(Conflict):
    code = "period_sealed"
    sentence = "The books are sealed until {until}."

    def __init__(self, *, until: str) -> None:
        super().__init__(until=until)
