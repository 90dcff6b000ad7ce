"""Addresses that anybody may open: the one behind a secret, those of a team or a person, all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound
from plaudit.people.models import Team, TeamStay
from plaudit.recognition.models import Link, LinkKind
from plaudit.recognition.refusals import LinkEnded

SHOWN_MAX = 200


def standing_link(organisation_id: int, what: LinkKind, secret: str, *, lock: bool = False) -> Link:
    """The address with this secret, its row locked where asked. Raises `LinkEnded` for any that leads nowhere."""
    rows = Link.objects.select_for_update() if lock else Link.objects.all()
    found = rows.filter(
        organisation_id=organisation_id, what=what, secret=secret, ended_at__isnull=True
    ).first()
    if found is None:
        raise LinkEnded
    return found


def link(organisation_id: int, link_id: UUID) -> Link:
    """One address, also one that has ended. Raises `NotFound`."""
    found = Link.objects.filter(organisation_id=organisation_id, id=link_id).first()
    if found is None:
        raise NotFound(kind="link", ref=show("lnk", link_id))
    return found


def own_link(organisation_id: int, link_id: UUID, member_id: UUID) -> Link:
    """One address of the member's own, or of a team that they lead. Raises `NotFound`."""
    found = link(organisation_id, link_id)
    if found.member_id != member_id and found.team_id not in {
        one.id for one in teams_led(organisation_id, member_id)
    }:
        raise NotFound(kind="link", ref=show("lnk", link_id))
    return found


def standing_links(
    organisation_id: int, *, member_id: UUID | None = None, teams: Collection[int] = ()
) -> Sequence[Link]:
    """Those that lead somewhere, of this member and these teams; all of them where neither is named."""
    found = Link.objects.filter(organisation_id=organisation_id, ended_at__isnull=True)
    if member_id is not None or teams:
        found = found.filter(Q(member_id=member_id, team_id=None) | Q(team_id__in=list(teams)))
    return list(found.order_by("-id")[:SHOWN_MAX])


def teams_led(organisation_id: int, member_id: UUID) -> Sequence[Team]:
    """The teams that somebody leads now, by name."""
    now = clock.now()
    mine = TeamStay.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now),
        organisation_id=organisation_id,
        member_id=member_id,
        leads=True,
        began_at__lte=now,
    )
    return list(Team.objects.filter(id__in=mine.values("team_id")).order_by("name", "id"))


def people_behind(organisation_id: int, one: Link) -> Collection[UUID]:
    """Whom an address is for: the person, or everybody of the team now; who leads it only where nobody else is in it."""
    if one.member_id is not None:
        return [one.member_id]
    assert one.team_id is not None, "a link is of a team or a person"
    now = clock.now()
    stays = TeamStay.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=now),
        organisation_id=organisation_id,
        team_id=one.team_id,
        began_at__lte=now,
    ).values_list("member_id", "leads")
    everybody = dict(stays)
    return [one for one, leads in everybody.items() if not leads] or list(everybody)
