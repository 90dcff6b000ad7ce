"""Members who were merged go on as one: what each did counts for the survivor, and for each alone when separated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.engagement.actions.publish_engagement import FOLLOWER
from plaudit.engagement.actions.weighing import Weighed
from plaudit.engagement.models import Joining
from plaudit.engagement.published import PublishedSets, published_sets
from plaudit.foundation import arrays
from plaudit.people.actions.erasing import absorbed_by
from plaudit.people.merging import survivor_of
from plaudit.people.models import Merge

Settle = Callable[[int, PublishedSets, Sequence[Weighed]], None]

_AT_A_TIME = 100

_LOCK = "select 1 from activity_follower where organisation_id = %s and name = %s for update"

# What the events of a member count, where another member has it now.
_MOVING = """
    select c.part_id, c.event_id, c.member_id, c.period, c.happened_at, c."full", c.amount
      from engagement_contribution c
      join activity_event e on e.organisation_id = c.organisation_id and e.id = c.event_id
     where c.organisation_id = (select %s::int) and c.part_id = any(%s) and c.member_id = any(%s)
       and c.member_id <> %s and e.member_id = %s
     order by c.part_id, c.event_id
"""

_MOVE = """
    update engagement_contribution c set member_id = %s
      from unnest(%s::int[], %s::uuid[]) as w (part_id, event_id)
     where c.organisation_id = (select %s::int) and c.event_id = w.event_id and c.part_id = w.part_id
"""

# A friend is referred once, and what was earned stays with whom it was earned by.
_REFERRED = """
    update engagement_referral r set friend_id = %(home)s
     where r.organisation_id = %(organisation)s and r.friend_id = %(member)s and r.referrer_id <> %(home)s
       and not exists (select from engagement_referral o where o.organisation_id = %(organisation)s
                                                           and o.friend_id = %(home)s and o.programme = r.programme)
"""

_REFERRING = """
    update engagement_referral r set referrer_id = %(home)s
     where r.organisation_id = %(organisation)s and r.referrer_id = %(member)s and r.friend_id <> %(home)s
       and not exists (select from engagement_reached d where d.organisation_id = %(organisation)s
                                                          and d.member_id = %(member)s and d.period = r.friend_id::text)
"""

_BIRTHDAYS = """
    insert into engagement_birthday (organisation_id, programme, member_id, year)
    select organisation_id, programme, %(home)s, year from engagement_birthday
     where organisation_id = %(organisation)s and member_id = %(member)s
        on conflict do nothing
"""


def join_progress(organisation_id: int, settle: Settle) -> int:
    """Let what merged or separated members did count for whoever they are now; how many there were.

    Called in a transaction. What was reached is worked out anew for both, as though one person had done it all:
    what both had reached is earned once. `settle` is told what counts less and more, when it is written.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [organisation_id, FOLLOWER])
    noted = Joining.objects.filter(organisation_id=organisation_id).select_for_update()
    members = list(noted.order_by("member_id").values_list("member_id", flat=True)[:_AT_A_TIME])
    if not members:
        return 0
    sets = published_sets(organisation_id)
    for member_id in members:
        for one in (member_id, *absorbed_by(organisation_id, member_id)):
            _follow(organisation_id, sets, one, settle)
    Joining.objects.filter(organisation_id=organisation_id, member_id__in=members).delete()
    return len(members)


def _follow(organisation_id: int, sets: PublishedSets, member_id: UUID, settle: Settle) -> None:
    home = survivor_of(member_id)
    parts = sorted(sets.newest_forms)
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVING, [organisation_id, parts, _holders(organisation_id, member_id), home, member_id]
        )
        held = [Weighed(*row) for row in cursor.fetchall()]
        moved = [arrays.numbers([one.part_id for one in held]), arrays.uuids([one.event_id for one in held])]
        cursor.execute(_MOVE, [home, *moved, organisation_id])
    # What it was counted for is withdrawn while referrals still name who that was.
    settle(organisation_id, sets, [_leaves(one) for one in held])
    if home != member_id:
        named: dict[str, Any] = {"organisation": organisation_id, "member": member_id, "home": home}
        with connection.cursor() as cursor:
            for statement in (_REFERRED, _REFERRING, _BIRTHDAYS):
                cursor.execute(statement, named)
    settle(organisation_id, sets, [_arrives(one, home) for one in held])


def _leaves(one: Weighed) -> Weighed:
    return Weighed(
        one.part_id, one.event_id, one.member_id, one.period, one.happened_at, one.full, 0, one.amount
    )


def _arrives(one: Weighed, home: UUID) -> Weighed:
    return Weighed(one.part_id, one.event_id, home, one.period, one.happened_at, one.full, one.amount, 0)


def _holders(organisation_id: int, member_id: UUID) -> list[UUID]:
    """Whoever may have what this member did: themselves, and everybody they ever lived on as."""
    found, waiting = [member_id], [member_id]
    while waiting:
        merges = Merge.objects.filter(organisation_id=organisation_id, absorbed_id__in=waiting)
        waiting = [one for one in merges.values_list("survivor_id", flat=True) if one not in found]
        found += waiting
    return found
