"""Answers about what keeps people going: challenges, streaks, competitions and offers, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from plaudit.engagement.definitions import Kind, Part
from plaudit.engagement.published import PublishedSet, published_sets
from plaudit.engagement.rules.periods import period_of_part
from plaudit.foundation import arrays, clock
from plaudit.insights.open_words import Thing, things_of
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.queries import standing_programmes
from plaudit.targeting.definitions import Offer as OfferDefinition
from plaudit.targeting.definitions import read_offer
from plaudit.targeting.models import Offer, Segment
from plaudit.targeting.queries.offers import OfferReport, report_of, running

MONTH = timedelta(days=31)
KINDS = (Kind.CHALLENGE, Kind.STREAK, Kind.COMPETITION)
OFFERS_MAX = 100


class Standing(StrEnum):
    """Whether something counts now: not YET, RUNNING, resting with its programme, OVER, or taken out of the file."""

    YET = "yet"
    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Pursued:
    """One challenge, streak or competition. `taking_part` have something in the period it is now.

    `reached` counts members who ever reached a goal that stands, or won a place that is paid; `words` say what it asks and
    gives, and `most` how many it can pay: the places of a competition, otherwise None for everybody.
    """

    kind: Kind
    programme: str
    programme_name: str
    key: str
    name: str
    words: str
    audience: tuple[str, ...]
    standing: Standing
    starts_at: datetime | None
    ends_at: datetime | None
    taking_part: int
    reached: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer with how both of its groups fared."""

    programme: str
    programme_name: str
    definition: OfferDefinition
    segment_name: str
    standing: Standing
    report: OfferReport


_TAKING_PART = """
    select w.part_id, count(p.member_id)
      from unnest(%(parts)s::bigint[], %(periods)s::text[]) as w (part_id, period)
      join engagement_progress p on p.organisation_id = (select %(organisation)s::int) and p.part_id = w.part_id
                                and p.period = w.period and p.amount > 0
     group by w.part_id
"""
_STREAKS_GOING = """
    select part_id, count(distinct member_id) from engagement_progress
     where organisation_id = (select %(organisation)s::int) and part_id = any(%(parts)s::bigint[]) and amount > 0
       and last_at >= %(since)s
     group by part_id
"""
_REACHED = """
    select part_id, count(distinct member_id) from engagement_reached
     where organisation_id = (select %(organisation)s::int) and part_id = any(%(parts)s::bigint[]) and stands
     group by part_id
    union all
    select r.part_id, count(distinct r.member_id)
      from unnest(%(contests)s::bigint[], %(places)s::bigint[]) as w (part_id, places)
      join engagement_result r on r.organisation_id = (select %(organisation)s::int) and r.part_id = w.part_id
                              and r.place <= w.places
     group by r.part_id
"""


def pursued(organisation_id: int) -> list[Pursued]:
    """Everything that was ever asked of members, what is running first. Ask inside `in_organisation`."""
    sets = published_sets(organisation_id)
    standing = {one.programme for one in sets.now()}
    programmes = standing_programmes(organisation_id)
    forms = {part_id: (one, part) for part_id, (one, part) in sets.newest_forms.items() if part.kind in KINDS}
    taking_part, reached = _counts(organisation_id, forms)
    words = {key: _words(programme) for key, programme in programmes.items()}
    found = []
    for part_id, (one, part) in forms.items():
        programme = programmes.get(one.programme)
        thing = words.get(one.programme, {}).get((part.kind.value, part.key))
        found.append(
            Pursued(
                kind=part.kind,
                programme=one.programme,
                programme_name=programme.name if programme else one.programme,
                key=part.key,
                name=part.name,
                words=" ".join([thing.words, *(f"{fact}." for fact in thing.facts)]) if thing else "",
                audience=part.audience,
                standing=_standing_of(part, in_file=thing is not None, asked=one.programme in standing),
                starts_at=part.starts_at,
                ends_at=part.ends_at,
                taking_part=taking_part.get(part_id, 0),
                reached=reached.get(part_id, 0),
                most=len(part.steps) if part.kind is Kind.COMPETITION else None,
            )
        )
    order = list(Standing)
    return sorted(found, key=lambda one: (order.index(one.standing), one.kind.value, one.name))


def _words(programme: Programme) -> dict[tuple[str, str], Thing]:
    return {(thing.part, thing.key): thing for thing in things_of(programme)}


def _standing_of(part: Part, *, in_file: bool, asked: bool) -> Standing:
    now = clock.now()
    if not in_file:
        return Standing.GONE
    if part.ends_at is not None and part.ends_at <= now:
        return Standing.OVER
    if not asked:
        return Standing.PAUSED
    return Standing.YET if part.starts_at is not None and now < part.starts_at else Standing.RUNNING


def _counts(
    organisation_id: int, forms: dict[int, tuple[PublishedSet, Part]]
) -> tuple[dict[int, int], dict[int, int]]:
    """How many take part in each now, and how many reached a goal."""
    now = clock.now()
    periods = {
        part_id: period_of_part(part, now.astimezone(one.time_zone).date())
        for part_id, (one, part) in forms.items()
        if part.kind is not Kind.STREAK
    }
    streaks = [part_id for part_id, (_, part) in forms.items() if part.kind is Kind.STREAK]
    taking_part = _asked(
        _TAKING_PART,
        organisation=organisation_id,
        parts=arrays.numbers(list(periods)),
        periods=arrays.texts(list(periods.values())),
    )
    # Whoever did something for a streak within its last month is going on with it, rest days and all.
    month_ago = now.replace(microsecond=0) - MONTH
    taking_part += _asked(
        _STREAKS_GOING, organisation=organisation_id, parts=arrays.numbers(streaks), since=month_ago
    )
    contests = {id: len(part.steps) for id, (_, part) in forms.items() if part.kind is Kind.COMPETITION}
    reached = _asked(
        _REACHED,
        organisation=organisation_id,
        parts=arrays.numbers([id for id in forms if id not in contests]),
        contests=arrays.numbers(list(contests)),
        places=arrays.numbers(list(contests.values())),
    )
    return dict(taking_part), dict(reached)


def _asked(statement: str, **values: Any) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def offered(organisation_id: int) -> list[Offered]:
    """Every offer there ever was, the newest first, at most a hundred."""
    rows = Offer.objects.filter(organisation_id=organisation_id).order_by("-id")[:OFFERS_MAX]
    names = {one.id: read_name(one) for one in Segment.objects.filter(organisation_id=organisation_id)}
    programmes = standing_programmes(organisation_id)
    found = []
    for row in rows:
        programme = programmes.get(row.programme)
        found.append(
            Offered(
                row.programme,
                programme.name if programme else row.programme,
                read_offer(row.definition),
                names.get(row.segment_id or 0, ""),
                _offer_standing(row),
                report_of(organisation_id, row.programme, row.key),
            )
        )
    return found


def read_name(segment: Segment) -> str:
    """What people call a segment."""
    return str(segment.definition["name"])


def _offer_standing(offer: Offer) -> Standing:
    now = clock.now()
    if not offer.is_live:
        return Standing.GONE
    if running(offer, now):
        return Standing.RUNNING
    return Standing.YET if offer.starts_at is not None and now < offer.starts_at else Standing.OVER
