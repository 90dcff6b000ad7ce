"""What practices say of members, such as a tier or a membership's level: one name and its value a member.

Rules, conditions for rewards and segments read it as `member.<name>`, through `resolving.attributes_of`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import arrays
from plaudit.foundation.exact import decode, encode

_SAY = """
    insert into people_standing (organisation_id, member_id, name, value, said_by, since)
    select %(organisation)s, s.member_id, s.name, s.value, %(said_by)s, %(now)s
      from unnest(%(members)s::uuid[], %(names)s::text[], %(values)s::jsonb[]) as s (member_id, name, value)
     order by s.member_id, s.name
    on conflict (organisation_id, member_id, name) do update set value = excluded.value, since = excluded.since
     where people_standing.said_by = excluded.said_by and people_standing.value is distinct from excluded.value
"""

_UNSAY = """
    delete from people_standing
     using unnest(%(members)s::uuid[], %(names)s::text[]) as s (member_id, name)
     where people_standing.organisation_id = %(organisation)s and people_standing.member_id = s.member_id
       and people_standing.name = s.name and people_standing.said_by = %(said_by)s
"""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said of a member from now on; None takes it back."""

    member_id: UUID
    name: str
    value: str | bool | int | None


def say(organisation_id: int, said: Iterable[Said], *, said_by: str, now: datetime) -> None:
    """Write down how these members stand, in the transaction that is open. Saying it again changes nothing.

    `said_by` is who says it, such as "membership" or "tiers/club": nobody changes what another says.
    """
    kept: list[Said] = []
    gone: list[Said] = []
    for one in said:
        (gone if one.value is None else kept).append(one)
    with connection.cursor() as cursor:
        if kept:
            columns = _columns(organisation_id, kept, said_by)
            columns |= {"values": arrays.texts([encode(one.value) for one in kept]), "now": now}
            cursor.execute(_SAY, columns)
        if gone:
            cursor.execute(_UNSAY, _columns(organisation_id, gone, said_by))


def _columns(organisation_id: int, said: list[Said], said_by: str) -> dict[str, Any]:
    return {
        "organisation": organisation_id,
        "members": arrays.uuids([one.member_id for one in said]),
        "names": arrays.texts([one.name for one in said]),
        "said_by": said_by,
    }


def unsay_all(organisation_id: int, *, said_by: str, names: Collection[str]) -> None:
    """Nobody is said to be any of this any longer, such as when a ladder leaves its programme."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from people_standing where organisation_id = %s and said_by = %s and name = any(%s)",
            [organisation_id, said_by, list(names)],
        )


def standing_of(organisation_id: int, members: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """How these members stand, name by name; a member of whom nothing is said is absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select member_id, jsonb_object_agg(name, value)::text from people_standing"
            " where organisation_id = %s and member_id = any(%s) group by member_id",
            [organisation_id, list(members)],
        )
        return {member_id: decode(text) for member_id, text in cursor.fetchall()}
