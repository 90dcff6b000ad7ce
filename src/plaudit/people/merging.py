"""Who has become whom: members merged into others."""

from __future__ import annotations

from uuid import UUID

from plaudit.people.models import Merge


def same_person(one: UUID | None, other: UUID | None) -> bool:
    """Whether two members are one person by a merge that stands."""
    if one is None or other is None:
        return one is other
    return survivor_of(one) == survivor_of(other)


def survivor_of(member_id: UUID) -> UUID:
    """The member this one lives on as; itself where it was never absorbed."""
    seen = {member_id}
    while True:
        merge = Merge.objects.filter(absorbed_id=member_id, unmerged_at__isnull=True).first()
        if merge is None or merge.survivor_id in seen:
            return member_id
        member_id = merge.survivor_id
        seen.add(member_id)
