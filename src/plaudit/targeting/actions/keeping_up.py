"""Keeps tiers up with the book and with the days: new events are counted, and whoever time moves is moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from plaudit.activity.following import FollowedEvent, follow
from plaudit.foundation import clock
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.models import Member, Merge
from plaudit.targeting.actions.measuring import count_page
from plaudit.targeting.actions.placing import Because, place_members
from plaudit.targeting.actions.publish_tiers import NOBODY_YET
from plaudit.targeting.actions.sorting_in import sort_members
from plaudit.targeting.definitions import read_segment
from plaudit.targeting.models import Ladder, Measure, Segment, Tier
from plaudit.targeting.queries.facts import cuts_for
from plaudit.targeting.queries.looking import (
    MEMBERS_AT_A_TIME,
    can_be_looked_at,
    due_members,
    follower_of,
    has_open_level,
    measures_in_use,
    merges_since,
)
from plaudit.targeting.rules.calendar import day_of


def keep_up(organisation_id: int) -> int:
    """Count every event recorded since the last time; how many there were, over all measures."""
    with in_organisation(organisation_id):
        ids = sorted(measures_in_use(organisation_id))
    return sum(_keep_up(organisation_id, measure_id) for measure_id in ids)


def _keep_up(organisation_id: int, measure_id: int) -> int:
    with in_organisation(organisation_id):
        measure = Measure.objects.get(organisation_id=organisation_id, id=measure_id)
    counted = 0
    while page := follow(
        organisation_id, follower_of(measure), partial(_take_page, organisation_id, measure_id)
    ):
        counted += page
    if not measure.is_complete:
        with in_organisation(organisation_id):
            Measure.objects.filter(organisation_id=organisation_id, id=measure_id).update(is_complete=True)
    return counted


def _take_page(organisation_id: int, measure_id: int, events: Sequence[FollowedEvent]) -> None:
    """Count a page; once all before it is counted, those whom it moves are moved with it."""
    measure = Measure.objects.select_for_update().get(organisation_id=organisation_id, id=measure_id)
    touched = count_page(organisation_id, measure, events)
    if not measure.is_complete:
        return
    met = {event.member_id for event in events if event.member_id is not None}
    ladders = Ladder.objects.select_for_update().filter(
        organisation_id=organisation_id, measure_id=measure_id, is_live=True
    )
    for ladder in ladders.order_by("id"):
        moved = touched | _not_placed(ladder, met - touched)
        if moved:
            place_members(organisation_id, ladder, moved, because=Because.ACTIVITY)
    segments = Segment.objects.select_for_update().filter(
        organisation_id=organisation_id, measure_ids__contains=measure_id, is_live=True
    )
    for segment in segments.order_by("id"):
        if touched and segment.looked_on is not None:
            sort_members(organisation_id, segment, touched)


def _not_placed(ladder: Ladder, members: Collection[UUID]) -> set[UUID]:
    """Those of these members who should stand on the level that takes nothing, and do not yet."""
    if not members or not has_open_level(ladder):
        return set()
    placed = Tier.objects.filter(
        organisation_id=ladder.organisation_id, ladder_id=ladder.id, member_id__in=list(members)
    )
    return set(members) - set(placed.values_list("member_id", flat=True))


def look(organisation_id: int) -> int:
    """Place whoever time moves today, everybody on a new ladder, and who was merged; how many moved.

    Every segment is looked at whole once a day: the days since the last time change without any activity.
    """
    with in_organisation(organisation_id):
        live = Ladder.objects.filter(organisation_id=organisation_id, is_live=True)
        ids = list(live.order_by("id").values_list("id", flat=True))
        kept = Segment.objects.filter(organisation_id=organisation_id, is_live=True)
        segment_ids = list(kept.order_by("id").values_list("id", flat=True))
    return sum(_look(organisation_id, ladder_id) for ladder_id in ids) + sum(
        _look_at_segment(organisation_id, segment_id) for segment_id in segment_ids
    )


def _look_at_segment(organisation_id: int, segment_id: int) -> int:
    moved = 0
    step = partial(_sort_more, organisation_id, segment_id)
    while (done := act(organisation_id, step)) is not None:
        moved += done
    return moved


def _sort_more(organisation_id: int, segment_id: int) -> int | None:
    """Begin today's look, or look at the next members in the order of their ids."""
    segment = Segment.objects.select_for_update().get(organisation_id=organisation_id, id=segment_id)
    today = day_of(clock.now(), ZoneInfo(segment.time_zone))
    if not segment.is_live or not can_be_looked_at(segment):
        return None
    if segment.looked_on != today:
        definition = read_segment(segment.definition)
        segment.cuts = cuts_for(organisation_id, segment, definition, today)
        segment.looked_on, segment.look_after = today, NOBODY_YET
        segment.save()
    if segment.look_after is None:
        return None
    members = Member.objects.filter(organisation_id=organisation_id, id__gt=segment.look_after)
    ids = list(members.order_by("id").values_list("id", flat=True)[:MEMBERS_AT_A_TIME])
    moved = sort_members(organisation_id, segment, ids)
    segment.look_after = ids[-1] if len(ids) == MEMBERS_AT_A_TIME else None
    segment.save(update_fields=["look_after"])
    return moved


def _look(organisation_id: int, ladder_id: int) -> int:
    moved = 0
    for step in (_look_at_everybody, _look_at_the_due, _look_at_the_merged):
        while (done := act(organisation_id, partial(_step, organisation_id, ladder_id, step))) is not None:
            moved += done
    return moved


def _step(organisation_id: int, ladder_id: int, step: Callable[[Ladder], int | None]) -> int | None:
    ladder = Ladder.objects.select_for_update().get(organisation_id=organisation_id, id=ladder_id)
    return step(ladder) if ladder.is_live else None


def _look_at_everybody(ladder: Ladder) -> int | None:
    """The next members of a whole look, in the order of their ids."""
    at, after = ladder.organisation_id, ladder.look_after
    if after is None or not Measure.objects.get(organisation_id=at, id=ladder.measure_id).is_complete:
        return None
    members = Member.objects.filter(organisation_id=at, id__gt=after).order_by("id")
    ids = list(members.values_list("id", flat=True)[:MEMBERS_AT_A_TIME])
    if not ids and has_open_level(ladder):
        return None  # those who join from now on are looked at as they come
    moved = place_members(at, ladder, ids, because=Because.LADDER)
    goes_on = has_open_level(ladder) or len(ids) == MEMBERS_AT_A_TIME
    ladder.look_after = ids[-1] if goes_on else None
    ladder.save(update_fields=["look_after"])
    return moved


def _look_at_the_due(ladder: Ladder) -> int | None:
    today = day_of(clock.now(), ZoneInfo(ladder.time_zone))
    ids = due_members(ladder, today)
    return place_members(ladder.organisation_id, ladder, ids, because=Because.TIME) if ids else None


def _look_at_the_merged(ladder: Ladder) -> int | None:
    """Both sides of every merge made or undone since the last look."""
    merges = merges_since(ladder.organisation_id, ladder.merges_seen_at)
    if not merges:
        return None
    members = {member for merge in merges for member in (merge.survivor_id, merge.absorbed_id)}
    ladder.merges_seen_at = max(_changed_at(merge) for merge in merges)
    ladder.save(update_fields=["merges_seen_at"])
    return place_members(ladder.organisation_id, ladder, members, because=Because.ACTIVITY)


def _changed_at(merge: Merge) -> datetime:
    return max(merge.merged_at, merge.unmerged_at or merge.merged_at)
