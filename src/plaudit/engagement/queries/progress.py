"""How far a member is, what they have reached, and which events that comes of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plaudit.engagement.definitions import Kind, Part
from plaudit.engagement.models import Contribution, Progress, Reached, Result, Round
from plaudit.engagement.published import PublishedSet, PublishedSets, published_sets
from plaudit.engagement.queries.ranking import Ranked, around, leaders
from plaudit.engagement.rules.periods import period_of_part
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.told import told_through

PERIODS_MAX = 200


@dataclass(frozen=True, slots=True)
class Far:
    """How far a member is in one period of one part, in hundredths, and which of its steps stand there."""

    programme: str
    part: Part
    period: str
    amount: int
    last_at: datetime | None
    reached: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HeldBadge:
    """A badge that stands: what members read of it, for what it was given, and since when."""

    programme: str
    badge: str
    name: str
    description: str
    kind: Kind
    key: str
    period: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DecidedPlace:
    """A place in a decided round, and how much its member has now, in hundredths, after later corrections."""

    ranked: Ranked
    now: int


@dataclass(frozen=True, slots=True)
class RoundSeen:
    """One round of a competition: whether it is decided, its places, and one member among their neighbours."""

    one: PublishedSet
    part: Part
    period: str
    decided_at: datetime | None
    places: Sequence[DecidedPlace]
    neighbours: Sequence[Ranked]


def progress_of(organisation_id: int, member_id: UUID) -> list[Far]:
    """How far the member is in everything, the newest period first. Ask inside `in_organisation`."""
    sets = published_sets(organisation_id)
    stands: dict[tuple[int, str], list[int]] = defaultdict(list)
    mine = Reached.objects.filter(organisation_id=organisation_id, member_id=member_id, stands=True)
    for row in mine.order_by("part_id", "period", "step"):
        stands[(row.part_id, row.period)].append(row.step)
    inner = [id for id, (_, part) in sets.newest_forms.items() if part.kind in (Kind.ROUNDING, Kind.ROUNDED)]
    rows = Progress.objects.filter(organisation_id=organisation_id, member_id=member_id, amount__gt=0)
    rows = rows.exclude(part_id__in=inner)
    found = []
    for moved in rows.order_by("-last_at", "part_id", "-period")[:PERIODS_MAX]:
        one, part = sets.part(moved.part_id)
        reached = tuple(stands[(moved.part_id, moved.period)])
        found.append(
            Far(one.programme, told_through(part), moved.period, moved.amount, moved.last_at, reached)
        )
    return found


def contributions_to(
    organisation_id: int, member_id: UUID, programme: str, kind: Kind, key: str, *, period: str, limit: int
) -> list[Contribution]:
    """The events that a member's progress in one period comes of, newest first. Raises `NotFound`."""
    part_id = _part(organisation_id, programme, kind, key)
    mine = Contribution.objects.filter(
        organisation_id=organisation_id, part_id=part_id, member_id=member_id, period=period
    )
    return list(mine.order_by("-happened_at", "-event_id")[:limit])


def badges_of(organisation_id: int, member_id: UUID) -> list[HeldBadge]:
    """The badges of a member that stand, newest first. Ask inside `in_organisation`."""
    return badges_of_members(organisation_id, [member_id]).get(member_id, [])


def badges_of_members(organisation_id: int, members: Collection[UUID]) -> dict[UUID, list[HeldBadge]]:
    """The badges of these members that stand, by member, newest first."""
    sets = published_sets(organisation_id)
    reached = Reached.objects.filter(organisation_id=organisation_id, member_id__in=members, stands=True)
    places = Result.objects.filter(organisation_id=organisation_id, member_id__in=members)
    rows = [
        (row.member_id, row.part_id, row.badge, row.period, row.reached_at)
        for row in reached.exclude(badge="")
    ]
    rows += [
        (row.member_id, row.part_id, row.badge, row.period, row.last_at) for row in places.exclude(badge="")
    ]
    declared = {(one.programme, part.key): part for one, part in _badges_of(sets)}
    found: dict[UUID, list[HeldBadge]] = defaultdict(list)
    for member_id, part_id, badge, period, since in rows:
        one, part = sets.part(part_id)
        known = declared.get((one.programme, badge))
        name, what = (known.name, known.description) if known is not None else (badge, "")
        found[member_id].append(
            HeldBadge(one.programme, badge, name, what, part.kind, part.key, period, since)
        )
    return {
        member_id: told_through(sorted(held, key=lambda one: one.since, reverse=True))
        for member_id, held in found.items()
    }


def badges_declared(organisation_id: int) -> list[tuple[str, Part]]:
    """Every badge that a programme in force names, with its programme. Ask inside `in_organisation`."""
    return [
        (one.programme, told_through(part))
        for one in published_sets(organisation_id).now()
        for part in one.definition.parts
        if part.kind is Kind.BADGE
    ]


def _badges_of(sets: PublishedSets) -> Iterator[tuple[PublishedSet, Part]]:
    return (found for found in sets.newest_forms.values() if found[1].kind is Kind.BADGE)


def round_of(
    organisation_id: int,
    programme: str,
    key: str,
    *,
    period: str | None,
    member_id: UUID | None,
    neighbours: int,
    limit: int,
) -> RoundSeen:
    """One round of a competition, by default that of today: its first places, and one member's.

    One in which nobody has anything is empty. Raises `NotFound` where there is no such competition.
    """
    part_id = _part(organisation_id, programme, Kind.COMPETITION, key)
    one, part = published_sets(organisation_id).part(part_id)
    if period is None:
        period = period_of_part(part, clock.now().astimezone(one.time_zone).date())
    where = {"organisation_id": organisation_id, "part_id": part_id, "period": period}
    found = Round.objects.filter(**where).first() or Round(**where)
    beside: list[Ranked] = []
    if member_id is not None:
        beside = around(
            organisation_id,
            part_id,
            found.period,
            member_id,
            neighbours=neighbours,
            shares=part.shares_places,
        )
    places = _places(organisation_id, part_id, part, found, limit)
    return RoundSeen(one, part, found.period, found.decided_at, places, beside)


def _places(organisation_id: int, part_id: int, part: Part, found: Round, limit: int) -> list[DecidedPlace]:
    if found.decided_at is None:
        ranked = leaders(organisation_id, part_id, found.period, limit=limit, shares=part.shares_places)
        return [DecidedPlace(one, one.amount) for one in ranked[:limit]]
    where = {"organisation_id": organisation_id, "part_id": part_id, "period": found.period}
    results = list(Result.objects.filter(**where).order_by("place", "last_at", "member_id")[:limit])
    now = dict(
        Progress.objects.filter(**where, member_id__in=[one.member_id for one in results]).values_list(
            "member_id", "amount"
        )
    )
    return [
        DecidedPlace(Ranked(one.place, one.member_id, one.amount, one.last_at), now.get(one.member_id, 0))
        for one in results
    ]


def _part(organisation_id: int, programme: str, kind: Kind, key: str) -> int:
    for part_id, (one, part) in published_sets(organisation_id).newest_forms.items():
        if one.programme == programme and part.kind is kind and part.key == key:
            return part_id
    raise NotFound(kind=kind.value, ref=f"{programme}/{key}")
