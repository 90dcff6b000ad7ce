"""Who is ahead in a competition: leaders, and the place of one member with their neighbours, without counting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.engagement.rules.ranking import ahead_of
from plaudit.foundation import arrays


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody in a competition: their place, from 1, how much they have in hundredths, and since when."""

    place: int
    member_id: UUID
    amount: int
    last_at: datetime


Row = tuple[UUID, int, datetime]

_RANKED = """
    select member_id, amount, last_at from engagement_progress
     where organisation_id = (select %(organisation)s::int) and part_id = %(part)s and period = %(period)s and ranked
"""
_LEADERS = f"{_RANKED} and amount > 0 order by amount desc, last_at, member_id limit %(limit)s"
_ONE = f"{_RANKED} and amount > 0 and member_id = %(member)s"
_AS_MUCH = f"{_RANKED} and amount = %(amount)s order by last_at, member_id"
_BEHIND = f"""
    ({_RANKED} and amount = %(amount)s and (last_at, member_id) > (%(last_at)s, %(member)s)
      order by last_at, member_id limit %(limit)s)
    union all
    ({_RANKED} and amount < %(amount)s and amount > 0 order by amount desc, last_at, member_id limit %(limit)s)
    limit %(limit)s
"""
_BEFORE = f"""
    ({_RANKED} and amount = %(amount)s and (last_at, member_id) < (%(last_at)s, %(member)s)
      order by last_at desc, member_id desc limit %(limit)s)
    union all
    ({_RANKED} and amount > %(amount)s order by amount, last_at desc, member_id desc limit %(limit)s)
    limit %(limit)s
"""
_ALIKE_BEFORE = """
    select count(*) from engagement_progress
     where organisation_id = (select %(organisation)s::int) and part_id = %(part)s and period = %(period)s and ranked
       and amount = %(amount)s and (last_at, member_id) < (%(last_at)s, %(member)s)
"""
_AHEAD = """
    select w.amount, coalesce(sum(t.members), 0)::bigint
      from unnest(%(amounts)s::bigint[], %(levels)s::int[], %(firsts)s::bigint[], %(ends)s::bigint[])
        as w (amount, level, first, "end")
      left join engagement_tally t
        on t.organisation_id = (select %(organisation)s::int) and t.part_id = %(part)s and t.period = %(period)s
       and t.level = w.level and t.drawer >= w.first and t.drawer < w."end"
     group by w.amount
"""


def leaders(organisation_id: int, part_id: int, period: str, *, limit: int, shares: bool) -> list[Ranked]:
    """The first so many; where places are shared, everybody on the last of them too."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"organisation": organisation_id, "part": part_id, "period": period}
        cursor.execute(_LEADERS, {**values, "limit": limit})
        rows: list[Row] = cursor.fetchall()
        if shares and len(rows) == limit:
            last = rows[-1][1]
            cursor.execute(_AS_MUCH, {**values, "amount": last})
            rows = [row for row in rows if row[1] > last] + cursor.fetchall()
    return _placed(rows, 1, shares=shares)


def _placed(rows: Iterable[Row], first: int, *, shares: bool) -> list[Ranked]:
    """These rows, one behind the other, the first of them on this place."""
    found: list[Ranked] = []
    for place, (member_id, amount, last_at) in enumerate(rows, start=first):
        alike = shares and bool(found) and found[-1].amount == amount
        found.append(Ranked(found[-1].place if alike else place, member_id, amount, last_at))
    return found


def around(
    organisation_id: int, part_id: int, period: str, member_id: UUID, *, neighbours: int, shares: bool
) -> list[Ranked]:
    """One member with so many before and behind, in order; nothing where they have nothing there.

    Where the first to get somewhere is ahead, it takes longer the more members have just as much.
    """
    values: dict[str, Any] = {"organisation": organisation_id, "part": part_id, "period": period}
    with connection.cursor() as cursor:
        cursor.execute(_ONE, {**values, "member": member_id})
        own: Row | None = cursor.fetchone()
        if own is None:
            return []
        beside = {**values, "member": own[0], "amount": own[1], "last_at": own[2], "limit": neighbours}
        cursor.execute(_BEFORE, beside)
        before: list[Row] = cursor.fetchall()[::-1]
        cursor.execute(_BEHIND, beside)
        rows = [*before, own, *cursor.fetchall()]
        if shares:
            ahead = _ahead(organisation_id, part_id, period, sorted({row[1] for row in rows}))
            return [Ranked(ahead[amount] + 1, who, amount, last_at) for who, amount, last_at in rows]
        cursor.execute(_ALIKE_BEFORE, beside)
        place = _ahead(organisation_id, part_id, period, [own[1]])[own[1]] + cursor.fetchone()[0] + 1
    return _placed(rows, place - len(before), shares=False)


def _ahead(organisation_id: int, part_id: int, period: str, amounts: Sequence[int]) -> dict[int, int]:
    """How many have more than each of these."""
    wanted = [(amount, one) for amount in amounts for one in ahead_of(amount)]
    with connection.cursor() as cursor:
        cursor.execute(
            _AHEAD,
            {
                "organisation": organisation_id,
                "part": part_id,
                "period": period,
                "amounts": arrays.numbers([amount for amount, _ in wanted]),
                "levels": arrays.numbers([one.level for _, one in wanted]),
                "firsts": arrays.numbers([one.first for _, one in wanted]),
                "ends": arrays.numbers([one.end for _, one in wanted]),
            },
        )
        return dict(cursor.fetchall())
