"""Competitions: who is ahead is tallied as it changes; when a round is over its results are kept and rewarded once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.earning.counting import bounds_of
from plaudit.earning.definitions import Every
from plaudit.engagement.actions.progressing import Moved
from plaudit.engagement.definitions import Part, shown_count
from plaudit.engagement.models import Result, Round
from plaudit.engagement.own_activities import BADGE_EARNED, COMPETITION_WON
from plaudit.engagement.published import PublishedSet, published_sets
from plaudit.engagement.queries.ranking import Ranked, leaders
from plaudit.engagement.rules.ranking import Drawer, drawers_of
from plaudit.foundation import arrays, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell, tell_each
from plaudit.foundation.tenancy import act

KEPT = 100
"""So many leaders are kept of a decided round, and more where more have prizes or share a place."""

_TALLY = """
    insert into engagement_tally as t (organisation_id, part_id, period, level, drawer, members)
    select %s, part_id, period, level, drawer, members
      from unnest(%s::int[], %s::text[], %s::int[], %s::bigint[], %s::int[])
        as w (part_id, period, level, drawer, members)
        on conflict (organisation_id, part_id, period, level, drawer) do update set members = t.members + excluded.members
"""

_TALLY_LESS = """
    update engagement_tally t set members = t.members + w.members
      from unnest(%s::int[], %s::text[], %s::int[], %s::bigint[], %s::int[])
        as w (part_id, period, level, drawer, members)
     where t.organisation_id = (select %s::int) and t.part_id = w.part_id and t.period = w.period
       and t.level = w.level and t.drawer = w.drawer
"""

_OPEN = """
    insert into engagement_round (organisation_id, part_id, period, ends_at)
    select %s, part_id, period, ends_at from unnest(%s::int[], %s::text[], %s::timestamptz[])
        as r (part_id, period, ends_at)
        on conflict (organisation_id, part_id, period) do update set ends_at = excluded.ends_at
     where engagement_round.decided_at is null
"""


def tally(organisation_id: int, one: PublishedSet, part: Part, moved: Sequence[Moved]) -> None:
    """Tally where these competitors have gone, and open the rounds they are in."""
    changes: Counter[tuple[str, Drawer]] = Counter()
    for mover in moved:
        changes.subtract((mover.period, drawer) for drawer in drawers_of(mover.before))
        changes.update((mover.period, drawer) for drawer in drawers_of(mover.amount))
    part_id = one.part_id(part)
    more = sorted((key, count) for key, count in changes.items() if count > 0)
    less = sorted((key, count) for key, count in changes.items() if count < 0)
    periods = sorted({mover.period for mover in moved})
    ends = [ends_at(one, part, period) for period in periods]
    with connection.cursor() as cursor:
        if more:
            cursor.execute(_TALLY, [organisation_id, *_columns(part_id, more)])
        if less:
            cursor.execute(_TALLY_LESS, [*_columns(part_id, less), organisation_id])
        parts = arrays.numbers([part_id] * len(periods))
        cursor.execute(_OPEN, [organisation_id, parts, arrays.texts(periods), arrays.times(ends)])


def _columns(part_id: int, changes: Sequence[tuple[tuple[str, Drawer], int]]) -> list[str]:
    return [
        arrays.numbers([part_id] * len(changes)),
        arrays.texts([period for (period, _), _ in changes]),
        arrays.numbers([drawer.level for (_, drawer), _ in changes]),
        arrays.numbers([drawer.number for (_, drawer), _ in changes]),
        arrays.numbers([count for _, count in changes]),
    ]


def ends_at(one: PublishedSet, part: Part, period: str) -> datetime | None:
    """When a round can be decided; None where it has no end."""
    ends = [part.ends_at] if part.ends_at is not None else []
    if part.every is not Every.LIFETIME:
        ends.append(bounds_of(part.every, period, one.time_zone)[1])
    return min(ends).astimezone(UTC) + timedelta(days=part.wait_days) if ends else None


def decide_rounds(organisation_id: int) -> int:
    """Decide every round that is over, each in a transaction of its own; how many were decided.

    The book must have been followed to its end.
    """
    decided = 0
    while act(organisation_id, lambda: _decide_one(organisation_id)):
        decided += 1
    return decided


def _decide_one(organisation_id: int) -> bool:
    now = clock.now()
    due = Round.objects.select_for_update().filter(
        organisation_id=organisation_id, decided_at__isnull=True, ends_at__lte=now
    )
    # Whoever waited for a round that was decided meanwhile finds none, and leaves the rest to the one that did.
    found = due.order_by("ends_at", "part_id", "period").first()
    if found is None:
        return False
    one, part = published_sets(organisation_id).part(found.part_id)
    prizes = {step.at: step for step in part.steps}
    ranked = leaders(
        organisation_id, found.part_id, found.period, limit=max(KEPT, *prizes), shares=part.shares_places
    )
    _keep(organisation_id, found, ranked, {place: step.badge for place, step in prizes.items()})
    Round.objects.filter(organisation_id=organisation_id, part_id=found.part_id, period=found.period).update(
        decided_at=now
    )
    facts = {"programme": one.programme, "competition": part.key, "period": found.period}
    record_own(
        organisation_id,
        [
            OwnActivity(
                f"competition:{one.programme}:{part.key}:{found.period}:{leader.member_id}",
                COMPETITION_WON.name,
                leader.member_id,
                now,
                {**facts, "place": leader.place},
            )
            for leader in ranked
            if leader.place in prizes
        ],
    )
    told = [
        {"member": show("mem", leader.member_id), "place": leader.place, "amount": shown_count(leader.amount)}
        for leader in ranked
        if leader.place in prizes
    ]
    _tell_badges(organisation_id, one, ranked, {place: step.badge for place, step in prizes.items()})
    tell(organisation_id, "competition.decided", {**facts, "winners": told}, happened_at=now)
    return True


def _tell_badges(
    organisation_id: int, one: PublishedSet, ranked: Sequence[Ranked], badges: Mapping[int, str]
) -> None:
    told = [
        {"member": show("mem", leader.member_id), "programme": one.programme, "badge": badges[leader.place]}
        for leader in ranked
        if badges.get(leader.place)
    ]
    tell_each(organisation_id, BADGE_EARNED.name, told, happened_at=clock.now())


def _keep(organisation_id: int, found: Round, ranked: Sequence[Ranked], badges: dict[int, str]) -> None:
    Result.objects.bulk_create(
        [
            Result(
                organisation_id=organisation_id,
                part_id=found.part_id,
                period=found.period,
                member_id=leader.member_id,
                place=leader.place,
                amount=leader.amount,
                last_at=leader.last_at,
                badge=badges.get(leader.place, ""),
            )
            for leader in ranked
        ]
    )
