"""What is asked about segments: which there are, who is in one, and what was kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count

from plaudit.foundation.refusals import NotFound
from plaudit.targeting.definitions import Segment as Definition
from plaudit.targeting.definitions import read_segment
from plaudit.targeting.models import Belonging, InSnapshot, Segment, Snapshot


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """A segment as it stands: how many are in it, and the day of the last look at everybody, None before the first."""

    programme: str
    definition: Definition
    members: int
    looked_on: date | None


@dataclass(frozen=True, slots=True)
class Inside:
    """One member of a segment, and since when; of a snapshot, since when it was taken."""

    member_id: UUID
    since: datetime


def segments(organisation_id: int) -> list[KeptSegment]:
    """Every segment in force, by programme and key. Ask inside `in_organisation`, as for all of these."""
    inside = Belonging.objects.filter(organisation_id=organisation_id)
    members = dict(inside.values_list("segment_id").annotate(Count("member_id")).order_by("segment_id"))
    live = Segment.objects.filter(organisation_id=organisation_id, is_live=True)
    return [
        KeptSegment(one.programme, read_segment(one.definition), members.get(one.id, 0), one.looked_on)
        for one in live.order_by("programme", "key")
    ]


def segment(organisation_id: int, programme: str, key: str) -> KeptSegment:
    """One of them. Raises `NotFound`."""
    row = segment_row(organisation_id, programme, key)
    count = Belonging.objects.filter(organisation_id=organisation_id, segment_id=row.id).count()
    return KeptSegment(programme, read_segment(row.definition), count, row.looked_on)


def segment_row(organisation_id: int, programme: str, key: str) -> Segment:
    """Its row. Raises `NotFound`."""
    named = Segment.objects.filter(
        organisation_id=organisation_id, programme=programme, key=key, is_live=True
    )
    found = named.first()
    if found is None:
        raise NotFound(kind="segment", ref=f"{programme}/{key}")
    return found


def members_of(
    organisation_id: int, programme: str, key: str, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Inside]:
    """Who is in a segment now, in the order of their ids. Raises `NotFound`."""
    row = segment_row(organisation_id, programme, key)
    inside = Belonging.objects.filter(organisation_id=organisation_id, segment_id=row.id)
    if after is not None:
        inside = inside.filter(member_id__gt=after)
    return [Inside(*one) for one in inside.order_by("member_id").values_list("member_id", "since")[:limit]]


def segments_of_member(organisation_id: int, member_id: UUID) -> list[tuple[str, Definition, datetime]]:
    """The segments a member is in, each with its programme, and since when."""
    live = Segment.objects.filter(organisation_id=organisation_id, is_live=True)
    rows = {one.id: one for one in live.order_by("programme", "key")}
    inside = Belonging.objects.filter(
        organisation_id=organisation_id, segment_id__in=rows, member_id=member_id
    )
    since = dict(inside.values_list("segment_id", "since"))
    return [
        (one.programme, read_segment(one.definition), since[one.id])
        for one in rows.values()
        if one.id in since
    ]


def belongs_since(organisation_id: int, segment_id: int, member_id: UUID) -> datetime | None:
    """Since when a member is in a segment, None where they are not."""
    inside = Belonging.objects.filter(
        organisation_id=organisation_id, segment_id=segment_id, member_id=member_id
    )
    return inside.values_list("since", flat=True).first()


def snapshots_of(organisation_id: int, programme: str, key: str) -> list[Snapshot]:
    """What was kept of a segment, newest first: the 200 newest. Raises `NotFound`."""
    row = segment_row(organisation_id, programme, key)
    taken = Snapshot.objects.filter(organisation_id=organisation_id, segment_id=row.id)
    return list(taken.order_by("-taken_at", "-id")[:200])


def members_in_snapshot(
    organisation_id: int, programme: str, key: str, name: str, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Inside]:
    """Who was in a segment when a snapshot of it was taken. Raises `NotFound`."""
    row = segment_row(organisation_id, programme, key)
    taken = Snapshot.objects.filter(organisation_id=organisation_id, segment_id=row.id, name=name).first()
    if taken is None:
        raise NotFound(kind="snapshot", ref=name)
    inside = InSnapshot.objects.filter(organisation_id=organisation_id, snapshot_id=taken.id)
    if after is not None:
        inside = inside.filter(member_id__gt=after)
    ids = inside.order_by("member_id").values_list("member_id", flat=True)[:limit]
    return [Inside(member_id, taken.taken_at) for member_id in ids]
