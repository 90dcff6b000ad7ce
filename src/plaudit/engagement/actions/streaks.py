"""Streaks: which lengths members have reached, and what their events earn besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from plaudit.engagement.actions.progressing import Moved
from plaudit.engagement.actions.reaching import Position
from plaudit.engagement.definitions import Part
from plaudit.engagement.own_activities import (
    STREAK_EXTENDED,
    STREAK_REACHED,
    STREAK_SHORTENED,
    STREAK_WITHDRAWN,
)
from plaudit.engagement.published import PublishedSet
from plaudit.engagement.rules.steps import Stand
from plaudit.engagement.rules.streaks import is_asked, lengths_reached, rows_of, step_behind
from plaudit.foundation.ids import show
from plaudit.ledger.places import Kind as TransferKind
from plaudit.ledger.undoing import undoing_of_events
from plaudit.ledger.units import units_by_key

Rows = list[list[str]]


def positions_in_streak(
    organisation_id: int, one: PublishedSet, part: Part, moved: Sequence[Moved]
) -> list[Position]:
    """Where these members now stand in a streak, and what each of its events earns besides."""
    counted = _counted(organisation_id, one.part_id(part), {member.member_id for member in moved})
    rows = {member_id: rows_of(part, periods) for member_id, periods in counted.items()}
    positions = [
        _position(one, part, member_id, rows.get(member_id, []), counted.get(member_id, {}))
        for member_id in sorted({member.member_id for member in moved})
    ]
    if part.multiply is not None:
        positions += _extras(organisation_id, one, part, moved, rows)
    return positions


def _position(
    one: PublishedSet, part: Part, member_id: UUID, rows: Rows, counted: dict[str, datetime]
) -> Position:
    badges = {step.at: step.badge for step in part.steps}
    return Position(
        part_id=one.part_id(part),
        member_id=member_id,
        about=f"streak:{one.programme}:{part.key}",
        completed=STREAK_REACHED,
        withdrawn=STREAK_WITHDRAWN,
        wanted={
            Stand(row[0], length): counted[row[length - 1]]
            for row in rows
            for length in lengths_reached(part, len(row))
        },
        facts=lambda stand: {
            "programme": one.programme,
            "streak": part.key,
            "since": stand.period,
            "length": stand.step,
            "goal": step_behind(part, stand.step),
        },
        badge=lambda stand: badges.get(stand.step, ""),
        asked=lambda stand: is_asked(part, stand.step),
    )


def _extras(
    organisation_id: int,
    one: PublishedSet,
    part: Part,
    moved: Iterable[Moved],
    rows: dict[UUID, Rows],
) -> list[Position]:
    """From the first step of a row on, each event earns as much again as it earned, times what is over one.

    A day that comes or goes moves the places of those after it, so all of these are looked at.
    """
    first = part.steps[0].at if part.steps else 1
    since: dict[UUID, str] = {}
    for member in moved:
        since[member.member_id] = min(member.period, since.get(member.member_id, member.period))
    events = _events_since(organisation_id, one.part_id(part), since)
    earning = {
        (member_id, period)
        for member_id, its_rows in rows.items()
        for row in its_rows
        for period in row[first - 1 :]
    }
    counting = {event: key for event, (*key, amount) in events.items() if amount and tuple(key) in earning}
    unit = units_by_key(organisation_id)[part.unit]
    earned = _earned(organisation_id, sorted(counting), unit.id)
    assert part.multiply is not None
    by_member: dict[UUID, dict[Stand, datetime]] = defaultdict(dict)
    looked_at: dict[UUID, set[str]] = defaultdict(set)
    for event, (member_id, _, _) in events.items():
        looked_at[member_id].add(str(event))
        amount, at = earned.get(event, (0, None))
        extra = int(amount * (part.multiply - 1))
        if extra > 0 and at is not None:
            by_member[member_id][Stand(str(event), extra)] = at
    return [
        _extra(one, part, member_id, by_member[member_id], frozenset(periods), unit.precision)
        for member_id, periods in sorted(looked_at.items())
    ]


def _extra(
    one: PublishedSet,
    part: Part,
    member_id: UUID,
    wanted: dict[Stand, datetime],
    events: frozenset[str],
    precision: int,
) -> Position:
    return Position(
        part_id=one.extra_id(part),
        member_id=member_id,
        about=f"extra:{one.programme}:{part.key}",
        completed=STREAK_EXTENDED,
        withdrawn=STREAK_SHORTENED,
        wanted=wanted,
        facts=lambda stand: {
            "programme": one.programme,
            "streak": part.key,
            "activity": show("act", UUID(stand.period)),
            "extra": Decimal(stand.step).scaleb(-precision),
        },
        badge=lambda _: "",
        asked=lambda _: True,
        within=events,
    )


def _earned(organisation_id: int, events: Sequence[UUID], unit_id: int) -> dict[UUID, tuple[int, datetime]]:
    """What is left of what these events were granted of the unit, and when they happened."""
    found: dict[UUID, tuple[int, datetime]] = {}
    for one in undoing_of_events(organisation_id, events).posted if events else ():
        if one.event_id is not None and one.unit_id == unit_id and one.kind is TransferKind.ACCRUAL:
            before, _ = found.get(one.event_id, (0, one.occurred_at))
            found[one.event_id] = (before + one.left, one.occurred_at)
    return found


_COUNTED = """
    select p.member_id, p.period, p.last_at from engagement_progress p
     where p.organisation_id = (select %s::int) and p.member_id = any(%s) and p.part_id = %s and p.amount > 0
"""


def _counted(organisation_id: int, part_id: int, members: Iterable[UUID]) -> dict[UUID, dict[str, datetime]]:
    found: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [organisation_id, list(members), part_id])
        for member_id, period, last_at in cursor.fetchall():
            found[member_id][period] = last_at
    return found


_SINCE = """
    select c.event_id, c.member_id, c.period, c.amount
      from unnest(%s::uuid[], %s::text[]) as wanted (member_id, period)
      join engagement_contribution c
        on c.organisation_id = (select %s::int) and c.part_id = %s and c.member_id = wanted.member_id
       and c.period >= wanted.period
"""


def _events_since(
    organisation_id: int, part_id: int, since: dict[UUID, str]
) -> dict[UUID, tuple[UUID, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [list(since), list(since.values()), organisation_id, part_id])
        return {event: (member_id, period, amount) for event, member_id, period, amount in cursor.fetchall()}
