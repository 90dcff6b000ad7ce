"""What there is to look at: measures in use, members whom time moves, merges since the last look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from plaudit.people.models import Member, Merge
from plaudit.targeting.definitions import Ladder as LadderDefinition
from plaudit.targeting.definitions import Offer as Offered
from plaudit.targeting.definitions import Segment as SegmentDefinition
from plaudit.targeting.definitions import read_ladder, standing_name
from plaudit.targeting.models import Ladder, Measure, Offer, Segment, Tier
from plaudit.targeting.refusals import StandingTaken
from plaudit.targeting.rules.calendar import day_of

MEMBERS_AT_A_TIME = 2_000


def follower_of(measure: Measure) -> str:
    """The name under which a measure follows the book."""
    return f"targeting/{measure.id}"


def said_by(ladder: Ladder) -> str:
    """Who says how members stand on this ladder."""
    return f"tiers/{ladder.programme}"


def measures_in_use(organisation_id: int) -> set[int]:
    """The measures that a live ladder or segment stands on, and the goals of offers."""
    ladders = Ladder.objects.filter(organisation_id=organisation_id, is_live=True)
    segments = Segment.objects.filter(organisation_id=organisation_id, is_live=True)
    asked = {measure for ids in segments.values_list("measure_ids", flat=True) for measure in ids}
    offers = Offer.objects.filter(organisation_id=organisation_id, measure_id__isnull=False)
    asked |= {measure for measure in offers.values_list("measure_id", flat=True) if measure is not None}
    return asked | set(ladders.values_list("measure_id", flat=True))


def refuse_taken(
    organisation_id: int,
    programme: str,
    definitions: Iterable[LadderDefinition | SegmentDefinition | Offered],
) -> None:
    """Raise `StandingTaken` where another programme says something else of members by one of their names."""
    taken: dict[str, str] = {}
    for table in (Ladder, Segment, Offer):
        live = table.objects.filter(organisation_id=organisation_id, is_live=True)
        for owner, key in live.exclude(programme=programme).values_list("programme", "key"):
            taken[standing_name(key)] = owner
    for definition in definitions:
        if definition.standing_name in taken:
            name = definition.standing_name
            raise StandingTaken(name=name, programme=taken[name])


def has_open_level(ladder: Ladder) -> bool:
    """Whether everybody stands on its first level, whatever they did."""
    return read_ladder(ladder.definition).levels[0].reached_from <= 0


def waits_for_a_look(ladder: Ladder) -> bool:
    """Whether a look at everybody is not at its end, or somebody joined whom a level from nothing is for."""
    if ladder.look_after is None or not has_open_level(ladder):
        return ladder.look_after is not None
    return Member.objects.filter(organisation_id=ladder.organisation_id, id__gt=ladder.look_after).exists()


def due_members(ladder: Ladder, today: date) -> Sequence[UUID]:
    """The next whom time moves, or would have warned, by today."""
    due = Tier.objects.filter(organisation_id=ladder.organisation_id, ladder_id=ladder.id, look_on__lte=today)
    return list(due.order_by("look_on", "member_id").values_list("member_id", flat=True)[:MEMBERS_AT_A_TIME])


def merges_since(organisation_id: int, moment: datetime) -> list[Merge]:
    """Merges made or undone after a moment."""
    newer = Q(merged_at__gt=moment) | Q(unmerged_at__gt=moment)
    return list(Merge.objects.filter(newer, organisation_id=organisation_id))


def segments_say(segment: Segment) -> str:
    """Who says that members are in this segment."""
    return f"segments/{segment.programme}"


def can_be_looked_at(segment: Segment) -> bool:
    """Whether everything its facts count has been counted up to now."""
    measures = Measure.objects.filter(organisation_id=segment.organisation_id, id__in=segment.measure_ids)
    return not measures.filter(is_complete=False).exists()


def looks_at(segment: Segment, now: datetime) -> datetime | None:
    """When everybody is to be looked at next: at the day after the last, at once before the first or half-way."""
    zone = ZoneInfo(segment.time_zone)
    if not can_be_looked_at(segment):
        return None
    if segment.looked_on is None or segment.look_after is not None or segment.looked_on > day_of(now, zone):
        return now
    return datetime.combine(segment.looked_on + timedelta(days=1), time(), zone)
