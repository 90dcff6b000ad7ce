"""The ways the ledger says no."""

from __future__ import annotations

from datetime import datetime

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


class NotReversible(Conflict):
    code = "not_reversible"
    sentence = "Line {line} is a {kind}, which cannot be reversed."
    way_forward = "{instead}"

    def __init__(self, *, line: int, kind: str, instead: str) -> None:
        super().__init__(line=line, kind=kind, instead=instead)


class NothingLeftToExtend(Conflict):
    code = "nothing_left_to_extend"
    sentence = "Nothing of line {line} expires any more: it is spent, lapsed, or good for ever."

    def __init__(self, *, line: int) -> None:
        super().__init__(line=line)


class NotLater(Refusal):
    code = "not_later"
    sentence = "Line {line} is good until {expires_at:%-d %B %Y, %H:%M:%S} UTC, and that is not earlier."
    way_forward = "Name a later moment, still to come."

    def __init__(self, *, line: int, expires_at: datetime) -> None:
        super().__init__(line=line, expires_at=expires_at)


class KeyUsedOtherwise(Conflict):
    code = "key_used_otherwise"
    sentence = "The key {key} was already used for something else."
    way_forward = "Use a new key for a new act; the same key only to repeat the same one."

    def __init__(self, *, key: str) -> None:
        super().__init__(key=key)


class ReasonNeeded(Refusal):
    code = "reason_needed"
    sentence = "Points that a person moves by hand need a reason."
    way_forward = "Say why, in words that the member may read."


class NothingToMove(Conflict):
    code = "nothing_to_move"
    sentence = "Points cannot move from {member} to the same member."

    def __init__(self, *, member: str) -> None:
        super().__init__(member=member)


class HoldNotOpen(Conflict):
    code = "hold_not_open"
    sentence = "The hold {reference} is already {state}."

    def __init__(self, *, reference: str, state: str) -> None:
        super().__init__(reference=reference, state=state)


class CapturesTooMuch(Conflict):
    code = "captures_too_much"
    sentence = "Only {held} are held."

    def __init__(self, *, held: int) -> None:
        super().__init__(held=held)


class AmountRefused(Refusal):
    code = "amount_refused"
    sentence = "{amount} is not an amount that can be moved: it must be a whole number from 1 to 10¹⁵."

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
    sentence = "The books are already sealed until {until:%-d %B %Y, %H:%M:%S} UTC."

    def __init__(self, *, until: datetime) -> None:
        super().__init__(until=until)


class PeriodNotOver(Refusal):
    code = "period_not_over"
    sentence = "A period can be sealed when it is over, and {until:%-d %B %Y, %H:%M:%S} UTC is still to come."

    def __init__(self, *, until: datetime) -> None:
        super().__init__(until=until)


class UnitFixed(Conflict):
    code = "unit_fixed"
    sentence = "The precision and the currency of {unit} are fixed: {wallets} members hold it."
    way_forward = "Declare a new unit beside it."

    def __init__(self, *, unit: str, wallets: int) -> None:
        super().__init__(unit=unit, wallets=wallets)


class MembersOwe(Conflict):
    code = "members_owe"
    sentence = "{members} members owe {unit}, so owing cannot be forbidden now."
    way_forward = "Let them earn it back, or adjust their balances first."

    def __init__(self, *, unit: str, members: int) -> None:
        super().__init__(unit=unit, members=members)
