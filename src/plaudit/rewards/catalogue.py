"""Checks the catalogue: is each reward wanted, what does a point buy in it, who can reach it, is there a choice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import connection

from plaudit.foundation import clock
from plaudit.ledger.rates import earning_between
from plaudit.rewards.queries import Offer, offers
from plaudit.rewards.weighing import days_to_earn, is_reachable, value_of_a_point, variety

WISHED = "reward.wished"
"""The type of event by which a survey, or a button, reports that a member wishes for a reward (`data.reward`)."""


@dataclass(frozen=True, slots=True)
class Interest:
    """How often a segment redeemed a reward in the time looked at, and how many of it wished for it."""

    redemptions: int = 0
    wishes: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """One reward weighed; of a ladder each step by itself. `price` is in the unit's smallest part.

    `cents` is what a point buys, exactly, in minor units. `median_days` and `slow_days` say how long the
    price takes at the pace of the member in the middle and of the slowest fifth's fastest, None for never.
    `interest` is by segment: `all`, each kind of member, and each standing such as `tier=gold`.
    """

    key: str
    name: str
    kind: str
    unit: str
    price: int
    cents: Fraction | None
    median_days: int | None
    slow_days: int | None
    reachable: bool
    left: int | None
    interest: dict[str, Interest] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checkup:
    """The whole catalogue. `unreachable` names rewards no step of which is earned within `within_days` at the median.

    `earners` counts, by unit, the members whose pace was looked at.
    """

    since: datetime
    until: datetime
    within_days: int
    rewards: list[Checked]
    variety: Fraction
    unreachable: list[str]
    earners: dict[str, int]


def check_catalogue(organisation_id: int, *, days: int = 90, within_days: int = 365) -> Checkup:
    """Weigh everything on offer now, by what happened in the last `days` days."""
    until = clock.now()
    since = until - timedelta(days=days)
    found = offers(organisation_id)
    pace = earning_between(organisation_id, since, until)
    interest = _interest(organisation_id, since)
    checked = []
    for one in found:
        earned = pace.get(one.unit.id)
        for price, value_minor in _prices(one):
            median = days_to_earn(price, earned.median if earned else 0, days)
            checked.append(
                Checked(
                    key=one.key,
                    name=one.name,
                    kind=one.kind,
                    unit=one.unit.key,
                    price=price,
                    cents=value_of_a_point(value_minor, price, one.unit.precision),
                    median_days=median,
                    slow_days=days_to_earn(price, earned.slow if earned else 0, days),
                    reachable=is_reachable(median, within_days),
                    left=one.left,
                    interest=interest.get(one.key, {}),
                )
            )
    reached = {one.key for one in checked if one.reachable}
    units = {one.unit.id: one.unit.key for one in found}
    return Checkup(
        since=since,
        until=until,
        within_days=within_days,
        rewards=checked,
        variety=variety(one.kind for one in found),
        unreachable=sorted({one.key for one in found} - reached),
        earners={key: pace[unit_id].members if unit_id in pace else 0 for unit_id, key in units.items()},
    )


def _prices(one: Offer) -> list[tuple[int, int | None]]:
    if one.ladder:
        return [(step.price, step.value_minor) for step in one.ladder]
    return [(one.price, one.value_minor)]


# Every member is of the segment `all`, of their kind, and of what stands of them in short texts.
_INTEREST = """
    with wanted as (
        select w.key, r.member_id, 1 as redemptions, 0 as wishes
          from rewards_redemption r join rewards_reward w on w.organisation_id = r.organisation_id and w.id = r.reward_id
         where r.organisation_id = %(organisation)s and r.state <> 'cancelled' and r.ordered_at >= %(since)s
         union all
        select distinct e.data ->> 'reward', e.member_id, 0, 1
          from activity_event e
          join activity_event_type t on t.organisation_id = e.organisation_id and t.id = e.type_id and t.name = %(wished)s
         where e.organisation_id = %(organisation)s and e.occurred_at >= %(since)s and e.member_id is not null),
    segment as (
        select m.id as member_id, unnest(array['all', m.kind]) as name
          from people_member m where m.organisation_id = %(organisation)s
         union all
        select s.member_id, s.name || '=' || (s.value #>> '{}')
          from people_standing s
         where s.organisation_id = %(organisation)s and jsonb_typeof(s.value) = 'string')
    select wanted.key, segment.name, sum(wanted.redemptions)::bigint, sum(wanted.wishes)::bigint
      from wanted join segment on segment.member_id = wanted.member_id
     group by wanted.key, segment.name order by wanted.key, segment.name
"""


def _interest(organisation_id: int, since: datetime) -> dict[str, dict[str, Interest]]:
    found: dict[str, dict[str, Interest]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_INTEREST, {"organisation": organisation_id, "since": since, "wished": WISHED})
        for key, segment, redemptions, wishes in cursor.fetchall():
            found[key][segment] = Interest(redemptions, wishes)
    return found
