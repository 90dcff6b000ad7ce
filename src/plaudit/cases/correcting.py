"""Puts right what a case is about: points by hand, or the missing activity, paid by its own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from plaudit.activity.events import OWN_SOURCE, IncomingEvent
from plaudit.cases.models import Case
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Status
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.units import time_zone_of, unit_named
from plaudit.people.merging import survivor_of


@dataclass(frozen=True, slots=True)
class Points:
    """Points to give, or to take where `amount` is below zero, in the unit's smallest part."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What the claimed activity carries, such as the amount of the order: typed as the event type declares."""

    data: Mapping[str, Any]


Correction = Points | Missing


def needs_approval(organisation_id: int, points: Points) -> bool:
    """Whether so many points need a second person. Raises `NotFound` for an unknown unit."""
    least = unit_named(organisation_id, points.unit).approval_from
    return least is not None and abs(points.amount) >= least


def put_right(case: Case, correction: Correction, *, reason: str, actor: str) -> str:
    """Post a correction of this case, once; the reference of what was posted (`led_…`, `act_…`).

    Points go to whoever the member has become. Raises what `adjust` does, and `Problem` for an activity
    that its type does not allow.
    """
    if isinstance(correction, Points):
        posted = adjust(
            case.organisation_id,
            member_id=survivor_of(case.member_id),
            unit=correction.unit,
            amount=correction.amount,
            reason=reason,
            key=show("cse", case.id),
            actor=actor,
        )
        return posted.reference
    return _record(case, correction)


def _record(case: Case, missing: Missing) -> str:
    if not case.activity or case.happened_on is None:
        raise NotFound(kind="missing activity in", ref=show("cse", case.id))
    noon = datetime.combine(case.happened_on, time(12), time_zone_of(case.organisation_id))
    event = IncomingEvent(
        source=OWN_SOURCE,
        id=show("cse", case.id),
        type=case.activity,
        subject=str(survivor_of(case.member_id)),
        subject_source=None,
        time=noon,
        data=dict(missing.data),
    )
    (outcome,) = take_in(case.organisation_id, [event], own=True)
    if outcome.status not in (Status.RECORDED, Status.REPEATED) or outcome.event_id is None:
        raise Problem(
            "The activity cannot be recorded like that.",
            errors=[
                {"pointer": one.pointer, "code": one.code, "detail": one.sentence} for one in outcome.problems
            ],
        )
    return show("act", outcome.event_id)
