"""Lets a colleague decide about nominations while somebody who leads a team is away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import act
from plaudit.people.actions.members import locked_member
from plaudit.people.models import Member
from plaudit.people.refusals import MemberNotActive
from plaudit.recognition.models import StandIn
from plaudit.recognition.queries.people import leads_a_team


def appoint(
    organisation_id: int, *, leader_id: UUID, stand_in_id: UUID, since: datetime, until: datetime, actor: str
) -> StandIn:
    """Let this colleague decide from `since` up to, not including, `until`, instead of whoever was named before.

    Both decide then. Raises `Problem`, `NotFound` and `MemberNotActive`.
    """
    if stand_in_id == leader_id:
        raise Problem("Name somebody else.")
    if not max(since, clock.now()) < until:
        raise Problem("Choose a time that is still to come, and ends after it begins.")

    def step() -> StandIn:
        locked_member(organisation_id, leader_id)
        if not leads_a_team(organisation_id, leader_id):
            raise Problem("Only who leads a team needs a stand-in.")
        found = Member.objects.filter(organisation_id=organisation_id, id=stand_in_id).first()
        if found is None or found.state != "active":
            raise MemberNotActive(state=found.state if found is not None else "unknown")
        wanted = {"stand_in_id": stand_in_id, "since": since, "until": until}
        mine = StandIn.objects.filter(organisation_id=organisation_id, member_id=leader_id)
        named = mine.filter(**wanted).first()
        if named is not None:
            return named
        made, _ = StandIn.objects.update_or_create(
            organisation_id=organisation_id, member_id=leader_id, defaults=wanted
        )
        audit.note(
            actor=actor,
            act="stand_in.appointed",
            subject=show("mem", leader_id),
            details={"stand_in": show("mem", stand_in_id)},
        )
        return made

    return act(organisation_id, step)


def dismiss(organisation_id: int, *, leader_id: UUID, actor: str) -> None:
    """Let nobody stand in any more. Where nobody does nothing changes."""

    def step() -> None:
        mine = StandIn.objects.filter(organisation_id=organisation_id, member_id=leader_id)
        if mine.delete()[0]:
            audit.note(actor=actor, act="stand_in.dismissed", subject=show("mem", leader_id))

    act(organisation_id, step)
