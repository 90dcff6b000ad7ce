"""Carries corrections out: what the corrected event earned is taken back, exactly, whole or in part.

Corrections follow what was recorded, never what today's rules would say. One that arrives before the
event it corrects waits in the book and takes effect when both are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from plaudit.activity.recording import CorrectionLink, corrections_of, corrections_touching
from plaudit.activity.shares import share_of
from plaudit.activity.types import types_by_id
from plaudit.earning.uses import give_back_uses
from plaudit.ledger.book import Posting
from plaudit.ledger.posting import post
from plaudit.ledger.reversing import Posted
from plaudit.ledger.undoing import undoing_of_events
from plaudit.ledger.units import units_by_id


def carry_out_corrections(
    organisation_id: int, event_ids: Sequence[UUID], *, recorded_at: datetime
) -> list[Posting]:
    """Carry out every correction that these newly recorded events complete; what was posted for them."""
    links = corrections_touching(organisation_id, event_ids)
    if not links:
        return []
    corrected = {link.corrected_id for link in links}
    # What is left of each grant is read under its wallet's lock, so that two corrections cannot both take it.
    undoing = undoing_of_events(organisation_id, sorted(corrected))
    by_event: dict[UUID | None, list[Posted]] = defaultdict(list)
    for one in undoing.posted:
        by_event[one.event_id].append(one)
    given_back: list[tuple[Posted, int]] = []
    units = units_by_id(organisation_id)
    for event_id in sorted(corrected):
        history = corrections_of(organisation_id, event_id)
        share = _share(organisation_id, history)
        for one in by_event[event_id]:
            taken = undoing.take_back(
                one,
                _to_take_back(one, share),
                occurred_at=history[-1].occurred_at,
                event_id=history[-1].correction_id,
                writing_off=units[one.unit_id].writes_off,
            )
            given_back.append((one, taken))
    post(organisation_id, undoing.book, recorded_at=recorded_at)
    give_back_uses(organisation_id, given_back)
    return undoing.book.postings


def _share(organisation_id: int, history: Sequence[CorrectionLink]) -> Fraction:
    """How much of an event all its corrections together undo, from 0 to 1."""
    share = Fraction(0)
    for link in history:
        part = types_by_id(organisation_id)[link.correction_type_id].part
        share += share_of(part, link.correction_data, link.corrected_data)
    return max(Fraction(0), min(Fraction(1), share))


def _to_take_back(posted: Posted, share: Fraction) -> int:
    """The running total is rounded down until the event is undone whole, when it is exact."""
    return max(0, int(posted.amount * share) - posted.taken_back)
