"""What the earning floor adds to the proof of the books: limits count as used what was granted under them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.earning.counting import bounds_of
from plaudit.earning.definitions import Limit as LimitDefinition
from plaudit.earning.definitions import Of, Per, read_definition
from plaudit.earning.models import Limit, RuleSet
from plaudit.foundation import arrays
from plaudit.ledger.verification.checks import Check, Reach, Row, Scope, of, register

# What every holder was granted in every period. `place` is that of the period in the arrays of starts and
# ends, which are in the order of time and do not overlap. What teams used is not checked: it depends on who
# was known to be in them when it was granted, and people are put into teams for times that have passed.
_GRANTED = f"""
    granted as (
        select {{holder}} as holder, width_bucket(t.occurred_at, %(starts)s::timestamptz[]) as place,
               t.occurred_at, t.amount - coalesce(back.amount, 0) as points
          from ledger_transfer t
          join ledger_wallet w on w.organisation_id = t.organisation_id and w.id = t.wallet_id
          left join (select r.wallet_id, r.reverses_line, sum(r.amount) as amount from ledger_transfer r
                      where {of("r")} and r.kind = 7 group by r.wallet_id, r.reverses_line) back
            on back.wallet_id = t.wallet_id and back.reverses_line = t.line
         where {of("t")} and t.kind = 1 and t.rule_id = any(%(rules)s::int[])),
    counted as (
        select g.holder, (%(periods)s::text[])[g.place] as period,
               case when %(times)s then count(*) filter (where g.points > 0) else sum(g.points) end as counted
          from granted g
         where g.place > 0 and g.occurred_at < (%(ends)s::timestamptz[])[g.place]
         group by g.holder, g.place)
    select %(key)s as "limit", u.holder, u.period, u.used, coalesce(c.counted, 0) as the_ledger_says
      from used u left join counted c on c.holder = u.holder and c.period = u.period
     where u.used <> coalesce(c.counted, 0)
"""

_OF_MEMBERS = f"""
    with used as (
        select c.member_id::text as holder, kind.value ->> 0 as period, used.value::bigint as used
          from ledger_wallet c
         cross join lateral jsonb_each(nullif(c.counts, '')::jsonb) kind
         cross join lateral jsonb_each(kind.value -> 1) used
         where c.organisation_id = %(organisation)s and used.key = %(limit)s::text
           and (%(wallets)s::bigint[] is null
                or c.member_id in (select w.member_id from ledger_wallet w where {of("w", "id")}))),
    {_GRANTED.format(holder="w.member_id::text")}
"""

_OF_ALL = f"""
    with used as (
        select b.holder, b.period, b.used from earning_budget b
         where b.organisation_id = %(organisation)s and b.limit_id = %(limit)s::int),
    {_GRANTED.format(holder="''")}
"""


@dataclass(slots=True)
class _Limited:
    """A limit as its first version had it, and every rule it ever held.

    It is `even` while no version counts otherwise, or in another time zone.
    """

    limit: LimitDefinition
    time_zone: ZoneInfo
    rule_ids: list[int] = field(default_factory=list)
    even: bool = True

    def is_like(self, limit: LimitDefinition, time_zone: ZoneInfo) -> bool:
        """Whether that version of it counts in the same way."""
        counts = (self.limit.of, self.limit.per, self.limit.every, self.time_zone)
        return counts == (limit.of, limit.per, limit.every, time_zone)


def _limited(organisation_id: int) -> dict[tuple[str, str], _Limited]:
    found: dict[tuple[str, str], _Limited] = {}
    sets = RuleSet.objects.filter(organisation_id=organisation_id).prefetch_related("rules")
    for rule_set in sets.order_by("programme", "number"):
        definition = read_definition(rule_set.definition)
        ids = {rule.key: rule.id for rule in rule_set.rules.all()}
        for rule in definition.rules:
            for limit in rule.limits:
                one = found.setdefault(
                    (definition.programme, limit.key), _Limited(limit, definition.time_zone)
                )
                one.even &= one.is_like(limit, definition.time_zone)
                one.rule_ids.append(ids[rule.key])
    return found


_PERIODS_OF_MEMBERS = """
    select distinct kind.value ->> 0
      from ledger_wallet c
     cross join lateral jsonb_each(nullif(c.counts, '')::jsonb) kind
     where c.organisation_id = %s and kind.value -> 1 ? %s::text
"""

_PERIODS_OF_ALL = "select distinct period from earning_budget where organisation_id = %s and limit_id = %s"


def _used_otherwise(scope: Scope) -> list[Row]:
    """Every use of a limit that is not what the ledger says was granted under it.

    In a run over what is new only members whose wallets changed are looked at; what many share is summed
    over everything, and left to the whole run.
    """
    limited = _limited(scope.organisation_id)
    wrong: list[Row] = []
    for row in Limit.objects.filter(organisation_id=scope.organisation_id).order_by("id"):
        one = limited.get((row.programme, row.key))
        wanted = {Per.MEMBER} if scope.wallets is not None else {Per.MEMBER, Per.ALL}
        if one is not None and one.even and one.limit.per in wanted:
            wrong += _differences(scope, row, one)
    return wrong


def _differences(scope: Scope, row: Limit, one: _Limited) -> list[Row]:
    of_members = one.limit.per is Per.MEMBER
    with connection.cursor() as cursor:
        cursor.execute(
            _PERIODS_OF_MEMBERS if of_members else _PERIODS_OF_ALL, [scope.organisation_id, row.id]
        )
        periods = sorted(period for (period,) in cursor.fetchall())
        bounds = [bounds_of(one.limit.every, period, one.time_zone) for period in periods]
        values: dict[str, Any] = {
            "organisation": scope.organisation_id,
            "wallets": None if scope.wallets is None else arrays.numbers(scope.wallets),
            "limit": row.id,
            "key": f"{row.programme}: {row.key}",
            "rules": arrays.numbers(one.rule_ids),
            "times": one.limit.of is Of.TIMES,
            "periods": arrays.texts(periods),
            "starts": arrays.times([start for start, _ in bounds]),
            "ends": arrays.times([end for _, end in bounds]),
        }
        cursor.execute(_OF_MEMBERS if of_members else _OF_ALL, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, found, strict=True)) for found in cursor.fetchall()]


register(
    Check(
        "E01",
        "What limits count as used is what was granted under them and not taken back.",
        reach=Reach.ORGANISATION,
        probe=_used_otherwise,
    )
)
