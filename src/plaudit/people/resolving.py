"""Finds the member behind the name another system uses, many at once, enrolling those never seen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from plaudit.foundation import arrays
from plaudit.foundation.exact import decode
from plaudit.foundation.ids import new_ids
from plaudit.foundation.prepared import prepared

ExternalId = tuple[str, str]  # (source, external id)

_FIND = """
    select i.source, i.external_id, i.member_id
      from unnest(%s::text[], %s::text[]) as wanted (source, external_id)
      join people_identity i on i.organisation_id = (select %s::int) and i.source = wanted.source
                            and i.external_id = wanted.external_id
"""

_ENROL = """
    with wanted as (
        select * from unnest(%(sources)s::text[], %(externals)s::text[], %(ids)s::uuid[])
            as w (source, external_id, member_id)),
    member as (
        insert into people_member (id, organisation_id, kind, name, email, attributes, state, joined_at)
        select member_id, %(organisation)s, %(kind)s, '', '', '{}', 'active', %(joined_at)s from wanted)
    insert into people_identity (organisation_id, source, external_id, member_id)
    select %(organisation)s, source, external_id, member_id from wanted
"""


_ATTRIBUTES = """
    select m.id, m.kind, m.attributes,
           (select jsonb_object_agg(s.name, s.value)::text from people_standing s
             where s.organisation_id = m.organisation_id and s.member_id = m.id)
      from people_member m
     where m.organisation_id = (select %s::int) and m.id = any(%s)
"""


def find_members(organisation_id: int, wanted: Collection[ExternalId]) -> dict[ExternalId, UUID]:
    """The members these external ids mean; ids nobody has are absent from the answer."""
    if not wanted:
        return {}
    ordered = list(wanted)
    with prepared() as cursor:
        cursor.execute(
            _FIND,
            [arrays.texts([s for s, _ in ordered]), arrays.texts([e for _, e in ordered]), organisation_id],
        )
        return {(source, external): member_id for source, external, member_id in cursor.fetchall()}


def attributes_of(organisation_id: int, members: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What rules may know of these members: their own attributes, how they stand, and `kind`.

    What a practice says of a member (see `Standing`) comes before an attribute of the same name.
    """
    with prepared() as cursor:
        cursor.execute(_ATTRIBUTES, [organisation_id, list(members)])
        return {
            member_id: {**decode(text), **(decode(standing) if standing else {}), "kind": kind}
            for member_id, kind, text, standing in cursor.fetchall()
        }


def lock_enrolment(organisation_id: int) -> None:
    """Until this transaction ends nobody else may give a new external id a meaning in this organisation."""
    with prepared() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext('enrolment'))", [organisation_id])


def find_or_enrol(
    organisation_id: int, wanted: Collection[ExternalId], *, kind: str, joined_at: datetime
) -> dict[ExternalId, UUID]:
    """The members these external ids mean, enrolling a member of `kind` for each id seen for the first time.

    Two callers that meet the same new id are told apart by one lock an organisation, taken only when
    somebody is new.
    """
    found = find_members(organisation_id, wanted)
    missing = sorted(set(wanted) - found.keys())
    if not missing:
        return found
    lock_enrolment(organisation_id)
    with prepared() as cursor:
        found.update(find_members(organisation_id, missing))
        missing = [external for external in missing if external not in found]
        for start in range(0, len(missing), 100_000):
            part = missing[start : start + 100_000]
            ids = new_ids(len(part))
            cursor.execute(
                _ENROL,
                {
                    "organisation": organisation_id,
                    "sources": arrays.texts([source for source, _ in part]),
                    "externals": arrays.texts([external for _, external in part]),
                    "ids": arrays.uuids(ids),
                    "kind": kind,
                    "joined_at": joined_at,
                },
            )
            found.update(zip(part, ids, strict=True))
    return found
