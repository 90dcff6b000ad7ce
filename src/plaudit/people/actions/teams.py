"""Makes teams, and writes down who was in which, from when until when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.members import locked_member
from plaudit.people.models import Member, Team, TeamStay
from plaudit.people.refusals import NotInTeam, StayOverlaps, TeamKeyTaken
from plaudit.people.rules import Faults, check_slug, check_text


def create_team(organisation_id: int, *, key: str, name: str, actor: str) -> Team:
    """Make a team. Raises `TeamKeyTaken` and `Problem`."""
    faults = Faults()
    check_slug(faults, "/key", key)
    check_text(faults, "/name", name, empty=False)
    faults.refuse("The team cannot be made like this.")
    with in_organisation(organisation_id):
        team, made = Team.objects.get_or_create(
            organisation_id=organisation_id, key=key, defaults={"name": name.strip()}
        )
        if not made:
            raise TeamKeyTaken(key=key)
        audit.note(actor=actor, act="team.created", subject=f"team_{key}")
    return team


def rename_team(organisation_id: int, *, key: str, name: str, actor: str) -> Team:
    """Give a team another name; its key stays. Raises `NotFound` and `Problem`."""
    faults = Faults()
    check_text(faults, "/name", name, empty=False)
    faults.refuse("The team cannot be named like this.")
    with in_organisation(organisation_id):
        team = team_by_key(organisation_id, key)
        team.name = name.strip()
        team.save(update_fields=["name"])
        audit.note(actor=actor, act="team.renamed", subject=f"team_{key}")
    return team


def join_team(
    organisation_id: int,
    *,
    key: str,
    member_id: UUID,
    actor: str,
    began_at: datetime | None = None,
    leads: bool = False,
) -> TeamStay:
    """Begin a member's stay in a team, now or at `began_at` (a past moment corrects the record).

    Raises `StayOverlaps` where the member is in that team at that moment or later.
    """
    with in_organisation(organisation_id):
        member = locked_member(organisation_id, member_id)
        team = team_by_key(organisation_id, key)
        stay = _begin(member, team, began_at or clock.now(), leads=leads)
        _note(member, "team.joined", actor, team, stay.began_at)
    return stay


def leave_team(
    organisation_id: int, *, key: str, member_id: UUID, actor: str, ended_at: datetime | None = None
) -> None:
    """End a member's stay in a team, now or at `ended_at`. Raises `NotInTeam`."""
    with in_organisation(organisation_id):
        member = locked_member(organisation_id, member_id)
        team = team_by_key(organisation_id, key)
        moment = ended_at or clock.now()
        _end(member, team, moment)
        _note(member, "team.left", actor, team, moment)


def move_team(
    organisation_id: int,
    *,
    member_id: UUID,
    from_key: str,
    to_key: str,
    actor: str,
    moment: datetime | None = None,
    leads: bool = False,
) -> TeamStay:
    """Move a member from one team to another at one moment, in neither or both. Raises as leave and join do."""
    with in_organisation(organisation_id):
        member = locked_member(organisation_id, member_id)
        left, joined = team_by_key(organisation_id, from_key), team_by_key(organisation_id, to_key)
        at = moment or clock.now()
        _end(member, left, at)
        stay = _begin(member, joined, at, leads=leads)
        _note(member, "team.left", actor, left, at)
        _note(member, "team.joined", actor, joined, at)
    return stay


def team_by_key(organisation_id: int, key: str) -> Team:
    """The team. Raises `NotFound`."""
    team = Team.objects.filter(organisation_id=organisation_id, key=key).first()
    if team is None:
        raise NotFound(kind="team", ref=key)
    return team


def _begin(member: Member, team: Team, moment: datetime, *, leads: bool) -> TeamStay:
    stays = TeamStay.objects.filter(organisation_id=member.organisation_id, member=member, team=team)
    if stays.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment)).exists():
        raise StayOverlaps(team=team.name, moment=moment)
    return TeamStay.objects.create(
        organisation_id=member.organisation_id, member=member, team=team, leads=leads, began_at=moment
    )


def _end(member: Member, team: Team, moment: datetime) -> None:
    stays = TeamStay.objects.filter(organisation_id=member.organisation_id, member=member, team=team)
    stay = stays.filter(ended_at__isnull=True, began_at__lte=moment).first()
    if stay is None:
        raise NotInTeam(team=team.name, moment=moment)
    if stay.began_at == moment:
        stay.delete()
        return
    stay.ended_at = moment
    stay.save(update_fields=["ended_at"])


def _note(member: Member, act: str, actor: str, team: Team, moment: datetime) -> None:
    details = {"team": team.key, "at": moment.isoformat()}
    audit.note(actor=actor, act=act, subject=ids.show("mem", member.id), details=details)
