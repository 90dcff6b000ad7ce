"""Answers about groups of members: segments and who is in them, ladders and how many stand on each level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from plaudit.earning.expressions.words import describe
from plaudit.earning.words import KIND_WORDS
from plaudit.foundation.refusals import NotFound
from plaudit.insights.open_words import Thing, things_of
from plaudit.people.models import Member
from plaudit.people.queries import Page
from plaudit.planning.queries import standing_programmes
from plaudit.targeting.definitions import Ladder as LadderDefinition
from plaudit.targeting.definitions import Segment as SegmentDefinition
from plaudit.targeting.definitions import read_ladder, read_segment
from plaudit.targeting.models import Belonging, Ladder, Offer, Segment, Snapshot, Tier
from plaudit.targeting.sorting import segment_condition, segment_scope

SNAPSHOTS_MAX = 50


@dataclass(frozen=True, slots=True)
class Grouped:
    """One segment: its condition in words, how many are in it, and when everybody was last looked at.

    `looked_on` is None until the first look is at its end; `offers` are the names of those made to it.
    """

    id: int
    programme: str
    programme_name: str
    definition: SegmentDefinition
    words: str
    members: int
    looked_on: date | None
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelHeld:
    """One level of a ladder and how many stand on it."""

    key: str
    name: str
    reached_from: int
    benefits: tuple[str, ...]
    members: int


@dataclass(frozen=True, slots=True)
class LadderHeld:
    """One ladder: how it is climbed in words, its levels, who is on none, and who falls within thirty days."""

    programme: str
    programme_name: str
    definition: LadderDefinition
    thing: Thing | None
    levels: tuple[LevelHeld, ...]
    on_none: int
    falling: int


def segments(organisation_id: int) -> list[Grouped]:
    """Every segment in force, by programme and name. Ask inside `in_organisation`."""
    rows = list(
        Segment.objects.filter(organisation_id=organisation_id, is_live=True).order_by("programme", "key")
    )
    sizes = dict(
        Belonging.objects.filter(organisation_id=organisation_id)
        .values("segment_id")
        .annotate(members=Count("member_id"))
        .values_list("segment_id", "members")
    )
    made: dict[int, list[str]] = {}
    for offer in Offer.objects.filter(
        organisation_id=organisation_id, is_live=True, segment_id__isnull=False
    ):
        made.setdefault(offer.segment_id or 0, []).append(str(offer.definition["name"]))
    names = _programme_names(organisation_id)
    return [
        Grouped(
            row.id,
            row.programme,
            names.get(row.programme, row.programme),
            definition := read_segment(row.definition),
            _condition_words(definition),
            sizes.get(row.id, 0),
            row.looked_on,
            tuple(made.get(row.id, ())),
        )
        for row in rows
    ]


def segment(organisation_id: int, programme: str, key: str) -> Grouped:
    """One segment in force. Raises `NotFound`."""
    for one in segments(organisation_id):
        if (one.programme, one.definition.key) == (programme, key):
            return one
    raise NotFound(kind="segment", ref=key)


def members_of(
    organisation_id: int, segment_id: int, *, after: UUID | None, limit: int
) -> tuple[list[tuple[Member, datetime]], UUID | None]:
    """Who is in a segment and since when, in the order of enrolment; and where the next page begins."""
    found = Belonging.objects.filter(organisation_id=organisation_id, segment_id=segment_id)
    if after is not None:
        found = found.filter(member_id__gt=after)
    page = list(found.order_by("member_id")[: limit + 1])
    people = {
        one.id: one
        for one in Member.objects.filter(
            organisation_id=organisation_id, id__in=[row.member_id for row in page[:limit]]
        ).prefetch_related("identities")
    }
    rows = [(people[row.member_id], row.since) for row in page[:limit] if row.member_id in people]
    return rows, page[limit - 1].member_id if len(page) > limit else None


def found_in(
    organisation_id: int,
    segment_id: int,
    *,
    search: str = "",
    kind: str = "",
    state: str = "",
    after: UUID | None = None,
    limit: int,
) -> Page:
    """Members of a segment, narrowed by the beginning of a name or a whole e-mail address, kind and state."""
    inside = Belonging.objects.filter(organisation_id=organisation_id, segment_id=segment_id)
    found = Member.objects.filter(organisation_id=organisation_id, id__in=inside.values("member_id"))
    wanted = {"kind": kind, "state": state}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if search:
        found = found.filter(Q(name__istartswith=search) | Q(email=search.lower()))
    if after is not None:
        found = found.filter(id__gt=after)
    page = list(found.order_by("id").prefetch_related("identities")[: limit + 1])
    return Page(page[:limit], page[limit - 1].id if len(page) > limit else None)


def snapshots(organisation_id: int, segment_id: int) -> list[Snapshot]:
    """Who was in a segment at some moments, the newest first."""
    found = Snapshot.objects.filter(organisation_id=organisation_id, segment_id=segment_id)
    return list(found.order_by("-id")[:SNAPSHOTS_MAX])


_ON_LEVELS = """
    select ladder_id, level, count(*), count(*) filter (where falls_on is not null and falls_on <= %(until)s)
      from targeting_tier where organisation_id = (select %(organisation)s::int) group by ladder_id, level
