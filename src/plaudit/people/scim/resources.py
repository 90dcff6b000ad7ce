"""People and groups as the directory reads them: found by a filter, a page at a time, each as its JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation.refusals import NotFound
from plaudit.people.provisioned import ProvisionedPerson, ProvisionedTeam
from plaudit.people.scim import finding
from plaudit.people.scim.filters import Path
from plaudit.people.scim.finding import Condition
from plaudit.people.scim.schemas import ENTERPRISE, GROUP, USER, Json

PAGE_MAX = 200
MEMBERS_MAX = 10_000
_ALL: Condition = ("true", [])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a list is wanted: whom, in which order, from the how-manieth on (from 1) and how many at most."""

    where: Condition = _ALL
    order: Path | None = None
    descending: bool = False
    start: int = 1
    count: int = PAGE_MAX


def people_found(organisation_id: int, wanted: Wanted) -> tuple[int, list[ProvisionedPerson]]:
    """How many people there are like that, and those of the page."""
    by = finding.people_order(wanted.order) if wanted.order else "p.created_at"
    total, ids = _found("people_provisioned_person p", "p", organisation_id, wanted, by)
    rows = ProvisionedPerson.objects.filter(organisation_id=organisation_id).in_bulk(ids)
    return total, [rows[id] for id in ids if id in rows]


def groups_found(organisation_id: int, wanted: Wanted) -> tuple[int, list[ProvisionedTeam]]:
    """How many groups there are like that, and those of the page, with their teams."""
    by = finding.groups_order(wanted.order) if wanted.order else "g.created_at"
    source = "people_provisioned_team g join people_team t on t.id = g.team_id"
    total, ids = _found(source, "g", organisation_id, wanted, by)
    rows = ProvisionedTeam.objects.filter(organisation_id=organisation_id).select_related("team").in_bulk(ids)
    return total, [rows[id] for id in ids if id in rows]


def _found(source: str, alias: str, organisation_id: int, wanted: Wanted, by: str) -> tuple[int, list[UUID]]:
    condition, values = wanted.where
    rows = f"from {source} where {alias}.organisation_id = %s and ({condition})"
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) {rows}", [organisation_id, *values])
        total: int = cursor.fetchone()[0]
        if not wanted.count or wanted.start > total:
            return total, []
        direction = "desc" if wanted.descending else "asc"
        cursor.execute(
            f"select {alias}.id {rows} order by {by} {direction} nulls last, {alias}.id {direction}"
            " limit %s offset %s",
            [organisation_id, *values, wanted.count, wanted.start - 1],
        )
        return total, [id for (id,) in cursor.fetchall()]


def person_row(organisation_id: int, reference: str, *, lock: bool = False) -> ProvisionedPerson:
    """The person with this id. Raises `NotFound`."""
    rows = ProvisionedPerson.objects.select_for_update() if lock else ProvisionedPerson.objects.all()
    found = rows.filter(organisation_id=organisation_id, id=_uuid("person", reference)).first()
    if found is None:
        raise NotFound(kind="person", ref=reference)
    return found


def group_row(organisation_id: int, reference: str, *, lock: bool = False) -> ProvisionedTeam:
    """The group with this id, its team beside it. Raises `NotFound`."""
    rows = ProvisionedTeam.objects.select_related("team")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(organisation_id=organisation_id, id=_uuid("group", reference)).first()
    if found is None:
        raise NotFound(kind="group", ref=reference)
    return found


def _uuid(kind: str, reference: str) -> UUID:
    try:
        return UUID(reference)
    except ValueError:
        raise NotFound(kind=kind, ref=reference) from None


_GROUPS_OF = """
    select s.person_id, g.id, t.name from people_provisioned_stay s
      join people_provisioned_team g on g.id = s.group_id join people_team t on t.id = g.team_id
     where s.organisation_id = %s and s.person_id = any(%s) order by t.name, g.id
"""
_MEMBERS_OF = """
    select s.group_id, p.id, coalesce(p.said ->> 'displayName', p.user_name)
      from people_provisioned_stay s join people_provisioned_person p on p.id = s.person_id
     where s.organisation_id = %s and s.group_id = any(%s) order by p.created_at, p.id
"""


def people_shown(organisation_id: int, rows: Sequence[ProvisionedPerson], at: str) -> list[Json]:
    """People as the directory reads them; `at` is where provisioning is reached. One statement for all groups."""
    groups = _listed(_GROUPS_OF, organisation_id, [one.id for one in rows])
    return [_person(one, groups.get(one.id, []), at) for one in rows]


