"""What programmes say of recognition, read once and kept in memory until something newer is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from plaudit.foundation.exact import decode
from plaudit.foundation.told import told_through
from plaudit.recognition.definitions import Standard, read_standard
from plaudit.recognition.refusals import NoStandard
from plaudit.recognition.watching import Watcher

_NEWEST = "select coalesce(max(id), 0) from recognition_published where organisation_id = %s"

_IN_FORCE = """
    select distinct on (programme) programme, standard from recognition_published
     where organisation_id = %s and id <= %s order by programme, id desc
"""


@dataclass(frozen=True, slots=True)
class Standards:
    """Every standard in force in an organisation, by the programme's key; `newest` says how new it is."""

    newest: int
    in_force: Sequence[Standard]
    watchers: Sequence[Watcher]


_known: dict[int, Standards] = {}


def standards(organisation_id: int) -> Sequence[Standard]:
    """The standards in force, by the programme's key, told to whoever reads. Asked inside the organisation."""
    return told_through(_read(organisation_id).in_force)


def watchers(organisation_id: int) -> Sequence[Watcher]:
    """What the standards in force watch for. Asked inside the organisation."""
    return _read(organisation_id).watchers


def _read(organisation_id: int) -> Standards:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [organisation_id])
        newest = int(cursor.fetchone()[0])
        known = _known.get(organisation_id)
        if known is None or known.newest != newest:
            cursor.execute(_IN_FORCE, [organisation_id, newest])
            in_force = [read_standard(decode(text)) for _, text in cursor.fetchall() if text is not None]
            watching = [Watcher(one) for one in in_force if one.watches]
            known = _known[organisation_id] = Standards(newest, in_force, watching)
    return known


def standard_for(organisation_id: int, programme: str = "") -> Standard:
    """The standard of a programme, or where none is named the first there is. Raises `NoStandard`."""
    for one in standards(organisation_id):
        if programme in ("", one.programme):
            return one
    raise NoStandard
