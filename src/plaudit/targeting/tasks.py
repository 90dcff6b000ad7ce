"""What time makes happen: activity counts for tiers and segments, levels run out, segments are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plaudit.activity.following import waits_since
from plaudit.foundation.due import Due, Happening, when_due
from plaudit.foundation.jobs import attend
from plaudit.targeting.actions.keeping_up import keep_up, look
from plaudit.targeting.actions.offering import draw
from plaudit.targeting.models import Ladder, Measure, Offer, Segment, Tier
from plaudit.targeting.queries.looking import (
    follower_of,
    looks_at,
    measures_in_use,
    merges_since,
    waits_for_a_look,
)
from plaudit.targeting.queries.offers import not_drawn

_DAYS_LISTED = 400


def _waiting_to_count(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    moments = []
    for measure in Measure.objects.filter(
        organisation_id=organisation_id, id__in=measures_in_use(organisation_id)
    ):
        told = waits_since(organisation_id, follower_of(measure))
        if told is None and not measure.is_complete:
            told = until
        if told is not None and after < min(told, until):
            moments.append(min(told, until))
    if moments:
        yield Due(min(moments), KEEP_UP.name, "New activity counts for tiers")


def _keep_up(organisation_id: int) -> list[str]:
    counted = keep_up(organisation_id)
    return [f"{counted} events counted for tiers"] if counted else []


def _waiting_to_look(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    moments: set[datetime] = set()
    for ladder in Ladder.objects.filter(organisation_id=organisation_id, is_live=True):
        complete = Measure.objects.get(organisation_id=organisation_id, id=ladder.measure_id).is_complete
        if complete and waits_for_a_look(ladder):
            moments.add(until)
        if merges_since(organisation_id, ladder.merges_seen_at):
            moments.add(until)
        days = Tier.objects.filter(
            organisation_id=organisation_id,
            ladder_id=ladder.id,
            look_on__lte=until.date() + timedelta(days=1),
        )
        for day in days.order_by("look_on").values_list("look_on", flat=True).distinct()[:_DAYS_LISTED]:
            assert day is not None, "it was asked for with a day"
            moments.add(_begins(day, ZoneInfo(ladder.time_zone)))
    for segment in Segment.objects.filter(organisation_id=organisation_id, is_live=True):
        moment = looks_at(segment, until)
        if moment is not None:
            moments.add(moment)
    for moment in sorted(moments):
        if after < moment <= until:
            yield Due(moment, LOOK.name, "Tiers run out, and segments are looked at")


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _look(organisation_id: int) -> list[str]:
    moved = look(organisation_id)
    return [f"{moved} members stand on another level"] if moved else []


def _waiting_to_draw(organisation_id: int, after: datetime, until: datetime) -> Iterator[Due]:
    moments: set[datetime] = set()
    for offer in Offer.objects.filter(organisation_id=organisation_id, is_live=True, is_over=False):
        if offer.ends_at is not None:
            moments.add(offer.ends_at)
        begins = offer.starts_at if offer.starts_at is not None and offer.starts_at > after else until
        if begins <= until and (offer.ends_at is None or begins < offer.ends_at) and not_drawn(offer):
            moments.add(begins)
    for moment in sorted(moments):
        if after < moment <= until:
            yield Due(moment, DRAW.name, "Offers are made, or end")


def _draw(organisation_id: int) -> list[str]:
    drawn = draw(organisation_id)
    return [f"{drawn} members were drawn for offers"] if drawn else []


KEEP_UP = attend(
    when_due(Happening("tiers.keep_up", _waiting_to_count, _keep_up)), every=timedelta(seconds=5)
)
LOOK = when_due(Happening("tiers.look", _waiting_to_look, _look))
DRAW = attend(when_due(Happening("offers.draw", _waiting_to_draw, _draw)), every=timedelta(seconds=30))
