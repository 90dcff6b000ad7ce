"""Adds what events count to how far members are, one statement for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from plaudit.engagement.actions.weighing import Weighed
from plaudit.foundation import arrays


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a member now is in one period of one part, and was before. `last_at` is None where nothing is left."""

    part_id: int
    period: str
    member_id: UUID
    before: int
    amount: int
    last_at: datetime | None


_LOCKED = """
    select p.part_id, p.period, p.member_id, p.amount, p.last_at
      from unnest(%s::int[], %s::text[], %s::uuid[]) as m (part_id, period, member_id)
      join engagement_progress p
        on p.organisation_id = (select %s::int) and p.part_id = m.part_id and p.period = m.period
       and p.member_id = m.member_id
     order by p.part_id, p.period, p.member_id for update of p
"""

_LAST = """
    select m.part_id, m.period, m.member_id, max(c.happened_at)
      from unnest(%s::int[], %s::text[], %s::uuid[]) as m (part_id, period, member_id)
      join engagement_contribution c
        on c.organisation_id = (select %s::int) and c.part_id = m.part_id and c.member_id = m.member_id
       and c.period = m.period and c.amount > 0
     group by m.part_id, m.period, m.member_id
"""

_WRITE = """
    insert into engagement_progress (organisation_id, part_id, period, member_id, amount, last_at, ranked)
    select %s, m.part_id, m.period, m.member_id, m.amount, m.last_at, m.part_id = any(ranked.parts)
      from unnest(%s::int[], %s::text[], %s::uuid[], %s::bigint[], %s::timestamptz[])
        as m (part_id, period, member_id, amount, last_at)
     cross join (select %s::int[] as parts) ranked
        on conflict (organisation_id, part_id, period, member_id)
        do update set amount = excluded.amount, last_at = excluded.last_at
"""


Key = tuple[int, str, UUID]


def progress(
    organisation_id: int, weighed: Sequence[Weighed], *, ranked: Collection[int] = ()
) -> list[Moved]:
    """Move everybody on, or back, by what these count more or less than before; where they all are now.

    What these count must be written already. `ranked` are the parts that are competitions.
    """
    sums: dict[Key, int] = defaultdict(int)
    last: dict[Key, datetime] = {}
    taken: set[Key] = set()
    for one in weighed:
        key = (one.part_id, one.period, one.member_id)
        sums[key] += one.amount - one.before
        if one.amount < max(one.full, one.before):
            taken.add(key)
        last[key] = max(one.happened_at, last.get(key, one.happened_at))
    keys = sorted(sums)
    if not keys:
        return []
    before = _before(organisation_id, keys)
    # Where something was taken back, the last that is left may be an earlier one.
    left = _last_left(organisation_id, [key for key in keys if key in taken])
    moved = []
    for key in keys:
        amount, last_at = before.get(key, (0, None))
        latest = left.get(key) if key in taken else max(last[key], last_at or last[key])
        moved.append(Moved(*key, before=amount, amount=amount + sums[key], last_at=latest))
    _write(organisation_id, [one for one in moved if one.amount != one.before], ranked)
    return moved


def _keys(keys: Sequence[Key]) -> list[str]:
    return [
        arrays.numbers([part_id for part_id, _, _ in keys]),
        arrays.texts([period for _, period, _ in keys]),
        arrays.uuids([member_id for _, _, member_id in keys]),
    ]


def _before(organisation_id: int, keys: Sequence[Key]) -> dict[Key, tuple[int, datetime | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED, [*_keys(keys), organisation_id])
        return {
            (part_id, period, member_id): (amount, last_at)
            for part_id, period, member_id, amount, last_at in cursor.fetchall()
        }


def _last_left(organisation_id: int, keys: Sequence[Key]) -> dict[Key, datetime]:
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [*_keys(keys), organisation_id])
        return {
            (part_id, period, member_id): last_at for part_id, period, member_id, last_at in cursor.fetchall()
        }


def _write(organisation_id: int, moved: Sequence[Moved], ranked: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                organisation_id,
                *_keys([(one.part_id, one.period, one.member_id) for one in moved]),
                arrays.numbers([one.amount for one in moved]),
                arrays.times([one.last_at for one in moved]),
                list(ranked),
            ],
        )
