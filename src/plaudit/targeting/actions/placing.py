"""Puts members where they stand on a ladder: worked out, written down, said and told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from plaudit.foundation import arrays, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each
from plaudit.ledger.undoing import homes_of
from plaudit.people.saying import Said, say
from plaudit.targeting.definitions import Ladder as Definition
from plaudit.targeting.definitions import read_ladder
from plaudit.targeting.models import Ladder, Tier
from plaudit.targeting.queries.counted import TAKE_PART, days_of, who_are
from plaudit.targeting.queries.looking import said_by
from plaudit.targeting.rules.calendar import day_of
from plaudit.targeting.rules.climbing import NO_LEVEL, climb


class Because(StrEnum):
    """Why members are looked at: something counted or was taken back, time passed, or the ladder changed."""

    ACTIVITY = "activity"
    TIME = "time"
    LADDER = "ladder"


@dataclass(frozen=True, slots=True)
class Place:
    """One member's place on a ladder as it is written down; levels by key, "" for none."""

    member_id: UUID
    level: str
    since: date | None
    keep_until: date | None
    amount: int
    falls_on: date | None
    falls_to: str
    look_on: date | None
    warned_of: date | None


def place_members(
    organisation_id: int, ladder: Ladder, members: Collection[UUID], *, because: Because
) -> int:
    """Put these members where what counts says they stand; how many stand elsewhere than before.

    The ladder's row is locked by the caller. Whoever was merged into another stands nowhere: what counted
    for them counts for the other.
    """
    homes = homes_of(organisation_id, sorted(members))
    alive = sorted({homes.get(member_id, member_id) for member_id in members})
    before = _places(organisation_id, ladder, {*alive, *members})
    now = clock.now()
    after = {place.member_id: place for place in _worked_out(organisation_id, ladder, alive, before, now)}
    _write(organisation_id, ladder, after.values())
    gone = [member_id for member_id in before if member_id not in after]
    _remove(organisation_id, ladder, gone)
    moved = [
        (before.get(member_id), place)
        for member_id, place in after.items()
        if place.level != (before[member_id].level if member_id in before else "")
    ]
    definition = read_ladder(ladder.definition)
    said = [Said(place.member_id, definition.standing_name, place.level or None) for _, place in moved]
    said += [Said(member_id, definition.standing_name, None) for member_id in gone]
    say(organisation_id, said, said_by=said_by(ladder), now=now)
    _tell_moves(organisation_id, ladder, definition, moved, because, now)
    _tell_warnings(organisation_id, ladder, before, after.values(), now)
    return len(moved) + len(gone)


def _places(organisation_id: int, ladder: Ladder, members: Collection[UUID]) -> dict[UUID, Place]:
    rows = Tier.objects.filter(
        organisation_id=organisation_id, ladder_id=ladder.id, member_id__in=list(members)
    )
    return {
        row[0]: Place(*row)
        for row in rows.values_list(
            "member_id",
            "level",
            "since",
            "keep_until",
            "amount",
            "falls_on",
            "falls_to",
            "look_on",
            "warned_of",
        )
    }


def _worked_out(
    organisation_id: int, ladder: Ladder, members: Sequence[UUID], before: dict[UUID, Place], now: datetime
) -> Iterable[Place]:
    definition, zone = read_ladder(ladder.definition), ZoneInfo(ladder.time_zone)
    today = day_of(now, zone)
    known = who_are(organisation_id, members)
    days = days_of(organisation_id, ladder.measure_id, members)
    for member_id in members:
        who = known.get(member_id)
        if who is None or who.state not in TAKE_PART:
            continue
        if definition.audience and who.kind not in definition.audience:
            continue
        amounts = {day: counted.amount for day, counted in days.get(member_id, {}).items()}
        anchor = who.since or day_of(who.joined_at, zone)
        place = _place(definition, member_id, amounts, today, anchor)
        if member_id in before or place.level or amounts:
            yield _warned(definition, place, before.get(member_id), today)


def _place(
    definition: Definition, member_id: UUID, amounts: dict[date, int], today: date, anchor: date
) -> Place:
    climbed = climb(definition, amounts, today=today, anchor=anchor)
    ahead = [day for day in amounts if day > today]
    looks = [day for day in (climbed.falls_on, min(ahead, default=None)) if day is not None]
    return Place(
        member_id,
        _key(definition, climbed.level),
        climbed.since,
        climbed.keep_until,
        climbed.amount,
        climbed.falls_on,
        _key(definition, climbed.falls_to),
        min(looks, default=None),
        None,
    )


