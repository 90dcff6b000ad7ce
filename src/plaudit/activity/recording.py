"""Writes the activity book, many events in one statement, and finds what is in it by the source's own key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from plaudit.foundation import arrays
from plaudit.foundation.exact import decode
from plaudit.foundation.prepared import prepared


@dataclass(slots=True)
class NewEvent:
    """An event about to be recorded: its names resolved to ids, its key not yet in the book."""

    id: UUID
    source_id: int
    key: str
    type_id: int
    member_id: UUID | None
    occurred_at: datetime
    data: str
    corrects_key: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event already in the book, as much of it as tells a repeat from a conflict."""

    id: UUID
    source_id: int
    key: str
    type_id: int
    member_id: UUID | None
    occurred_at: datetime
    corrects_key: str | None
    same_data: bool


_FIND = """
    select wanted.place
      from unnest(%s::int[], %s::text[]) with ordinality as wanted (source_id, key, place)
      join activity_event e
        on e.organisation_id = (select %s::int) and e.source_id = wanted.source_id and e.key = wanted.key
"""

_COMPARE = """
    select e.id, e.source_id, e.key, e.type_id, e.member_id, e.occurred_at, e.corrects_key,
           e.data = wanted.data as same_data, wanted.place
      from unnest(%s::int[], %s::text[], %s::jsonb[]) with ordinality as wanted (source_id, key, data, place)
      join activity_event e
        on e.organisation_id = (select %s::int) and e.source_id = wanted.source_id and e.key = wanted.key
"""


def find_recorded(organisation_id: int, wanted: Sequence[tuple[int, str, str]]) -> dict[int, RecordedEvent]:
    """Which of these (source id, key, data as JSON) are already in the book, by their place among them.

    Most are not: the keys go first, and the data only of those that are there.
    """
    with prepared() as cursor:
        sources = arrays.numbers([source_id for source_id, _, _ in wanted])
        cursor.execute(_FIND, [sources, arrays.texts([key for _, key, _ in wanted]), organisation_id])
        places = [place - 1 for (place,) in cursor.fetchall()]
        if not places:
            return {}
        there = [wanted[place] for place in places]
        cursor.execute(
            _COMPARE,
            [
                arrays.numbers([source_id for source_id, _, _ in there]),
                arrays.texts([key for _, key, _ in there]),
                arrays.texts([data for _, _, data in there]),
                organisation_id,
            ],
        )
        return {places[row[8] - 1]: RecordedEvent(*row[:8]) for row in cursor.fetchall()}


_ADD = """
    insert into activity_event (organisation_id, id, source_id, key, type_id, member_id, occurred_at,
                                recorded_at, lineup_id, batch_id, corrects_key, data, decision)
    select %s, id, source_id, key, type_id, member_id, occurred_at, %s, %s::int, %s::int, corrects_key, data, decision
      from unnest(%s::uuid[], %s::int[], %s::text[], %s::int[], %s::uuid[], %s::timestamptz[], %s::text[],
                  %s::jsonb[], %s::jsonb[])
        as e (id, source_id, key, type_id, member_id, occurred_at, corrects_key, data, decision)
"""


def record(
    organisation_id: int,
    events: Sequence[NewEvent],
    *,
    recorded_at: datetime,
    lineup_id: int | None,
    batch_id: int | None,
) -> None:
    """Add these events to the book. A key already there fails the whole statement: look first."""
    if not events:
        return
    with prepared() as cursor:
        cursor.execute(
            _ADD,
            [
                organisation_id,
                recorded_at,
                lineup_id,
                batch_id,
                arrays.uuids([e.id for e in events]),
                arrays.numbers([e.source_id for e in events]),
                arrays.texts([e.key for e in events]),
                arrays.numbers([e.type_id for e in events]),
                arrays.uuids([e.member_id for e in events]),
                arrays.times([e.occurred_at for e in events]),
                arrays.texts([e.corrects_key for e in events]),
                arrays.texts([e.data for e in events]),
                arrays.texts([e.decision for e in events]),
            ],
        )


