"""Turns steps that were reached, or are no longer, into activity of the programme's own, and tells of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.earning.actions.record_own import OwnActivity, record_own
from plaudit.engagement.own_activities import BADGE_EARNED, BADGE_WITHDRAWN, OwnType
from plaudit.engagement.rules.steps import Stand, Turn, turns
from plaudit.foundation import arrays, clock
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell_each


@dataclass(frozen=True, slots=True)
class Position:
    """What a member should stand at in one part, and how a turn of it is reported.

    `facts` are the data of the own activity of a stand; `when` is the moment it was reached, `badge` what it
    gives. `asked` says whether a stand is still asked for. `within` are the periods looked at, None for all.
    """

    part_id: int
    member_id: UUID
    about: str
    """What it is, as the first part of the own activity's id."""
    completed: OwnType
    withdrawn: OwnType
    wanted: Mapping[Stand, datetime]
    facts: Callable[[Stand], Mapping[str, Any]]
    badge: Callable[[Stand], str]
    asked: Callable[[Stand], bool]
    within: frozenset[str] | None = None


Kept = dict[Stand, tuple[bool, int]]


def settle_positions(organisation_id: int, positions: Sequence[Position]) -> int:
    """Let everybody stand where they should: what was reached is reported, and withdrawn what no longer is.

    Each turn is an own activity, or the correction of one, in the transaction that is open. Returns how
    many turns there were.
    """
    kept = _kept(organisation_id, {(one.part_id, one.member_id) for one in positions})
    now = clock.now()
    taken: list[tuple[Position, Turn]] = []
    for one in positions:
        known = kept[(one.part_id, one.member_id)]
        if one.within is not None:
            known = {stand: state for stand, state in known.items() if stand.period in one.within}
        taken += [(one, turn) for turn in turns(one.wanted, known, still_asked=one.asked)]
    if not taken:
        return 0
    _write(organisation_id, taken, now)
    record_own(organisation_id, [_reported(one, turn, now) for one, turn in taken])
    by_topic: dict[str, list[Mapping[str, object]]] = defaultdict(list)
    for one, turn in taken:
        topic = one.completed.name if turn.reached else one.withdrawn.name
        told = {"member": show("mem", one.member_id), **one.facts(turn.stand)}
        if badge := one.badge(turn.stand):
            told["badge"] = badge
            if one.completed is not BADGE_EARNED:
                about_it = {key: told[key] for key in ("member", "programme", "badge")}
                by_topic[BADGE_EARNED.name if turn.reached else BADGE_WITHDRAWN.name].append(about_it)
        by_topic[topic].append(told)
    for topic, told_of in sorted(by_topic.items()):
        tell_each(organisation_id, topic, told_of, happened_at=now)
    return len(taken)


def _reported(one: Position, turn: Turn, now: datetime) -> OwnActivity:
    id = f"{one.about}:{turn.stand.period}:{turn.stand.step}:{one.member_id}:{turn.times}"
    facts = one.facts(turn.stand)
    if turn.reached:
        return OwnActivity(id, one.completed.name, one.member_id, one.wanted[turn.stand], facts)
    return OwnActivity(f"{id}:withdrawn", one.withdrawn.name, one.member_id, now, facts, corrects=id)


_KEPT = """
    select r.part_id, r.member_id, r.period, r.step, r.stands, r.times
      from unnest(%s::int[], %s::uuid[]) as wanted (part_id, member_id)
      join engagement_reached r
        on r.organisation_id = (select %s::int) and r.part_id = wanted.part_id and r.member_id = wanted.member_id
     order by r.part_id, r.member_id, r.period, r.step for update of r
"""


def _kept(organisation_id: int, wanted: set[tuple[int, UUID]]) -> defaultdict[tuple[int, UUID], Kept]:
    ordered = sorted(wanted)
    found: defaultdict[tuple[int, UUID], Kept] = defaultdict(dict)
    with connection.cursor() as cursor:
        parts, members = [part for part, _ in ordered], [member for _, member in ordered]
        cursor.execute(_KEPT, [arrays.numbers(parts), arrays.uuids(members), organisation_id])
        for part_id, member_id, period, step, stands, times in cursor.fetchall():
            found[(part_id, member_id)][Stand(period, step)] = (stands, times)
    return found


_WRITE = """
    insert into engagement_reached (organisation_id, part_id, member_id, period, step, stands, times, reached_at, badge)
    select %s, part_id, member_id, period, step, stands, times, reached_at, badge
      from unnest(%s::int[], %s::uuid[], %s::text[], %s::bigint[], %s::bool[], %s::int[], %s::timestamptz[],
                  %s::text[])
        as w (part_id, member_id, period, step, stands, times, reached_at, badge)
        on conflict (organisation_id, part_id, period, member_id, step)
        do update set stands = excluded.stands, times = excluded.times, badge = excluded.badge,
                      reached_at = case when excluded.stands then excluded.reached_at
                                        else engagement_reached.reached_at end
"""


def _write(organisation_id: int, taken: Sequence[tuple[Position, Turn]], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                organisation_id,
                arrays.numbers([one.part_id for one, _ in taken]),
                arrays.uuids([one.member_id for one, _ in taken]),
                arrays.texts([turn.stand.period for _, turn in taken]),
                arrays.numbers([turn.stand.step for _, turn in taken]),
                [turn.reached for _, turn in taken],
                arrays.numbers([turn.times for _, turn in taken]),
                arrays.times([one.wanted.get(turn.stand, now) for one, turn in taken]),
                arrays.texts([one.badge(turn.stand) for one, turn in taken]),
            ],
        )