def _key(definition: Definition, level: int) -> str:
    return definition.levels[level].key if level != NO_LEVEL else ""


def _warned(definition: Definition, place: Place, before: Place | None, today: date) -> Place:
    """The place with its warning: given once for a fall, `warn_days` before it."""
    if place.falls_on is None or not definition.warn_days:
        return place
    if before is not None and before.warned_of == place.falls_on and before.level == place.level:
        return replace(place, warned_of=place.falls_on)
    warn_on = place.falls_on - timedelta(days=definition.warn_days)
    if warn_on <= today:
        return replace(place, warned_of=place.falls_on)
    return replace(place, look_on=min(warn_on, place.look_on or warn_on))


_WRITE = """
    insert into targeting_tier (organisation_id, ladder_id, member_id, level, since, keep_until, amount,
                                falls_on, falls_to, look_on, warned_of)
    select %(organisation)s, %(ladder)s, t.* from unnest(
        %(members)s::uuid[], %(levels)s::text[], %(since)s::date[], %(keep)s::date[], %(amounts)s::bigint[],
        %(falls_on)s::date[], %(falls_to)s::text[], %(look_on)s::date[], %(warned)s::date[]) as t
    on conflict (organisation_id, ladder_id, member_id) do update
       set level = excluded.level, since = excluded.since, keep_until = excluded.keep_until,
           amount = excluded.amount, falls_on = excluded.falls_on, falls_to = excluded.falls_to,
           look_on = excluded.look_on, warned_of = excluded.warned_of
"""


def _write(organisation_id: int, ladder: Ladder, places: Collection[Place]) -> None:
    if not places:
        return
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "ladder": ladder.id,
        "members": arrays.uuids([one.member_id for one in places]),
        "levels": arrays.texts([one.level for one in places]),
        "since": _days([one.since for one in places]),
        "keep": _days([one.keep_until for one in places]),
        "amounts": arrays.numbers([one.amount for one in places]),
        "falls_on": _days([one.falls_on for one in places]),
        "falls_to": arrays.texts([one.falls_to for one in places]),
        "look_on": _days([one.look_on for one in places]),
        "warned": _days([one.warned_of for one in places]),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def _days(days: Sequence[date | None]) -> str:
    return arrays.texts([day.isoformat() if day is not None else None for day in days])


def _remove(organisation_id: int, ladder: Ladder, members: Collection[UUID]) -> None:
    if members:
        Tier.objects.filter(
            organisation_id=organisation_id, ladder_id=ladder.id, member_id__in=list(members)
        ).delete()


def _tell_moves(
    organisation_id: int,
    ladder: Ladder,
    definition: Definition,
    moved: Sequence[tuple[Place | None, Place]],
    because: Because,
    now: datetime,
) -> None:
    """`tier.reached` for who went up, `tier.left` for who came down; nobody is told where a new ladder finds them."""
    rank = {"": NO_LEVEL, **{level.key: number for number, level in enumerate(definition.levels)}}
    reached: list[dict[str, object]] = []
    left: list[dict[str, object]] = []
    for was, place in moved:
        before = was.level if was is not None else ""
        if was is None and because is Because.LADDER:
            continue
        facts = _facts(ladder, place) | {"before": before, "because": because.value}
        (reached if rank[place.level] > rank.get(before, NO_LEVEL) else left).append(facts)
    tell_each(organisation_id, "tier.reached", reached, happened_at=now)
    tell_each(organisation_id, "tier.left", left, happened_at=now)


def _tell_warnings(
    organisation_id: int, ladder: Ladder, before: dict[UUID, Place], places: Iterable[Place], now: datetime
) -> None:
    warned = []
    for place in places:
        was = before.get(place.member_id)
        if place.warned_of is not None and (was is None or was.warned_of != place.warned_of):
            facts = {"falls_on": place.warned_of.isoformat(), "falls_to": place.falls_to}
            warned.append(_facts(ladder, place) | facts)
    tell_each(organisation_id, "tier.will_leave", warned, happened_at=now)


def _facts(ladder: Ladder, place: Place) -> dict[str, object]:
    return {
        "programme": ladder.programme,
        "ladder": ladder.key,
        "member": show("mem", place.member_id),
        "level": place.level,
    }
