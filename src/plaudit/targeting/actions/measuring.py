"""Counts events under a measure: each event's own part, and with it the sums of the days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.activity.following import FollowedEvent
from plaudit.activity.types import declared_types
from plaudit.foundation import arrays
from plaudit.ledger.places import Kind
from plaudit.ledger.reversing import posted_for_events
from plaudit.ledger.units import units_by_key
from plaudit.targeting.counting import compile_count
from plaudit.targeting.definitions import read_measure
from plaudit.targeting.models import Measure
from plaudit.targeting.rules.calendar import day_of


@dataclass(frozen=True, slots=True)
class Part:
    """What one event counts for one member: 0 or 1 times, and an amount, on the day it happened."""

    event_id: UUID
    member_id: UUID
    day: date
    times: int
    amount: int


_REPLACE = """
    with now_counted as (
        select * from unnest(%(events)s::uuid[], %(members)s::uuid[], %(days)s::date[], %(times)s::int[],
                             %(amounts)s::bigint[]) as n (event_id, member_id, day, times, amount)),
    before as (
        select c.event_id, c.member_id, c.day, c.times, c.amount from targeting_counted c
         where c.organisation_id = %(organisation)s and c.measure_id = %(measure)s
           and c.event_id = any(%(given)s::uuid[])),
    changed as (
        select member_id, day, sum(times)::int as times, sum(amount)::bigint as amount
          from (select member_id, day, times, amount from now_counted
                 union all select member_id, day, -times, -amount from before) both_ways
         group by member_id, day having sum(times) <> 0 or sum(amount) <> 0),
    gone as (
        delete from targeting_counted c using before b
         where c.organisation_id = %(organisation)s and c.measure_id = %(measure)s
           and c.event_id = b.event_id and c.member_id = b.member_id
           and not exists (select 1 from now_counted n
                            where n.event_id = b.event_id and n.member_id = b.member_id)),
    kept as (
        insert into targeting_counted (organisation_id, measure_id, event_id, member_id, day, times, amount)
        select %(organisation)s, %(measure)s, event_id, member_id, day, times, amount from now_counted
        on conflict (organisation_id, measure_id, event_id, member_id)
        do update set day = excluded.day, times = excluded.times, amount = excluded.amount),
    summed as (
        update targeting_daily d set times = d.times + c.times, amount = d.amount + c.amount from changed c
         where d.organisation_id = %(organisation)s and d.measure_id = %(measure)s
           and d.member_id = c.member_id and d.day = c.day),
    begun as (
        insert into targeting_daily (organisation_id, measure_id, member_id, day, times, amount)
        select %(organisation)s, %(measure)s, member_id, day, times, amount from changed c
         where not exists (select 1 from targeting_daily d
                            where d.organisation_id = %(organisation)s and d.measure_id = %(measure)s
                              and d.member_id = c.member_id and d.day = c.day))
    select distinct member_id from changed
"""


def count_page(organisation_id: int, measure: Measure, events: Sequence[FollowedEvent]) -> set[UUID]:
    """Count these events under the measure, in place of what each counted before; whose days changed.

    The measure's row is locked by the caller: its days are summed by one at a time.
    """
    parts = list(_parts(organisation_id, measure, events))
    with connection.cursor() as cursor:
        cursor.execute(
            _REPLACE,
            {
                "organisation": organisation_id,
                "measure": measure.id,
                "given": arrays.uuids([event.id for event in events]),
                "events": arrays.uuids([part.event_id for part in parts]),
                "members": arrays.uuids([part.member_id for part in parts]),
                "days": arrays.texts([part.day.isoformat() for part in parts]),
                "times": arrays.numbers([part.times for part in parts]),
                "amounts": arrays.numbers([part.amount for part in parts]),
            },
        )
        return {member_id for (member_id,) in cursor.fetchall()}


def _parts(organisation_id: int, measure: Measure, events: Sequence[FollowedEvent]) -> Iterable[Part]:
    definition, zone = read_measure(measure.definition), ZoneInfo(measure.time_zone)
    if definition.earned:
        yield from _points_earned(organisation_id, definition.earned, events, zone)
        return
    declared = declared_types(organisation_id).get(definition.on)
    if declared is None:
        return
    count = compile_count(definition, declared.fields, zone)
    for event in events:
        if event.type != definition.on or event.member_id is None or event.undone >= 1:
            continue
        counted = count(event.data, event.occurred_at)
        if counted is None:
            continue
        left = counted if not event.undone else counted - int(counted * event.undone)
        amount = left if definition.amount else 1
        yield Part(event.id, event.member_id, day_of(event.occurred_at, zone), 1, amount)


def _points_earned(
    organisation_id: int, unit: str, events: Sequence[FollowedEvent], zone: ZoneInfo
) -> Iterable[Part]:
    """What rules granted for each event, less what was taken back of it."""
    policy = units_by_key(organisation_id).get(unit)
    if policy is None:
        return
    earned: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for posted in posted_for_events(organisation_id, [event.id for event in events]):
        if posted.kind is Kind.ACCRUAL and posted.unit_id == policy.id and posted.event_id is not None:
            earned[(posted.event_id, posted.member_id)] += posted.left
    days = {event.id: day_of(event.occurred_at, zone) for event in events}
    for (event_id, member_id), amount in earned.items():
        if amount:
            yield Part(event_id, member_id, days[event_id], 1, amount)
