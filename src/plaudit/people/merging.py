"""Who has become whom: members merged into others."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import connection

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


def survivors(organisation_id: int) -> Mapping[UUID, UUID]:
    """Everybody who lives on as another, and as whom at last."""
    stand = Merge.objects.filter(organisation_id=organisation_id, unmerged_at__isnull=True)
    next_one = dict(stand.values_list("absorbed_id", "survivor_id"))
    found = {}
    for absorbed, survivor in next_one.items():
        seen, as_now = {absorbed}, survivor
        while as_now in next_one and as_now not in seen:
            seen.add(as_now)
            as_now = next_one[as_now]
        found[absorbed] = as_now
    return found


_LIVES_ON = """
    with recursive one (id) as (
        select %(member)s::uuid
        union select m.absorbed_id from one join people_merge m on m.survivor_id = one.id
                 and m.organisation_id = %(organisation)s and m.unmerged_at is null)
    select id from one
"""


def everybody_who_is(organisation_id: int, member_id: UUID) -> list[UUID]:
    """A member and all who live on as them."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVES_ON, {"organisation": organisation_id, "member": member_id})
        return [one for (one,) in cursor.fetchall()]
