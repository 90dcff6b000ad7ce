"""Where members stand on ladders: each level with how many are on it, and one member with what keeps or raises theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.targeting.definitions import Ladder as Definition
from plaudit.targeting.definitions import Level, read_ladder
from plaudit.targeting.models import Ladder, Tier
from plaudit.targeting.queries.counted import TAKE_PART, Who, days_of, who_are
from plaudit.targeting.rules.calendar import day_of
from plaudit.targeting.rules.climbing import Climbed, climb
from plaudit.targeting.rules.keeping import Needed, needed_to_keep, next_level


@dataclass(frozen=True, slots=True)
class KeptLadder:
    """A ladder as it stands, with how many members are on each of its levels, by key."""

    programme: str
    definition: Definition
    members: dict[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member stands on one ladder, today. Amounts are in the measure's smallest part.

    `climbed` says the level by its number, what counts, and the day on which it goes; `keep` what would hold
    it, `above` the next level and what it takes.
    """

    programme: str
    definition: Definition
    climbed: Climbed
    keep: Needed | None
    above: tuple[Level, int] | None

    @property
    def level(self) -> Level | None:
        """The level itself; None for no level."""
        return _level(self.definition, self.climbed.level)

    @property
    def falls_to(self) -> Level | None:
        """The level after the fall; None for no level, and where there is no fall."""
        return _level(self.definition, self.climbed.falls_to)


def _level(ladder: Definition, number: int) -> Level | None:
    return ladder.levels[number] if number >= 0 else None


def ladders(organisation_id: int) -> list[KeptLadder]:
    """Every ladder in force, by programme and key. Ask inside `in_organisation`, as for all of these."""
    found = Tier.objects.filter(organisation_id=organisation_id).exclude(level="")
    counted = found.values_list("ladder_id", "level").annotate(Count("member_id"))
    members: dict[int, dict[str, int]] = {}
    for ladder_id, level, count in counted.order_by("ladder_id", "level"):
        members.setdefault(ladder_id, {})[level] = count
    live = Ladder.objects.filter(organisation_id=organisation_id, is_live=True)
    return [
        KeptLadder(one.programme, read_ladder(one.definition), members.get(one.id, {}))
        for one in live.order_by("programme", "key")
    ]


def ladder(organisation_id: int, programme: str, key: str) -> KeptLadder:
    """One of them. Raises `NotFound`."""
    for one in ladders(organisation_id):
        if (one.programme, one.definition.key) == (programme, key):
            return one
    raise NotFound(kind="ladder", ref=f"{programme}/{key}")


def ladder_row(organisation_id: int, programme: str, key: str) -> Ladder:
    """Its row. Raises `NotFound`."""
    named = Ladder.objects.filter(organisation_id=organisation_id, programme=programme, key=key, is_live=True)
    found = named.first()
    if found is None:
        raise NotFound(kind="ladder", ref=f"{programme}/{key}")
    return found


def places_of(organisation_id: int, member_id: UUID) -> list[Place]:
    """Where a member stands on every ladder that is for them, by programme and key."""
    who = who_are(organisation_id, [member_id]).get(member_id)
    live = Ladder.objects.filter(organisation_id=organisation_id, is_live=True).order_by("programme", "key")
    return [place for one in live if who is not None and (place := _place(one, member_id, who)) is not None]


def place_of(organisation_id: int, member_id: UUID, row: Ladder) -> Place:
    """Where a member stands on one ladder. Raises `NotFound` for a ladder that is not for them."""
    who = who_are(organisation_id, [member_id]).get(member_id)
    place = _place(row, member_id, who) if who is not None else None
    if place is None:
        raise NotFound(kind="ladder for this member", ref=f"{row.programme}/{row.key}")
    return place


def _place(row: Ladder, member_id: UUID, who: Who) -> Place | None:
    """Worked out from the days that were counted, as it is written down when something counts or time moves it."""
    definition, zone = read_ladder(row.definition), ZoneInfo(row.time_zone)
    if who.state not in TAKE_PART or (definition.audience and who.kind not in definition.audience):
        return None
    days = days_of(row.organisation_id, row.measure_id, [member_id]).get(member_id, {})
    amounts = {day: counted.amount for day, counted in days.items()}
    today, anchor = day_of(clock.now(), zone), anchor_of(row, who)
    climbed = climb(definition, amounts, today=today, anchor=anchor)
    keep = needed_to_keep(definition, amounts, climbed, today=today, anchor=anchor)
    return Place(row.programme, definition, climbed, keep, next_level(definition, climbed))


def anchor_of(row: Ladder, who: Who) -> date:
    """The day on which the member's years begin."""
    return who.since or day_of(who.joined_at, ZoneInfo(row.time_zone))
