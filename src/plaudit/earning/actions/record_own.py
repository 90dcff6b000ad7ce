"""Records activity of the programme's own: what a rule then rewards, limits and explains like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from plaudit.activity.events import OWN_SOURCE, IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Outcome, Status


@dataclass(frozen=True, slots=True)
class OwnActivity:
    """Something a programme itself reports of a member, such as a challenge that was completed.

    `id` says what it is about and never changes, so that reporting it again records nothing. `type` is an
    activity that the programme has declared. `corrects` is the id of the own activity that it takes back.
    """

    id: str
    type: str
    member_id: UUID
    time: datetime
    data: Mapping[str, Any]
    corrects: str | None = None


def record_own(organisation_id: int, activities: Sequence[OwnActivity]) -> list[Outcome]:
    """Record these; one outcome each, in the order given: recorded, or repeated where it was before.

    Joins the transaction that is open. That one cannot be recorded is a bug of who declares them.
    """
    if not activities:
        return []
    outcomes = take_in(
        organisation_id,
        [
            IncomingEvent(
                OWN_SOURCE, one.id, one.type, str(one.member_id), None, one.time, dict(one.data), one.corrects
            )
            for one in activities
        ],
        own=True,
    )
    for outcome in outcomes:
        assert outcome.status in (Status.RECORDED, Status.REPEATED), outcome
    return outcomes
