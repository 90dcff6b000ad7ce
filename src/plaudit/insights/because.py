"""Why: the reason behind every line of a statement, and behind every activity that earned something or nothing."""

from __future__ import annotations

from uuid import UUID

from plaudit.insights.asked import asked
from plaudit.insights.because_activity import of_activity
from plaudit.insights.because_earned import of_rule
from plaudit.insights.because_policy import (
    of_activation,
    of_adjustment,
    of_expiry,
    of_extension,
    of_merge,
    of_opening,
)
from plaudit.insights.because_redeemed import of_redemption
from plaudit.insights.because_undone import of_reversal, of_write_off
from plaudit.insights.reasons import Because
from plaudit.ledger.places import Kind

_BY_KIND = {
    Kind.ACCRUAL: of_rule,
    Kind.DEDUCTION: of_rule,
    Kind.ADJUSTMENT: of_adjustment,
    Kind.HOLD: of_redemption,
    Kind.CAPTURE: of_redemption,
    Kind.RELEASE: of_redemption,
    Kind.REVERSAL: of_reversal,
    Kind.EXPIRY: of_expiry,
    Kind.ACTIVATION: of_activation,
    Kind.OPENING: of_opening,
    Kind.MERGE: of_merge,
    Kind.UNMERGE: of_merge,
    Kind.EXTENSION: of_extension,
    Kind.WRITE_OFF: of_write_off,
}


def because(organisation_id: int, reference: str) -> Because:
    """Why a transfer was made, in six layers. Raises `NotFound`. Ask inside `in_organisation`.

    `member_id` says whose it is: whoever shows it to somebody holds that against what they may reach.
    """
    found = asked(organisation_id, reference)
    return _BY_KIND[found.line.kind](found)


def because_of_event(organisation_id: int, event_id: UUID) -> Because:
    """Why an activity earned what it did, or nothing: every rule it met. Raises `NotFound`, as above."""
    return of_activity(organisation_id, event_id)
