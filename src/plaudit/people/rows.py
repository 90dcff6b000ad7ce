"""A member as a row of a file: what it may say, and which rows speak of one person. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from plaudit.foundation.refusals import Problem, Refusal
from plaudit.people.rules import (
    ExternalId,
    Faults,
    check_attributes,
    check_email,
    check_external_ids,
    check_slug,
    check_text,
)

KINDS = ("customer", "staff", "partner")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member as a file tells it. What is None is not told, and stays as it is.

    `attributes` are added to those there; one told as None is removed. `teams` are all the teams the
    member is in from now on, by key; a key nobody has makes a team.
    """

    external_ids: tuple[ExternalId, ...]
    kind: str | None = None
    name: str | None = None
    email: str | None = None
    attributes: Mapping[str, object] | None = None
    teams: tuple[str, ...] | None = None
    joined_at: datetime | None = None


class RowStatus(StrEnum):
    """What a row came to."""

    ENROLLED = "enrolled"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What a row came to, for which member; why not, where it was refused."""

    status: RowStatus
    member_id: UUID | None = None
    refusal: Refusal | None = None


class ExternalIdsDisagree(Refusal):
    code = "external_ids_disagree"
    status = 409
    exit_code = 5
    sentence = "The external ids of this row mean {members} different members."
    way_forward = "Merge them if they are one person, or correct the ids."

    def __init__(self, *, members: int) -> None:
        super().__init__(members=members)


def fault_in(row: MemberRow) -> Problem | None:
    """What is wrong with a row by itself; None where nothing is."""
    faults = Faults()
    if not row.external_ids:
        faults.add("/external_ids", "missing", "A row needs an external id, to be found again by.")
    check_external_ids(faults, "/external_ids", row.external_ids)
    check_text(faults, "/name", row.name or "")
    check_email(faults, "/email", (row.email or "").strip())
    check_attributes(faults, "/attributes", row.attributes or {})
    if row.kind is not None and row.kind not in KINDS:
        faults.add("/kind", "unknown", f"A member is one of: {', '.join(KINDS)}.")
    for place, team in enumerate(row.teams or ()):
        check_slug(faults, f"/teams/{place}", team)
    if not faults.errors:
        return None
    return Problem("This row cannot be kept as a member.", errors=faults.errors)


def groups_of(
    rows: Mapping[int, MemberRow], known: Mapping[ExternalId, UUID]
) -> list[tuple[list[int], set[UUID]]]:
    """Which rows speak of one person, in order: [(places, the members they are known as)].

    Rows that share an external id do, and so do rows whose ids already mean the same member. More than
    one member in a group is a contradiction the file cannot settle.
    """
    parent: dict[object, object] = {}

    def root(node: object) -> object:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row in rows.values():
        for external_id in row.external_ids:
            parent[root(external_id)] = root(row.external_ids[0])
            if external_id in known:
                parent[root(known[external_id])] = root(row.external_ids[0])
    groups: dict[object, tuple[list[int], set[UUID]]] = {}
    for place, row in rows.items():
        places, members = groups.setdefault(root(row.external_ids[0]), ([], set()))
        places.append(place)
        members.update(known[external_id] for external_id in row.external_ids if external_id in known)
    return list(groups.values())


def row_of(exported: Mapping[str, Any]) -> MemberRow:
    """The row behind one line of our own NDJSON export: an export imports back as it was."""
    joined_at = exported.get("joined_at")
    teams: Sequence[Mapping[str, Any]] | None = exported.get("teams")
    return MemberRow(
        external_ids=tuple((one["source"], one["id"]) for one in exported.get("external_ids", ())),
        kind=exported.get("kind"),
        name=exported.get("name"),
        email=exported.get("email"),
        attributes=exported.get("attributes"),
        teams=None if teams is None else tuple(one["team"] for one in teams if one.get("until") is None),
        joined_at=datetime.fromisoformat(joined_at) if joined_at else None,
    )
