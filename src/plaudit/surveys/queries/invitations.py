"""Who is asked: an invitation that can be answered, and all of a member's."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import clock
from plaudit.foundation.ids import show
from plaudit.surveys.links import PREFIX
from plaudit.surveys.models import Invitation, Standing
from plaudit.surveys.refusals import AnsweredAlready, LinkNotValid, SurveyClosed


def open_invitation(organisation_id: int, invitation_id: UUID, *, lock: bool = False) -> Invitation:
    """An invitation that can be answered now. Raises `LinkNotValid`, `AnsweredAlready` and `SurveyClosed`."""
    found = Invitation.objects.select_for_update() if lock else Invitation.objects
    invitation = found.filter(organisation_id=organisation_id, id=invitation_id).first()
    if invitation is None:
        raise LinkNotValid
    if invitation.answered:
        raise AnsweredAlready
    settled = Standing.objects.filter(
        organisation_id=organisation_id,
        programme=invitation.programme,
        survey=invitation.survey,
        settled=True,
    )
    if invitation.ends_at <= clock.now() or settled.exists():
        raise SurveyClosed
    return invitation


def open_invitations_of(organisation_id: int, member_id: UUID, *, limit: int = 20) -> list[Invitation]:
    """What a member is asked and has not answered, what ends soonest first."""
    found = Invitation.objects.filter(
        organisation_id=organisation_id, member_id=member_id, answered=False, ends_at__gt=clock.now()
    )
    return list(found.order_by("ends_at", "id")[:limit])


def told_of(one: Invitation) -> dict[str, object]:
    """What is told of an invitation: whom it asks what, and never its link."""
    return {
        "member": show("mem", one.member_id),
        "invitation": show(PREFIX, one.id),
        "programme": one.programme,
        "survey": one.survey,
    }
