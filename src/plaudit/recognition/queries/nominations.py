"""Nominations: one's own, those one may decide, what is left for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.earning.limits import period_of
from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.people.models import Member
from plaudit.recognition.definitions import Nominations, Standard
from plaudit.recognition.models import GivingUse, Nomination, NominationState, StandIn
from plaudit.recognition.rules.giving import NOMINATIONS, PROGRAMME

SHOWN_MAX = 50

# Of these people, whoever leads a team of theirs now, or stands in now for somebody who does.
_LEADERS = """
    with leaders as (
        select distinct theirs.member_id, mine.member_id as leader_id
          from people_team_stay theirs
          join people_team_stay mine on mine.organisation_id = theirs.organisation_id
                                    and mine.team_id = theirs.team_id and mine.leads
                                    and mine.began_at <= %(now)s
                                    and (mine.ended_at is null or mine.ended_at > %(now)s)
         where theirs.organisation_id = %(organisation)s and theirs.member_id = any(%(members)s::uuid[])
           and theirs.began_at <= %(now)s and (theirs.ended_at is null or theirs.ended_at > %(now)s)),
    deciders as (
        select member_id, leader_id as decider_id from leaders
        union
        select l.member_id, s.stand_in_id from leaders l
          join recognition_stand_in s on s.organisation_id = %(organisation)s and s.member_id = l.leader_id
                                     and s.since <= %(now)s and s.until > %(now)s)
"""
_DECIDERS = _LEADERS + "select member_id, decider_id from deciders"
_DECIDED_BY = _LEADERS + "select member_id from deciders where decider_id = %(me)s"


def deciders_of(organisation_id: int, members: Collection[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Of these nominees, each with every member who may decide about them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDERS, {"organisation": organisation_id, "members": list(members), "now": clock.now()}
        )
        return list(cursor.fetchall())


def decided_by(organisation_id: int, me: UUID, members: Collection[UUID]) -> set[UUID]:
    """Of these nominees, those about whom this member may decide: they lead them now, or stand in for who does."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDED_BY,
            {"organisation": organisation_id, "me": me, "members": list(members), "now": clock.now()},
        )
        return {member_id for (member_id,) in cursor.fetchall()}


def may_decide(organisation_id: int, one: Nomination, me: UUID) -> bool:
    """Whether this member may decide about it: never who nominated, never who is nominated."""
    if me in (one.nominator_id, one.member_id):
        return False
    return bool(decided_by(organisation_id, me, [one.member_id]))


def nomination(organisation_id: int, nomination_id: UUID) -> Nomination:
    """One of them. Raises `NotFound`."""
    found = Nomination.objects.filter(organisation_id=organisation_id, id=nomination_id).first()
    if found is None:
        raise NotFound(kind="nomination", ref=show("nom", nomination_id))
    return found


def nominations(
    organisation_id: int,
    *,
    nominator_id: UUID | None = None,
    waiting: bool | None = None,
    before: UUID | None = None,
    limit: int = SHOWN_MAX,
) -> Sequence[Nomination]:
    """The newest first: one nominator's, or everybody's; those that wait, those that do not, or both."""
    found = Nomination.objects.filter(organisation_id=organisation_id)
    if nominator_id is not None:
        found = found.filter(nominator_id=nominator_id)
    if waiting is True:
        found = found.filter(state=NominationState.WAITING, expires_at__gt=clock.now())
    elif waiting is False:
        found = found.exclude(state=NominationState.WAITING)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def to_decide(organisation_id: int, me: UUID) -> Sequence[Nomination]:
    """What waits for this member, the oldest first."""
    waiting = nominations(organisation_id, waiting=True, limit=1_000)
    mine = decided_by(organisation_id, me, {one.member_id for one in waiting}) if waiting else set()
    return [
        one
        for one in reversed(waiting)
        if one.member_id in mine and me not in (one.nominator_id, one.member_id)
    ]


def budget_left(organisation_id: int, standard: Standard, bounds: Nominations) -> int:
    """What can still be given to nominations in the period that is running, in the unit's smallest part."""
    local = clock.now().astimezone(ZoneInfo(standard.time_zone))
    row = GivingUse.objects.filter(
        organisation_id=organisation_id,
        programme=standard.programme,
        giver_id=PROGRAMME,
        what=NOMINATIONS,
        period=period_of(bounds.every, local.date()),
    ).first()
    return max(0, bounds.budget - (row.used if row is not None else 0))


def stand_in_of(organisation_id: int, leader_id: UUID) -> StandIn | None:
    """Who stands in for somebody now or later; None for nobody."""
    return StandIn.objects.filter(
        organisation_id=organisation_id, member_id=leader_id, until__gt=clock.now()
    ).first()


def first_to_expire(organisation_id: int, after: datetime, until: datetime) -> Sequence[datetime]:
    """When nominations that wait run out in (after, until], earliest first."""
    waiting = Nomination.objects.filter(
        organisation_id=organisation_id,
        state=NominationState.WAITING,
        expires_at__gt=after,
        expires_at__lte=until,
    )
    return list(waiting.order_by("expires_at").values_list("expires_at", flat=True).distinct()[:1_000])


def called(organisation_id: int, members: Collection[UUID]) -> dict[UUID, str]:
    """How these people are called; by their reference where they have no name."""
    found = Member.objects.filter(organisation_id=organisation_id, id__in=list(members))
    return {one.id: one.name or show("mem", one.id) for one in found}