def keys_awaited(organisation_id: int, keys: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these (source id, key) a correction already in the book waits for."""
    with prepared() as cursor:
        cursor.execute(
            """
            select distinct c.source_id, c.corrects_key
              from unnest(%s::int[], %s::text[]) as wanted (source_id, key)
              join activity_event c on c.organisation_id = (select %s::int) and c.source_id = wanted.source_id
                                   and c.corrects_key = wanted.key
            """,
            [arrays.numbers([s for s, _ in keys]), arrays.texts([k for _, k in keys]), organisation_id],
        )
        return {(source_id, key) for source_id, key in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class CorrectionLink:
    """A correction in the book and the event it corrects, both as recorded."""

    correction_id: UUID
    correction_type_id: int
    correction_data: dict[str, Any]
    corrected_id: UUID
    corrected_type_id: int
    corrected_data: dict[str, Any]
    member_id: UUID | None
    occurred_at: datetime


_LINKS = """
    select c.id as correction_id, c.type_id as correction_type_id, c.data as correction_data,
           e.id as corrected_id, e.type_id as corrected_type_id, e.data as corrected_data,
           e.member_id, c.occurred_at
      from activity_event c
      join activity_event e on e.organisation_id = c.organisation_id and e.source_id = c.source_id
                           and e.key = c.corrects_key
     where c.organisation_id = (select %(organisation)s::int)
       and ({condition})
     order by c.id
"""


def corrections_touching(organisation_id: int, event_ids: Sequence[UUID]) -> list[CorrectionLink]:
    """Corrections of which either side is among these newly recorded events and both sides are there.

    A correction may arrive before what it corrects; it takes effect when both are in the book.
    """
    ids = {"ids": list(event_ids)}
    arrived = _links(organisation_id, "c.id = any(%(ids)s) and c.corrects_key is not null", ids)
    waiting = _links(organisation_id, "e.id = any(%(ids)s)", ids)
    return list({link.correction_id: link for link in (*arrived, *waiting)}.values())


def corrections_of(organisation_id: int, event_id: UUID) -> list[CorrectionLink]:
    """Every correction of one event that is in the book, oldest first."""
    return _links(organisation_id, "e.id = %(event)s", {"event": event_id})


def _links(organisation_id: int, condition: str, values: dict[str, Any]) -> list[CorrectionLink]:
    with prepared() as cursor:
        cursor.execute(_LINKS.format(condition=condition), {"organisation": organisation_id, **values})
        return [
            CorrectionLink(
                correction_id=row[0],
                correction_type_id=row[1],
                correction_data=decode(row[2]),
                corrected_id=row[3],
                corrected_type_id=row[4],
                corrected_data=decode(row[5]),
                member_id=row[6],
                occurred_at=row[7],
            )
            for row in cursor.fetchall()
        ]


_ADD_SOURCES = """
    insert into activity_source (organisation_id, name) select %s, unnest(%s::text[]) as name order by name
        on conflict (organisation_id, name) do nothing
"""

_FIND_SOURCES = (
    "select id, name from activity_source where organisation_id = (select %s::int) and name = any(%s)"
)


def source_ids(organisation_id: int, names: Sequence[str]) -> dict[str, int]:
    """The ids of these sources, adding those seen for the first time."""
    wanted = sorted(set(names))
    with prepared() as cursor:
        cursor.execute(_FIND_SOURCES, [organisation_id, wanted])
        found = {name: source_id for source_id, name in cursor.fetchall()}
        missing = [name for name in wanted if name not in found]
        if missing:
            cursor.execute(_ADD_SOURCES, [organisation_id, missing])
            # A statement of its own: only then does it see what another writer added meanwhile.
            cursor.execute(_FIND_SOURCES, [organisation_id, missing])
            found.update({name: source_id for source_id, name in cursor.fetchall()})
    return found