def groups_shown(
    organisation_id: int, rows: Sequence[ProvisionedTeam], at: str, *, with_members: bool = True
) -> list[Json]:
    """Groups as the directory reads them. One statement for all members, or none."""
    members = _listed(_MEMBERS_OF, organisation_id, [one.id for one in rows]) if with_members else {}
    return [_group(one, members.get(one.id, []), at) for one in rows]


def _listed(query: str, organisation_id: int, ids: list[UUID]) -> Mapping[UUID, list[tuple[UUID, str]]]:
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(query, [organisation_id, ids])
            for whose, id, name in cursor.fetchall():
                found.setdefault(whose, []).append((id, name))
    return found


def _person(row: ProvisionedPerson, groups: list[tuple[UUID, str]], at: str) -> Json:
    extended = [ENTERPRISE] if ENTERPRISE in row.said else []
    shown: Json = {
        "schemas": [USER, *extended],
        "id": str(row.id),
        **({"externalId": row.external_id} if row.external_id else {}),
        "userName": row.user_name,
        **row.said,
        "active": row.active,
    }
    if groups:
        shown["groups"] = [
            {"value": str(id), "$ref": f"{at}/Groups/{id}", "display": name, "type": "direct"}
            for id, name in groups
        ]
    return _with_meta(shown, "User", row, f"{at}/Users/{row.id}")


def _group(row: ProvisionedTeam, members: list[tuple[UUID, str]], at: str) -> Json:
    shown: Json = {
        "schemas": [GROUP],
        "id": str(row.id),
        **({"externalId": row.external_id} if row.external_id else {}),
        "displayName": row.team.name,
    }
    if members:
        shown["members"] = [
            {"value": str(id), "$ref": f"{at}/Users/{id}", "type": "User", "display": name}
            for id, name in members
        ]
    return _with_meta(shown, "Group", row, f"{at}/Groups/{row.id}")


def _with_meta(shown: Json, kind: str, row: ProvisionedPerson | ProvisionedTeam, location: str) -> Json:
    shown["meta"] = {
        "resourceType": kind,
        "created": row.created_at.isoformat().replace("+00:00", "Z"),
        "lastModified": row.changed_at.isoformat().replace("+00:00", "Z"),
        "location": location,
    }
    shown["meta"]["version"] = version_of(shown)
    return shown


def version_of(shown: Mapping[str, Any]) -> str:
    """The version of a resource (RFC 7644, 3.14): alike where it reads alike."""
    said = json.dumps(shown, sort_keys=True, default=str)
    return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def only(shown: Json, attributes: Iterable[str], excluded: Iterable[str]) -> Json:
    """A resource with these attributes alone, or without those (RFC 7644, 3.9); its id and schemas always."""
    wanted = [_plain(one) for one in attributes]
    unwanted = [_plain(one) for one in excluded]
    if wanted:
        return {
            name: kept for name, value in shown.items() if (kept := _kept(name, value, wanted)) is not None
        }
    return {name: kept for name, value in shown.items() if (kept := _left(name, value, unwanted)) is not None}


def _plain(name: str) -> str:
    """The name without the schema that every resource has anyway, in small letters."""
    lowered = name.strip().lower()
    for schema in (USER, GROUP):
        lowered = lowered.removeprefix(f"{schema.lower()}:")
    return lowered


def _parts(name: str, wanted: Iterable[str]) -> set[str] | None:
    """Which parts of an attribute are named: None for none, an empty set for all of it."""
    lowered = name.lower()
    joints = (f"{lowered}.", f"{lowered}:")
    if lowered in wanted:
        return set()
    named = {one[len(lowered) + 1 :].partition(".")[0] for one in wanted if one.startswith(joints)}
    return named or None


def _kept(name: str, value: Any, wanted: list[str]) -> Any:
    if name in ("id", "schemas"):
        return value
    parts = _parts(name, wanted)
    return None if parts is None else _picked(value, lambda part: not parts or part.lower() in parts)


def _left(name: str, value: Any, unwanted: list[str]) -> Any:
    if name in ("id", "schemas"):
        return value
    parts = _parts(name, unwanted)
    if parts is None:
        return value
    return None if not parts else _picked(value, lambda part: part.lower() not in parts)


def _picked(value: Any, is_kept: Any) -> Any:
    if isinstance(value, list):
        return [_picked(one, is_kept) for one in value]
    if isinstance(value, dict):
        return {part: each for part, each in value.items() if is_kept(part)}
    return value
