"""Why: the reason behind every line of a statement, every activity, and every level, segment and offer of a member."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation.refusals import NotFound
from plaudit.insights.asked import asked
from plaudit.insights.because_activity import of_activity
from plaudit.insights.because_earned import of_rule
from plaudit.insights.because_offer import of_offer
from plaudit.insights.because_policy import (
    of_activation,
    of_adjustment,
    of_expiry,
    of_extension,
    of_merge,
    of_opening,
)
from plaudit.insights.because_redeemed import of_redemption
from plaudit.insights.because_segment import of_segment
from plaudit.insights.because_tier import of_tier
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
_STANDING = {"tier": of_tier, "segment": of_segment, "offer": of_offer}


def because(organisation_id: int, reference: str) -> Because:
    """Why a transfer was made, in six layers. Raises `NotFound`. Ask inside `in_organisation`.

    `member_id` says whose it is: whoever shows it to somebody holds that against what they may reach.
    """
    found = asked(organisation_id, reference)
    return _BY_KIND[found.line.kind](found)


def because_of_event(organisation_id: int, event_id: UUID) -> Because:
    """Why an activity earned what it did, or nothing: every rule it met. Raises `NotFound`, as above."""
    return of_activity(organisation_id, event_id)


def because_of_standing(organisation_id: int, member_id: UUID, reference: str) -> Because:
    """Why a member stands on a level, is in a segment or has an offer, and why not. Raises `NotFound`, as above.

    `reference` names it with its programme and key: `tier:club/status`, `segment:club/regulars` or
    `offer:club/spring`.
    """
    kind, _, named = reference.partition(":")
    programme, _, key = named.partition("/")
    if kind not in _STANDING:
        raise NotFound(kind="tier, segment or offer", ref=reference)
    return _STANDING[kind](organisation_id, member_id, programme, key)
