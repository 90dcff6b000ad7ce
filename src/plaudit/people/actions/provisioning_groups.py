"""Keeps teams as the organisation's directory keeps its groups: their names, and who is in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.tenancy import act
from plaudit.people.actions.group_stays import begin_stays, end_stays
from plaudit.people.models import Organisation, Team
from plaudit.people.provisioned import ProvisionedPerson, ProvisionedStay, ProvisionedTeam
from plaudit.people.rules import Faults, check_text
from plaudit.people.scim.refusals import NameTaken, ValueNotTaken
from plaudit.people.scim.resources import group_row
from plaudit.people.scim.schemas import Json

Change = Callable[[ProvisionedTeam], Json]


def provision_group(organisation_id: int, said: Json, *, actor: str) -> ProvisionedTeam:
    """Keep a team as a group of the directory: the one of its name, or a new one. Raises `NameTaken` and `ValueNotTaken`."""

    def step() -> ProvisionedTeam:
        _one_at_a_time(organisation_id)
        now = clock.wall()
        row = ProvisionedTeam(organisation_id=organisation_id, created_at=now, changed_at=now)
        row.team = _team_for(row, said["displayName"])
        row.external_id = said.get("externalId", "")
        row.save()
        _fill(row, said, before=set())
        audit.note(actor=actor, act="team.provisioned", subject=f"team_{row.team.key}")
        return row

    return act(organisation_id, step)


def change_group(organisation_id: int, reference: str, change: Change, *, actor: str) -> ProvisionedTeam:
    """Let the directory tell otherwise of a group: `change` is given it, locked, and says what it shall be.

    Stays of whoever comes or goes begin and end now; what was remains. Raises `NotFound`, `NameTaken`,
    `ValueNotTaken`, and whatever `change` does.
    """

    def step() -> ProvisionedTeam:
        row = group_row(organisation_id, reference, lock=True)
        said, before = change(row), _members(row)
        row.external_id, row.changed_at = said.get("externalId", ""), clock.wall()
        if row.team.name != said["displayName"]:
            _one_at_a_time(organisation_id)
            taken = Team.objects.filter(organisation_id=organisation_id, name__iexact=said["displayName"])
            if taken.exclude(id=row.team_id).exists():
                raise NameTaken(f"There is another team {said['displayName']}.")
            row.team.name = _checked(said["displayName"])
            row.team.save(update_fields=["name"])
        row.save()
        _fill(row, said, before=before)
        audit.note(actor=actor, act="team.provisioned", subject=f"team_{row.team.key}")
        return row

    return act(organisation_id, step)


def unprovision_group(
    organisation_id: int, reference: str, check: Callable[[ProvisionedTeam], None], *, actor: str
) -> None:
    """Keep a team no longer as a group: the stays it stood for end; the team, and who was in it, remain.

    Raises `NotFound`, and whatever `check` does.
    """

    def step() -> None:
        row = group_row(organisation_id, reference, lock=True)
        check(row)
        end_stays(organisation_id, group=row.id)
        row.delete()
        audit.note(actor=actor, act="team.unprovisioned", subject=f"team_{row.team.key}")

    act(organisation_id, step)


def _one_at_a_time(organisation_id: int) -> None:
    """Of two that name a team at once, the second sees the name of the first."""
    Organisation.objects.select_for_update(no_key=True).get(id=organisation_id)


def _members(row: ProvisionedTeam) -> set[UUID]:
    stays = ProvisionedStay.objects.filter(organisation_id=row.organisation_id, group=row)
    return set(stays.values_list("person_id", flat=True))


def _team_for(row: ProvisionedTeam, name: str) -> Team:
    """The team of that name, if no group has it; else a new one, its key made of the name."""
    name = _checked(name)
    teams = Team.objects.filter(organisation_id=row.organisation_id)
    found = teams.filter(name__iexact=name).order_by("id").first()
    if found is not None:
        if ProvisionedTeam.objects.filter(organisation_id=row.organisation_id, team=found).exists():
            raise NameTaken(f"There is already a group {name}.")
        return found
    key = plain = _key_of(name)
    number = 1
    while teams.filter(key=key).exists():
        number += 1
        key = f"{plain[:40]}-{number}"
    return Team.objects.create(organisation_id=row.organisation_id, key=key, name=name)


def _checked(name: str) -> str:
    faults = Faults()
    check_text(faults, "/displayName", name, empty=False)
    if faults.errors:
        raise ValueNotTaken(f"displayName: {faults.errors[0]['detail']}")
    return name.strip()


def _key_of(name: str) -> str:
    """The name in small letters, digits and hyphens, as the keys of teams are."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:45].strip("-") or "team"


def _fill(row: ProvisionedTeam, said: Json, *, before: set[UUID]) -> None:
    """Let these people be in the group, and nobody else."""
    wanted = _people(row.organisation_id, said)
    gone, new = before - wanted, wanted - before
    if gone:
        end_stays(row.organisation_id, people=gone, group=row.id)
        ProvisionedStay.objects.filter(
            organisation_id=row.organisation_id, group=row, person_id__in=gone
        ).delete()
    if new:
        ProvisionedStay.objects.bulk_create(
            ProvisionedStay(organisation_id=row.organisation_id, group=row, person_id=one)
            for one in sorted(new)
        )
        begin_stays(row.organisation_id, people=new, group=row.id)


def _people(organisation_id: int, said: Json) -> set[UUID]:
    """The people a group names. Raises `ValueNotTaken` for a group in a group, and for nobody's id."""
    named: dict[str, UUID] = {}
    for one in said.get("members", []):
        value = str(one.get("value", ""))
        if str(one.get("type", "User")).lower() != "user":
            raise ValueNotTaken("Members are people; groups in groups are not kept.")
        try:
            named[value] = UUID(value)
        except ValueError:
            raise ValueNotTaken(f"There is no person {value[:100]}.") from None
    found = ProvisionedPerson.objects.filter(organisation_id=organisation_id, id__in=set(named.values()))
    known = set(found.values_list("id", flat=True))
    for value, id in named.items():
        if id not in known:
            raise ValueNotTaken(f"There is no person {value[:100]}.")
    return known
