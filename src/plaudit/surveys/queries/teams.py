"""In which team somebody is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from plaudit.people.models import TeamStay


def teams_of(organisation_id: int, members: Collection[UUID], at: datetime) -> dict[UUID, str]:
    """The name of the team that each of these is in, the one they joined last; those in none are left out."""
    stays = (
        TeamStay.objects.filter(
            organisation_id=organisation_id, member_id__in=members, leads=False, began_at__lte=at
        )
        .exclude(ended_at__lte=at)
        .order_by("began_at", "id")
    )
    return dict(stays.values_list("member_id", "team__name"))
