"""What badges ask for: how much a member did in a lifetime, and how often they reached something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.engagement.definitions import DECIMALS, Kind
from plaudit.engagement.published import PublishedSet

Counts = dict[UUID, dict[str, Any]]

_DONE = """
    select member_id, part_id, amount from engagement_progress
     where organisation_id = (select %s::int) and part_id = any(%s) and period = '' and member_id = any(%s)
"""

_REACHED = """
    select member_id, part_id, count(*) from engagement_reached
     where organisation_id = (select %s::int) and part_id = any(%s) and member_id = any(%s) and stands
     group by member_id, part_id
"""


def counts_of(organisation_id: int, one: PublishedSet, members: Collection[UUID]) -> Counts:
    """The values of what the programme's badges may ask, by member and name; two statements for all of them."""
    names = {one.part_id(part): name for name, part in one.countable.items()}
    lifetime = [one.part_id(part) for part in one.countable.values() if part.kind is Kind.ACHIEVEMENT]
    reached = [part_id for part_id in names if part_id not in lifetime]
    nothing = {
        name: Decimal(0) if one.part_id(part) in lifetime else 0 for name, part in one.countable.items()
    }
    counts: Counts = {member_id: dict(nothing) for member_id in members}
    for member_id, part_id, amount in _rows(_DONE, organisation_id, lifetime, members):
        counts[member_id][names[part_id]] = Decimal(amount).scaleb(-DECIMALS)
    for member_id, part_id, times in _rows(_REACHED, organisation_id, reached, members):
        counts[member_id][names[part_id]] = times
    return counts


def _rows(
    statement: str, organisation_id: int, parts: Sequence[int], members: Collection[UUID]
) -> list[tuple[UUID, int, int]]:
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [organisation_id, list(parts), list(members)])
        return list(cursor.fetchall())


def deserved(one: PublishedSet, counts: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, set[str]]:
    """The badges whose conditions hold for each of these members, by key."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for member_id, values in counts.items():
        found[member_id] = one.badges_for(values)
    return found
