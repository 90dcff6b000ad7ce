"""Takes in members by the thousand: enrols those unknown, changes those known, a few statements in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from plaudit.foundation import audit, clock
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.ids import new_ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.team_lists import set_teams
from plaudit.people.resolving import find_members, lock_enrolment
from plaudit.people.rows import ExternalIdsDisagree, MemberRow, RowOutcome, RowStatus, fault_in, groups_of
from plaudit.people.rules import ExternalId, changed_attributes


@dataclass(slots=True)
class _Person:
    """A member as it is becoming while the rows that speak of it are gone through."""

    id: UUID
    kind: str
    name: str
    email: str
    attributes: dict[str, Any]
    joined_at: datetime
    is_new: bool = False
    changed: bool = False
    new_ids: list[ExternalId] = field(default_factory=list)
    teams: frozenset[str] = frozenset()
    teams_before: frozenset[str] = frozenset()


def import_members(
    organisation_id: int, rows: Sequence[MemberRow], *, actor: str, kind: str = "customer"
) -> list[RowOutcome]:
    """Enrol or change the members these rows tell of; one outcome a row, in the order given.

    Rows of one person are applied in order; a row that cannot be kept is refused alone. New members
    whose row tells no kind are of `kind`. The same rows again change nothing. All rows are kept or none:
    a caller that wants to stop and go on sends some thousands at a time.
    """
    outcomes: list[RowOutcome | None] = [None] * len(rows)
    sound: dict[int, MemberRow] = {}
    for place, row in enumerate(rows):
        fault = fault_in(row)
        if fault is None:
            sound[place] = row
        else:
            outcomes[place] = RowOutcome(RowStatus.REFUSED, refusal=fault)
    with in_organisation(organisation_id):
        lock_enrolment(organisation_id)
        known = find_members(organisation_id, {one for row in sound.values() for one in row.external_ids})
        groups = groups_of(sound, known)
        people = _people(organisation_id, groups, sound, kind)
        for (places, members), person in zip(groups, people, strict=True):
            for place in places:
                outcomes[place] = (
                    _apply(sound[place], person, known)
                    if person is not None
                    else RowOutcome(RowStatus.REFUSED, refusal=ExternalIdsDisagree(members=len(members)))
                )
        _write(organisation_id, [person for person in people if person is not None])
        done = [outcome for outcome in outcomes if outcome is not None]
        counts = Counter(outcome.status.value for outcome in done)
        audit.note(actor=actor, act="members.imported", details=dict(counts))
    return done


def _people(
    organisation_id: int,
    groups: Sequence[tuple[list[int], set[UUID]]],
    rows: Mapping[int, MemberRow],
    kind: str,
) -> list[_Person | None]:
    """The member each group of rows is about: loaded and locked, or about to be; None for a contradiction."""
    loaded = _load(organisation_id, [next(iter(members)) for _, members in groups if len(members) == 1])
    minted = iter(new_ids(sum(not members for _, members in groups)))
    now = clock.now()
    people: list[_Person | None] = []
    for places, members in groups:
        if not members:
            told = (rows[place].joined_at for place in places)
            joined_at = next((moment for moment in told if moment is not None), now)
            people.append(_Person(next(minted), kind, "", "", {}, joined_at, is_new=True))
        else:
            people.append(loaded[next(iter(members))] if len(members) == 1 else None)
    return people


_LOAD = """
    select m.id, m.kind, m.name, m.email, m.attributes, m.joined_at,
           array(select t.key from people_team_stay s join people_team t on t.id = s.team_id
                  where s.organisation_id = m.organisation_id and s.member_id = m.id and s.ended_at is null)
      from people_member m
     where m.organisation_id = %s and m.id = any(%s) order by m.id for update
"""


def _load(organisation_id: int, member_ids: list[UUID]) -> dict[UUID, _Person]:
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, [organisation_id, member_ids])
        people = {}
        for member_id, kind, name, email, attributes, joined_at, teams in cursor.fetchall():
            person = _Person(member_id, kind, name, email, decode(attributes), joined_at)
            person.teams = person.teams_before = frozenset(teams)
            people[member_id] = person
    return people


def _apply(row: MemberRow, person: _Person, known: Mapping[ExternalId, UUID]) -> RowOutcome:
    """Let the person become what the row tells. The first row of somebody unknown enrols them."""
    before = (person.kind, person.name, person.email, person.attributes, len(person.new_ids), person.teams)
    if row.kind is not None:
        person.kind = row.kind
    if row.name is not None:
        person.name = row.name.strip()
    if row.email is not None:
        person.email = row.email.strip().lower()
    person.attributes = changed_attributes(person.attributes, row.attributes or {})
    for external_id in dict.fromkeys(row.external_ids):
        if external_id not in known and external_id not in person.new_ids:
            person.new_ids.append(external_id)
    if row.teams is not None:
        person.teams = frozenset(row.teams)
    after = (person.kind, person.name, person.email, person.attributes, len(person.new_ids), person.teams)
    if person.is_new and not person.changed:
        status = RowStatus.ENROLLED
    else:
        status = RowStatus.UPDATED if before != after else RowStatus.UNCHANGED
    person.changed = person.changed or person.is_new or before != after
    return RowOutcome(status, person.id)


_ENROL = """
    insert into people_member (id, organisation_id, kind, name, email, attributes, state, joined_at)
    select id, %s, kind, name, email, attributes, 'active', joined_at
      from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::timestamptz[])
        as m (id, kind, name, email, attributes, joined_at)
"""

_CHANGE = """
    update people_member p
       set kind = m.kind, name = m.name, email = m.email, attributes = m.attributes
      from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::jsonb[])
        as m (id, kind, name, email, attributes)
     where p.organisation_id = %s and p.id = m.id
"""

_NAME = """
    insert into people_identity (organisation_id, source, external_id, member_id)
    select %s, * from unnest(%s::text[], %s::text[], %s::uuid[])
"""


def _write(organisation_id: int, people: Sequence[_Person]) -> None:
    new = [person for person in people if person.is_new]
    old = [person for person in people if person.changed and not person.is_new]
    named = [(*external_id, person.id) for person in people for external_id in person.new_ids]
    with connection.cursor() as cursor:
        if new:
            cursor.execute(_ENROL, [organisation_id, *_columns(new), [person.joined_at for person in new]])
        if old:
            cursor.execute(_CHANGE, [*_columns(old), organisation_id])
        if named:
            cursor.execute(_NAME, [organisation_id, *(list(column) for column in zip(*named, strict=True))])
    now = clock.now()
    lists = {
        person.id: (sorted(person.teams), min(person.joined_at, now) if person.is_new else now)
        for person in people
        if person.teams != person.teams_before
    }
    set_teams(organisation_id, lists, moment=now)


def _columns(people: Sequence[_Person]) -> list[list[Any]]:
    return [
        [person.id for person in people],
        [person.kind for person in people],
        [person.name for person in people],
        [person.email for person in people],
        [encode(person.attributes) for person in people],
    ]
