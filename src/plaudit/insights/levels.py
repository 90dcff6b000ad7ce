"""Where one member stands on the ladders of tiers: the level, what it brings, what keeps or raises it, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from plaudit.activity.types import DeclaredType, declared_types
from plaudit.foundation import clock
from plaudit.foundation.written import number
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.models import Member
from plaudit.planning.queries import standing_programmes
from plaudit.targeting.definitions import Ladder, Level, Within, read_ladder
from plaudit.targeting.models import Ladder as LadderRow
from plaudit.targeting.models import Tier
from plaudit.targeting.queries.counted import days_of, who_are
from plaudit.targeting.rules.calendar import day_of, first_counting
from plaudit.targeting.rules.climbing import NO_LEVEL, climb, turns
from plaudit.targeting.rules.keeping import needed_to_keep

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the level changed, None for no level; `rose` where it is higher than before."""

    day: date
    level: Level | None
    rose: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A member's place on one ladder. Amounts are in the measure's smallest part; `said` puts them in words.

    `falls_on` is the day on which the level goes if nothing more counts, and `keeps` how much more keeps it
    past that day if it counts the day before: None where nothing does, for the level is only sure until then.
    `reference` names the place for `because_of_standing`.
    `counts_from` is the first day whose amounts count today, None for all of them.
    """

    reference: str
    programme: str
    ladder: Ladder
    level: Level | None
    since: date | None
    amount: int
    falls_on: date | None
    falls_to: Level | None
    keeps: int | None
    next_level: Level | None
    counts_from: date | None
    unit: UnitPolicy | None
    activity: str
    history: tuple[Change, ...]

    @property
    def missing(self) -> int:
        """How much more reaches the next level; 0 where there is none."""
        return max(0, self.next_level.reached_from - self.amount) if self.next_level else 0

    def said(self, amount: int) -> str:
        """An amount of what the ladder counts, in words: of its unit, or as a plain number."""
        return self.unit.say(amount) if self.unit is not None else number(amount)


def levels_of(organisation_id: int, member: Member) -> list[Ranked]:
    """The member's place on every ladder that is for them, in the order of programmes. Ask inside `in_organisation`."""
    rows = LadderRow.objects.filter(organisation_id=organisation_id, is_live=True).order_by("programme", "id")
    mine = [(row, read_ladder(row.definition)) for row in rows]
    mine = [(row, one) for row, one in mine if not one.audience or member.kind in one.audience]
    if not mine:
        return []
    units, types = units_by_key(organisation_id), declared_types(organisation_id)
    names = {key: one.name for key, one in standing_programmes(organisation_id).items()}
    since = who_are(organisation_id, [member.id])[member.id].since
    return [
        _ranked(row, ladder, member, since, units, types, names.get(row.programme, row.programme))
        for row, ladder in mine
    ]


def _ranked(
    row: LadderRow,
    ladder: Ladder,
    member: Member,
    since: date | None,
    units: Mapping[str, UnitPolicy],
    types: Mapping[str, DeclaredType],
    programme: str,
) -> Ranked:
    zone = ZoneInfo(row.time_zone)
    today = day_of(clock.now(), zone)
    anchor = since or day_of(member.joined_at, zone)
    days = days_of(row.organisation_id, row.measure_id, [member.id]).get(member.id, {})
    amounts = {day: counted.amount for day, counted in days.items() if day <= today}
    climbed = climb(ladder, amounts, today=today, anchor=anchor)
    needed = needed_to_keep(ladder, amounts, climbed, today=today, anchor=anchor)
    above = ladder.levels[climbed.level + 1 :]
    declared = types.get(ladder.measure.on)
    return Ranked(
        reference=f"tier:{row.programme}/{row.key}",
        programme=programme,
        ladder=ladder,
        level=_level(ladder, climbed.level),
        since=climbed.since,
        amount=climbed.amount,
        falls_on=climbed.falls_on,
        falls_to=_level(ladder, climbed.falls_to),
        keeps=needed.amount if needed else None,
        next_level=next((level for level in above if level.reached_from > climbed.amount), None),
        counts_from=None if ladder.within is Within.EVER else first_counting(ladder, today, anchor),
        unit=units.get(ladder.measure.earned),
        activity=(declared.title or declared.name) if declared else "",
        history=_history(ladder, amounts, today, anchor),
    )


def _level(ladder: Ladder, number: int) -> Level | None:
    return ladder.levels[number] if number != NO_LEVEL else None


def _history(ladder: Ladder, amounts: Mapping[date, int], today: date, anchor: date) -> tuple[Change, ...]:
    """Every change of level, the newest first."""
    found, before = [], NO_LEVEL
    for turn in turns(ladder, amounts, today=today, anchor=anchor):
        if turn.level != before:
            found.append(Change(turn.day, _level(ladder, turn.level), rose=turn.level > before))
        before = turn.level
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Standing:
    """A level as it was written down last, for a glance: its name, and the day on which it goes."""

    ladder: str
    level: str
    falls_on: date | None


def glance_at_levels(organisation_id: int, member: Member) -> list[Standing]:
    """The member's levels as they were written down, without working them out anew. Ask inside `in_organisation`."""
    live = LadderRow.objects.filter(organisation_id=organisation_id, is_live=True)
    rows = list(live.order_by("programme", "id"))
    # By ladder, for their index begins with it: a member alone would be looked for among everybody.
    mine = Tier.objects.filter(
        organisation_id=organisation_id, ladder_id__in=[row.id for row in rows], member_id=member.id
    )
    at = {tier.ladder_id: tier for tier in mine} if rows else {}
    found = []
    for row in rows:
        ladder, tier = read_ladder(row.definition), at.get(row.id)
        level = next((one for one in ladder.levels if tier is not None and one.key == tier.level), None)
        if tier is not None and level is not None:
            found.append(Standing(ladder.name, level.name, tier.falls_on))
    return found
