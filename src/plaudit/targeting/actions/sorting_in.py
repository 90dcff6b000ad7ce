"""Sorts members into a segment and out of it: written down, said and told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.foundation import clock
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.ids import show
from plaudit.foundation.news import tell
from plaudit.ledger.undoing import homes_of
from plaudit.people.resolving import attributes_of
from plaudit.people.saying import Said, say
from plaudit.targeting.definitions import Segment as Definition
from plaudit.targeting.definitions import read_segment
from plaudit.targeting.models import Belonging, Segment
from plaudit.targeting.queries.counted import TAKE_PART, who_are
from plaudit.targeting.queries.facts import facts_of, in_teams
from plaudit.targeting.queries.looking import segments_say
from plaudit.targeting.rules.calendar import day_of
from plaudit.targeting.sorting import Belongs, compile_segment

_TOLD_AT_A_TIME = 500


def sort_members(organisation_id: int, segment: Segment, members: Collection[UUID]) -> int:
    """Put each of these members into the segment or out of it, as its condition holds now; how many changed.

    The segment's row is locked by the caller. Whoever was merged into another is in no segment.
    """
    homes = homes_of(organisation_id, sorted(members))
    asked = sorted({*members, *homes.values()})
    now = clock.now()
    inside = _belonging(organisation_id, segment, [one for one in asked if one not in homes], now)
    mine = Belonging.objects.filter(organisation_id=organisation_id, segment_id=segment.id)
    before = set(mine.filter(member_id__in=asked).values_list("member_id", flat=True))
    entered, left = sorted(inside - before), sorted(before - inside)
    Belonging.objects.bulk_create(
        Belonging(organisation_id=organisation_id, segment_id=segment.id, member_id=member_id, since=now)
        for member_id in entered
    )
    mine.filter(member_id__in=left).delete()
    name = read_segment(segment.definition).standing_name
    said = [Said(member_id, name, value=True) for member_id in entered]
    said += [Said(member_id, name, value=None) for member_id in left]
    say(organisation_id, said, said_by=segments_say(segment), now=now)
    _tell(organisation_id, segment, "segment.entered", entered, now)
    _tell(organisation_id, segment, "segment.left", left, now)
    return len(entered) + len(left)


def _belonging(organisation_id: int, segment: Segment, members: Sequence[UUID], now: datetime) -> set[UUID]:
    """Those of these members for whom the condition holds."""
    definition = read_segment(segment.definition)
    today: date = day_of(now, ZoneInfo(segment.time_zone))
    known = who_are(organisation_id, members)
    asked = [
        member_id
        for member_id in members
        if member_id in known
        and known[member_id].state in TAKE_PART
        and (not definition.audience or known[member_id].kind in definition.audience)
    ]
    if definition.teams:
        asked = sorted(in_teams(organisation_id, definition.teams, asked))
    belongs = _compiled(encode(segment.definition))
    facts = facts_of(organisation_id, segment, definition, asked, today)
    attributes = attributes_of(organisation_id, asked)
    return {member_id for member_id in asked if belongs(facts[member_id], attributes[member_id])}


@lru_cache(maxsize=200)
def _compiled(definition: str) -> Belongs:
    return compile_segment(_read(definition))


def _read(definition: str) -> Definition:
    return read_segment(decode(definition))


def _tell(organisation_id: int, segment: Segment, topic: str, members: Sequence[UUID], now: datetime) -> None:
    for start in range(0, len(members), _TOLD_AT_A_TIME):
        part = [show("mem", member_id) for member_id in members[start : start + _TOLD_AT_A_TIME]]
        facts = {"programme": segment.programme, "segment": segment.key, "members": part}
        tell(organisation_id, topic, facts, happened_at=now)
