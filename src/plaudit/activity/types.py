"""The event types an organisation has declared, kept in memory until a newer version is declared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.foundation.exact import decode
from plaudit.foundation.told import is_read, told


@dataclass(frozen=True, slots=True)
class DeclaredType:
    """One version of an event type: what its data carries, and what it corrects if it is a correction."""

    id: int
    name: str
    version: int
    title: str
    fields: dict[str, Any]
    extra_fields: bool
    corrects: str
    part: str
    enrols: str


_ALL = """
    select id, name, version, title, fields, extra_fields, corrects, part, enrols
      from activity_event_type where organisation_id = %s and id <= %s order by version
"""
_NEWEST = "select coalesce(max(id), 0) from activity_event_type where organisation_id = %s"

K = TypeVar("K", int, str)

_OWN = (
    gettext_noop("Challenge completed"),
    gettext_noop("Streak reached"),
    gettext_noop("Streak goes on"),
    gettext_noop("Place in a competition"),
    gettext_noop("Friend came"),
    gettext_noop("Welcomed as a friend"),
    gettext_noop("Birthday"),
    gettext_noop("Achievement"),
    gettext_noop("Parts that add up"),
    gettext_noop("Badge earned"),
    gettext_noop("Learning completed"),
    gettext_noop("Scenario passed"),
    gettext_noop("Survey completed"),
    gettext_noop("Rated in a survey"),
    gettext_noop("Recognised"),
    gettext_noop("Membership"),
    gettext_noop("Membership renewed"),
)
"""What practices call the activities they report themselves."""

_known: dict[int, tuple[int, dict[str, DeclaredType], dict[int, DeclaredType]]] = {}


def declared_types(organisation_id: int, *, newest: int | None = None) -> dict[str, DeclaredType]:
    """Every event type in force, by name; `newest` is the newest's id where the caller has just read it."""
    return _told(_load(organisation_id, newest)[1])


def types_by_id(organisation_id: int) -> dict[int, DeclaredType]:
    """Every version of every type, by id: what an event in the book was recorded under."""
    return _told(_load(organisation_id)[2])


def _told(types: dict[K, DeclaredType]) -> dict[K, DeclaredType]:
    """The same with their titles told; what they carry stays as it is written, for rules are compiled of it."""
    if not is_read():
        return types
    return {key: replace(one, title=_title(one.title)) for key, one in types.items()}


def _title(title: str) -> str:
    return _(title) if title in _OWN else told(title)


def _load(
    organisation_id: int, newest: int | None = None
) -> tuple[int, dict[str, DeclaredType], dict[int, DeclaredType]]:
    known = _known.get(organisation_id)
    if newest is not None and known is not None and known[0] == newest:
        return known
    with connection.cursor() as cursor:
        if newest is None:
            cursor.execute(_NEWEST, [organisation_id])
            newest = int(cursor.fetchone()[0])
        if known is not None and known[0] == newest:
            return known
        cursor.execute(_ALL, [organisation_id, newest])
        rows = [
            DeclaredType(i, name, version, title, decode(fields), extra, corrects, part, enrols)
            for i, name, version, title, fields, extra, corrects, part, enrols in cursor.fetchall()
        ]
    _known[organisation_id] = (newest, {row.name: row for row in rows}, {row.id: row for row in rows})
    return _known[organisation_id]
