"""Recognises people: one act, one behaviour, one or several recipients, with points from the giver's allowance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.ledger.units import unit_named
from plaudit.people.actions.members import locked_member
from plaudit.people.models import Member
from plaudit.people.refusals import MemberNotActive
from plaudit.recognition.actions.recording import write_down
from plaudit.recognition.actions.seeing_to import alike, led_moment
from plaudit.recognition.actions.using import use_up
from plaudit.recognition.definitions import Standard
from plaudit.recognition.models import Moment, MomentState, Recognition
from plaudit.recognition.published import standard_for
from plaudit.recognition.queries.limits import left_of
from plaudit.recognition.queries.people import leads_a_team
from plaudit.recognition.refusals import (
    AllowanceUsed,
    DayCap,
    MomentSeenTo,
    NotRecognised,
    PairCap,
    SelfRecognition,
)
from plaudit.recognition.rules.giving import DAY, PAIR, POINTS, allowance_period, uses_of

RECIPIENTS_MAX = 100
WORDS_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """What somebody wants to recognise: whom, for which behaviour, in which words, with points or without.

    `programme` is the one whose standard it is by, "" for the only one. `deed_at` is when the deed was, where the
    giver knows. `moment` is what it is about: its deed counts, and it is seen to. The same `key` of the same giver
    recognises once.
    """

    recipients: Collection[UUID]
    behaviour: str
    programme: str = ""
    words: str = ""
    with_points: bool = True
    deed_at: datetime | None = None
    moment: UUID | None = None
    key: str = ""


def recognise(organisation_id: int, giving: Giving, *, giver_id: UUID | None, actor: str) -> Recognition:
    """Recognise these people; without a giver it is the system's word, and has no points.

    Points come from the giver's allowance, and each recipient is granted them by the programme's rule. Raises
    `NoStandard`, `NotFound`, `Problem`, `SelfRecognition`, `NotRecognised`, `MemberNotActive`, `AllowanceUsed`,
    `PairCap`, `DayCap` and `MomentSeenTo`; after any of them nothing was given and nothing used.
    """
    return act(organisation_id, lambda: _recognise(organisation_id, giving, giver_id, actor))


def _recognise(organisation_id: int, giving: Giving, giver_id: UUID | None, actor: str) -> Recognition:
    standard = standard_for(organisation_id, giving.programme)
    _check(giving, giver_id)
    behaviour = standard.behaviour(giving.behaviour)
    if behaviour is None:
        raise NotFound(kind="behaviour", ref=giving.behaviour)
    if giver_id is not None:
        # One act of a giver at a time, so that a key is looked for when nobody can still be using it.
        giver = locked_member(organisation_id, giver_id)
        _must_be_for(standard, [giver])
        before = _before(organisation_id, giver_id, giving.key)
        if before is not None:
            return before
    recipients = _recipients(organisation_id, standard, giving.recipients)
    points = behaviour.points if giving.with_points and giver_id is not None else 0
    moment = _moment(organisation_id, giving, giver_id)
    now = clock.now()
    local = now.astimezone(ZoneInfo(standard.time_zone))
    if giver_id is not None:
        _use(organisation_id, standard, giver_id, recipients, points, local)
    made = Recognition(
        organisation_id=organisation_id,
        programme=standard.programme,
        giver_id=giver_id,
        behaviour=behaviour.key,
        unit=standard.unit if points else "",
        points=points,
        period=allowance_period(standard, local) if points else "",
        key=giving.key,
        given_at=now,
    )
    deed_at = moment.happened_at if moment is not None else giving.deed_at
    write_down(made, standard, recipients, words=giving.words, deed_at=deed_at, actor=actor)
    if moment is not None:
        alike(moment).update(state=MomentState.RECOGNISED, recognition_id=made.id)
    return made


def _check(giving: Giving, giver_id: UUID | None) -> None:
    if not giving.recipients or len(set(giving.recipients)) > RECIPIENTS_MAX:
        raise Problem(f"Name from one to {RECIPIENTS_MAX} people to recognise.")
    if not giving.behaviour:
        raise Problem("Say for which behaviour.")
    if len(giving.words) > WORDS_MAX:
        raise Problem(f"A line has at most {WORDS_MAX} characters.")
    if giving.deed_at is not None and giving.deed_at > clock.now():
        raise Problem("The deed cannot be still to come.")
    if giver_id is not None and giver_id in giving.recipients:
        raise SelfRecognition


def _before(organisation_id: int, giver_id: UUID, key: str) -> Recognition | None:
    if not key:
        return None
    return Recognition.objects.filter(organisation_id=organisation_id, giver_id=giver_id, key=key).first()


def _recipients(organisation_id: int, standard: Standard, wanted: Collection[UUID]) -> Mapping[UUID, Member]:
    found = {
        one.id: one
        for one in Member.objects.filter(organisation_id=organisation_id, id__in=set(wanted)).order_by("id")
    }
    for member_id in wanted:
        if member_id not in found:
            raise NotFound(kind="member", ref=show("mem", member_id))
    for one in found.values():
        if one.state != "active":
            raise MemberNotActive(state=one.state)
    _must_be_for(standard, found.values())
    return found


def _must_be_for(standard: Standard, members: Collection[Member]) -> None:
    for one in members:
        if one.kind not in standard.audience:
            raise NotRecognised(kind=one.kind, programme=standard.programme)


def _moment(organisation_id: int, giving: Giving, giver_id: UUID | None) -> Moment | None:
    """The moment it is about, still open, of one of the recipients, whom the giver leads."""
    if giving.moment is None:
        return None
    if giver_id is None:
        raise NotFound(kind="moment", ref=show("mom", giving.moment))
    moment = led_moment(organisation_id, giving.moment, giver_id)
    if moment.member_id not in giving.recipients:
        raise NotFound(kind="moment", ref=show("mom", giving.moment))
    if moment.state != MomentState.OPEN:
        raise MomentSeenTo
    return moment


def _use(
    organisation_id: int,
    standard: Standard,
    giver_id: UUID,
    recipients: Mapping[UUID, Member],
    points: int,
    local: datetime,
) -> None:
    leads = leads_a_team(organisation_id, giver_id)
    uses = uses_of(standard, local, leads=leads, points=points, recipients=sorted(recipients))
    missing = use_up(organisation_id, standard.programme, giver_id, uses)
    if DAY in missing:
        raise DayCap(times=standard.per_day)
    if POINTS in missing:
        unit = unit_named(organisation_id, standard.unit)
        left = left_of(organisation_id, standard, giver_id).left
        raise AllowanceUsed(needed=unit.say(points * len(recipients)), left=unit.say(left))
    for member_id, one in recipients.items():
        if f"{PAIR} {member_id}" in missing:
            raise PairCap(times=standard.per_pair, who=one.name or show("mem", member_id))
