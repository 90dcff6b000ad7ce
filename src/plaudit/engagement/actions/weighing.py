"""Weighs a page of events: what each counts for which parts, and how what it counted before has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.activity.following import FollowedEvent
from plaudit.activity.types import types_by_id
from plaudit.engagement.definitions import Kind, Part, Together
from plaudit.engagement.published import EDITION, PublishedSet, PublishedSets
from plaudit.engagement.queries.referrals import Referred, referrals_of_friends
from plaudit.engagement.rules.periods import period_of_part
from plaudit.foundation import arrays
from plaudit.foundation.zones import zone_named
from plaudit.people.resolving import attributes_of


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one event counts for one part: in full, and what is left of it."""

    part_id: int
    event_id: UUID
    member_id: UUID
    period: str
    happened_at: datetime
    full: int
    amount: int
    before: int = 0
    """What was left of it until now."""


def weigh(organisation_id: int, sets: PublishedSets, events: Sequence[FollowedEvent]) -> list[Weighed]:
    """What the new ones among these events count, and the earlier ones whose corrections changed them."""
    found = _weigh_new(organisation_id, sets, [event for event in events if event.is_new])
    return found + _weigh_again(organisation_id, sets, [event for event in events if not event.is_new])


def _weigh_new(organisation_id: int, sets: PublishedSets, events: Sequence[FollowedEvent]) -> list[Weighed]:
    types = types_by_id(organisation_id)
    moments = {event.recorded_at for event in events}
    asked: dict[datetime, list[PublishedSet]] = {moment: sets.at(moment) for moment in moments}
    met = [
        (event, event.member_id, one, one.for_type(organisation_id, types[event.type_id]))
        for event in events
        if event.member_id is not None
        for one in asked[event.recorded_at]
        if one.asks_of(event.type)
    ]
    asking = {
        member for _, member, one, compiled in met if compiled.member_fields or one.definition.asks_for_clocks
    }
    attributes = attributes_of(organisation_id, asking) if asking else {}
    referring = {member for _, member, one, _ in met if one.referrals is not None}
    referred = referrals_of_friends(organisation_id, referring) if referring else {}
    found = []
    for event, member_id, one, compiled in met:
        values, problems = compiled.read(event.data)
        if problems:
            continue
        (programme,) = compiled.programmes
        known = attributes.get(member_id, {})
        mine = programme.member_values(known) if compiled.member_fields else known
        local = event.occurred_at.astimezone(one.time_zone)
        matched = {rule.key: full for rule, full in programme.match(values, mine, event.occurred_at, local)}
        for key, full in matched.items():
            if not key.startswith(EDITION):
                part = one.definition.parts[int(key)]
                if part.kind is Kind.REFERRAL and not _is_open(
                    referred.get((one.programme, member_id)), event
                ):
                    continue
                edition = matched.get(f"{EDITION} {key}")
                if part.edition is None or edition is not None:
                    day = _clock_of(part, known, one.time_zone, event.occurred_at).date()
                    period = _together(part, event) or period_of_part(part, day, edition)
                    left = left_of(part, full, event.undone)
                    found.append(
                        Weighed(one.part_id(part), event.id, member_id, period, event.occurred_at, full, left)
                    )
    return found


def _together(part: Part, event: FollowedEvent) -> str:
    """The order an event is of, where a rule is rounded for each order; "" otherwise, and without one its own."""
    if part.kind not in (Kind.ROUNDING, Kind.ROUNDED) or part.together is Together.DAY:
        return ""
    return str(event.data.get("order") or event.id)


def _is_open(referred: Referred | None, event: FollowedEvent) -> bool:
    """Whether somebody joined by a referral that this event can still make good."""
    return referred is not None and referred.redeemed_at <= event.occurred_at < referred.until


def _clock_of(part: Part, known: Mapping[str, Any], zone: ZoneInfo, moment: datetime) -> datetime:
    """The local time that the part's days go by: the programme's, or the member's where they have one."""
    if part.members_midnight:
        zone = zone_named(known.get("time_zone"), zone)
    return moment.astimezone(zone)


def left_of(part: Part, full: int, undone: Fraction) -> int:
    """What corrections leave: an event counts until it is undone whole, and a sum gets smaller with each.

    What they take of a sum is rounded down until they take the whole, as with points.
    """
    if part.sum is None:
        return full if undone < 1 else 0
    return full - int(full * undone)


_KEPT = """
    select part_id, event_id, member_id, period, happened_at, "full", amount, amount from engagement_contribution
     where organisation_id = (select %s::int) and event_id = any(%s) order by event_id, part_id
"""


def _weigh_again(organisation_id: int, sets: PublishedSets, events: Sequence[FollowedEvent]) -> list[Weighed]:
    if not events:
        return []
    undone = {event.id: event.undone for event in events}
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [organisation_id, list(undone)])
        kept = [Weighed(*row) for row in cursor.fetchall()]
    return [
        replace(one, amount=left_of(sets.part(one.part_id)[1], one.full, undone[one.event_id]))
        for one in kept
    ]


_WRITE = """
    insert into engagement_contribution (organisation_id, part_id, event_id, member_id, period, happened_at,
                                         "full", amount)
    select %s, part_id, event_id, member_id, period, happened_at, full_, amount
      from unnest(%s::int[], %s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::bigint[], %s::bigint[])
        as w (part_id, event_id, member_id, period, happened_at, full_, amount)
        on conflict (organisation_id, event_id, part_id) do update set amount = excluded.amount
"""


def write_contributions(organisation_id: int, weighed: Sequence[Weighed]) -> None:
    """Keep what these count now, each by its event and part."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                organisation_id,
                arrays.numbers([one.part_id for one in weighed]),
                arrays.uuids([one.event_id for one in weighed]),
                arrays.uuids([one.member_id for one in weighed]),
                arrays.texts([one.period for one in weighed]),
                arrays.times([one.happened_at for one in weighed]),
                arrays.numbers([one.full for one in weighed]),
                arrays.numbers([one.amount for one in weighed]),
            ],
        )
