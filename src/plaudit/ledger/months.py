"""What points did month by month: of sealed periods as their seals say, of what came since as the rows say.

A seal holds the sums of its period by the month in which things occurred. Sealed periods do not change, so
whoever asks for a year reads its seals and the rows since the last one, not the whole book.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass
from typing import Any

from django.db import connection

from plaudit.ledger.sealing import Period

Figures = dict[str, dict[str, dict[str, int]]]
"""By unit's key and month: {"points": {"2026-03": {"issued": 12, "redeemed": 0, "expired": 0, "members": 2}}}."""


@dataclass(frozen=True, slots=True)
class Month:
    """What one unit's points did in one month, in smallest parts, net of what was taken back.

    `month` is such as "2026-03", in the time zone asked for; `members` is how many were granted any.
    """

    unit_id: int
    month: str
    issued: int
    redeemed: int
    expired: int
    members: int


# Whoever was granted points in the month before this period is counted there. A wallet's rows lie together.
_MONTHS = """
    with moved as (
        select t.wallet_id, date_trunc('month', t.occurred_at at time zone %(zone)s) as month,
               coalesce(sum(t.amount) filter (where t.source in (11, 14)), 0)
                 - coalesce(sum(t.amount) filter (where t.target in (11, 14)), 0) as issued,
               coalesce(sum(t.amount) filter (where t.target = 12), 0)
                 - coalesce(sum(t.amount) filter (where t.source = 12), 0) as redeemed,
               coalesce(sum(t.amount) filter (where t.target = 13), 0)
                 - coalesce(sum(t.amount) filter (where t.source = 13), 0) as expired,
               bool_or(t.source = 11) as granted
          from ledger_transfer t
         where t.organisation_id = %(organisation)s
           and t.recorded_at >= coalesce(%(since)s, '-infinity'::timestamptz)
           and t.recorded_at < coalesce(%(until)s, 'infinity'::timestamptz)
         group by 1, 2
    )
    select u.id, u.key, to_char(m.month, 'YYYY-MM'), sum(m.issued)::bigint, sum(m.redeemed)::bigint,
           sum(m.expired)::bigint,
           count(*) filter (where m.granted and (%(since)s::timestamptz is null or not exists (
                select from ledger_transfer e
                 where e.organisation_id = %(organisation)s and e.wallet_id = m.wallet_id and e.source = 11
                   and e.recorded_at < %(since)s
                   and e.occurred_at >= m.month at time zone %(zone)s
                   and e.occurred_at < (m.month + interval '1 month') at time zone %(zone)s)))
      from moved m
      join ledger_wallet w on w.organisation_id = %(organisation)s and w.id = m.wallet_id
      join ledger_unit u on u.id = w.unit_id
     group by u.id, u.key, m.month
     order by u.id, m.month
"""

_SEALED = """
    select u.id, m.month, sum((m.sums ->> 'issued')::bigint)::bigint, sum((m.sums ->> 'redeemed')::bigint)::bigint,
           sum((m.sums ->> 'expired')::bigint)::bigint, sum((m.sums ->> 'members')::bigint)::bigint
      from ledger_seal s
     cross join lateral jsonb_each(s.months) as unit(key, months)
     cross join lateral jsonb_each(unit.months) as m(month, sums)
      join ledger_unit u on u.organisation_id = s.organisation_id and u.key = unit.key
     where s.organisation_id = %(organisation)s and m.month >= %(first)s
     group by u.id, m.month
"""

_SEALS = """
    select max(sealed_until), coalesce(bool_and(time_zone = %(zone)s), true)
      from ledger_seal where organisation_id = %(organisation)s
"""


def months(organisation_id: int, *, first: str, time_zone: str) -> list[Month]:
    """What was issued, redeemed and expired in each month from `first`, such as "2026-03": unit by unit.

    Where seals were made while the organisation kept another time zone, all is counted from the rows.
    """
    values: dict[str, Any] = {"organisation": organisation_id, "zone": time_zone, "first": first}
    found: Counter[tuple[int, str, str]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_SEALS, values)
        sealed_until, same_zone = cursor.fetchone()
        if same_zone:
            cursor.execute(_SEALED, values)
            for row in cursor.fetchall():
                _count(found, Month(*row))
        cursor.execute(_MONTHS, {**values, "since": sealed_until if same_zone else None, "until": None})
        for unit_id, _key, month, *sums in cursor.fetchall():
            if month >= first:
                _count(found, Month(unit_id, month, *sums))
    return [
        Month(unit_id, month, *(found[unit_id, month, name] for name in _NAMES))
        for unit_id, month in sorted({(unit_id, month) for unit_id, month, _name in found})
    ]


def months_of(organisation_id: int, period: Period, *, time_zone: str) -> Figures:
    """What a period adds to each month, for its seal."""
    found: Figures = {}
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "zone": time_zone,
        "since": period.since,
        "until": period.until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, values)
        for _unit_id, key, month, *sums in cursor.fetchall():
            found.setdefault(key, {})[month] = dict(zip(_NAMES, sums, strict=True))
    return found


_NAMES = ("issued", "redeemed", "expired", "members")


def _count(found: Counter[tuple[int, str, str]], one: Month) -> None:
    for name, amount in zip(_NAMES, astuple(one)[2:], strict=True):
        found[one.unit_id, one.month, name] += amount
