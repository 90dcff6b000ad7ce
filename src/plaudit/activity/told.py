"""Recorded events in the words in which the floors above tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays
from plaudit.foundation.exact import decode


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """One event of the book. `range` is the place of the range, among those asked for, that it stands in."""

    range: int
    id: UUID
    source: str
    key: str
    type: str
    member_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    corrects_key: str | None
    data: dict[str, Any]


_IN_RANGES = """
    select wanted.place - 1, e.id, s.name, e.key, y.name, e.member_id, e.occurred_at, e.recorded_at,
           e.corrects_key, e.data
      from unnest(%s::uuid[], %s::uuid[]) with ordinality as wanted (first, last, place)
      join activity_event e on e.organisation_id = %s and e.id between wanted.first and wanted.last
      join activity_source s on s.id = e.source_id
      join activity_event_type y on y.id = e.type_id
     order by wanted.place, e.id
     limit %s
"""


def events_in_ranges(
    organisation_id: int, ranges: Sequence[tuple[UUID, UUID]], *, at_most: int
) -> list[ToldEvent]:
    """The events whose ids lie in these ranges (both ends included), range after range and by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_RANGES,
            [
                arrays.uuids([first for first, _ in ranges]),
                arrays.uuids([last for _, last in ranges]),
                organisation_id,
                at_most,
            ],
        )
        return [
            ToldEvent(*row[:9], data=decode(row[9]))  # type: ignore[misc]  # row shapes are not typed
            for row in cursor.fetchall()
        ]