"""


def ladders(organisation_id: int, *, until: date) -> list[LadderHeld]:
    """Every ladder in force with its levels; `falling` are those who lose theirs by that day."""
    rows = Ladder.objects.filter(organisation_id=organisation_id, is_live=True).order_by("programme", "key")
    with connection.cursor() as cursor:
        cursor.execute(_ON_LEVELS, {"organisation": organisation_id, "until": until})
        counts = {
            (ladder_id, level): (many, falling) for ladder_id, level, many, falling in cursor.fetchall()
        }
    names = _programme_names(organisation_id)
    words = {
        (key, thing.key): thing
        for key, programme in standing_programmes(organisation_id).items()
        for thing in things_of(programme)
        if thing.part == "level"
    }
    found = []
    for row in rows:
        definition = read_ladder(row.definition)
        own = {level: figures for (ladder_id, level), figures in counts.items() if ladder_id == row.id}
        found.append(
            LadderHeld(
                row.programme,
                names.get(row.programme, row.programme),
                definition,
                words.get((row.programme, row.key)),
                tuple(
                    LevelHeld(one.key, one.name, one.reached_from, one.benefits, own.get(one.key, (0, 0))[0])
                    for one in definition.levels
                ),
                own.get("", (0, 0))[0],
                sum(falling for _, falling in own.values()),
            )
        )
    return found


def on_level(
    organisation_id: int, programme: str, key: str, level: str, *, limit: int
) -> list[tuple[Member, date | None]]:
    """Some of those on a level of a ladder, and until when they keep it."""
    row = Ladder.objects.filter(
        organisation_id=organisation_id, programme=programme, key=key, is_live=True
    ).first()
    if row is None:
        raise NotFound(kind="ladder", ref=key)
    held = list(
        Tier.objects.filter(organisation_id=organisation_id, ladder_id=row.id, level=level).order_by(
            "member_id"
        )[:limit]
    )
    people = Member.objects.filter(
        organisation_id=organisation_id, id__in=[one.member_id for one in held]
    ).in_bulk()
    return [(people[one.member_id], one.keep_until) for one in held if one.member_id in people]


def _condition_words(definition: SegmentDefinition) -> str:
    """Whom it is for: its condition, and the teams and kinds it is among."""
    words = describe(segment_condition(definition), segment_scope(definition))
    among = [
        *(_("the team {team}").format(team=team) for team in definition.teams),
        *(_(KIND_WORDS[kind]) for kind in definition.audience),
    ]
    said = f"{words[:1].upper()}{words[1:]}"
    return _("{whom}, among {groups}.").format(whom=said, groups=", ".join(among)) if among else f"{said}."


def _programme_names(organisation_id: int) -> dict[str, str]:
    return {key: one.name for key, one in standing_programmes(organisation_id).items()}
