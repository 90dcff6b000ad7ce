"""Keeps people here as the organisation's directory says: who they are, what they are here for, and that they have left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plaudit.foundation import audit, clock
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.actions.group_stays import begin_stays, end_stays
from plaudit.people.actions.members import enrol_member, update_member
from plaudit.people.actions.roles import bind_user, grant_role, withdraw_role
from plaudit.people.actions.signing_in import end_sessions_here
from plaudit.people.models import Member, MemberKind, MemberState, Role, Session, SignInLink, User
from plaudit.people.providers import ProviderLink
from plaudit.people.provisioned import ProvisionedPerson
from plaudit.people.queries import organisations_of, sandboxes_of
from plaudit.people.resolving import find_members
from plaudit.people.rules import NAME_MAX, Faults, check_email
from plaudit.people.scim.refusals import NameTaken, ValueNotTaken
from plaudit.people.scim.resources import person_row
from plaudit.people.scim.schemas import Json
from plaudit.people.standing import user_ref

SOURCE = "scim"
"""The source by which a member is known under the directory's own id."""
ASSIGNED = frozenset(RoleName) - {RoleName.OPERATOR}
"""The roles a directory may assign. An operator is made by a person, for operators make the keys of directories."""

Change = Callable[[ProvisionedPerson], Json]


def provision_person(organisation_id: int, said: Json, *, actor: str) -> ProvisionedPerson:
    """Let somebody in as the directory tells of them. Raises `NameTaken` and `ValueNotTaken`."""

    def step() -> ProvisionedPerson:
        now = clock.wall()
        row = ProvisionedPerson(organisation_id=organisation_id, created_at=now, changed_at=now)
        _tell(row, said, actor)
        audit.note(actor=actor, act="person.provisioned", subject=user_ref(row.user_id))
        return row

    return act(organisation_id, step)


def change_provisioned(
    organisation_id: int, reference: str, change: Change, *, actor: str
) -> ProvisionedPerson:
    """Let the directory tell otherwise of somebody: `change` is given who they are, locked, and says who they shall be.

    Whoever is no longer active loses their roles, their sessions and their unused links here, and in the
    sandboxes of the organisation, at once; nothing they did goes. Raises `NotFound`, `NameTaken`,
    `ValueNotTaken`, `LastOperator`, and whatever `change` does.
    """

    def step() -> ProvisionedPerson:
        row = person_row(organisation_id, reference, lock=True)
        said = change(row)
        if said != told_of(row):
            row.changed_at = clock.wall()
            _tell(row, said, actor)
            audit.note(
                actor=actor,
                act="person.provisioned",
                subject=user_ref(row.user_id),
                details={"active": row.active},
            )
        return row

    row = act(organisation_id, step)
    if not row.active:
        _leave_sandboxes(organisation_id, row.user_id)
    return row


def unprovision_person(
    organisation_id: int, reference: str, check: Callable[[ProvisionedPerson], None], *, actor: str
) -> None:
    """Let somebody out, and forget what the directory said of them. Raises `NotFound`, and whatever `check` does.

    The sandboxes come first: where it breaks off there, they are still known, and asking again goes on.
    """
    with in_organisation(organisation_id):
        row = person_row(organisation_id, reference)
        check(row)
    _leave_sandboxes(organisation_id, row.user_id)

    def step() -> None:
        row = person_row(organisation_id, reference, lock=True)
        check(row)
        end_stays(organisation_id, people=[row.id])
        if row.active:
            _let_go(row, actor)
        row.delete()
        audit.note(actor=actor, act="person.unprovisioned", subject=user_ref(row.user_id))

    act(organisation_id, step)


def told_of(row: ProvisionedPerson) -> Json:
    """What the directory has told of somebody."""
    external = {"externalId": row.external_id} if row.external_id else {}
    return {"userName": row.user_name, **external, **row.said, "active": row.active}


def _tell(row: ProvisionedPerson, said: Json, actor: str) -> None:
    """Make a person what the directory says, in one transaction with the row that says it."""
    rest = {name: value for name, value in said.items() if name not in ("userName", "externalId", "active")}
    was_active, row.active = row.active if row.user_id else False, bool(said.get("active", True))
    row.user_name, row.external_id, row.said = said["userName"], said.get("externalId", ""), rest
    taken = ProvisionedPerson.objects.filter(organisation_id=row.organisation_id).exclude(id=row.id)
    if taken.filter(user_name__iexact=row.user_name).exists():
        raise NameTaken(f"Somebody else has the userName {row.user_name}.")
    email, name = _address(row), _name(row)
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name)
    if taken.filter(user=user).exists():
        raise NameTaken(f"Somebody else is reached at {email}.")
    if row.user_id and row.user_id != user.id:
        _move(row, user, actor)
    row.user = user
    _call(user, name, row.organisation_id)
    if row.active:
        _let_in(row, actor, anew=not was_active)
    elif was_active:
        _let_go(row, actor)
    row.save()
    if row.active:
        begin_stays(row.organisation_id, people=[row.id])


def _address(row: ProvisionedPerson) -> str:
    """Where somebody is reached: the primary address, or the first; else the userName, where it is one."""
    emails = [one for one in row.said.get("emails", []) if one.get("value")]
    best = next(
        (one for one in emails if one.get("primary")), emails[0] if emails else {"value": row.user_name}
    )
    email, faults = str(best["value"]).strip().lower(), Faults()
    check_email(faults, "/emails", email)
    if faults.errors or not email:
        raise ValueNotTaken("emails must have an e-mail address, or userName be one: people sign in by it.")
    return email


def _name(row: ProvisionedPerson) -> str:
    name = row.said.get("name", {})
    parts = " ".join(name[part] for part in ("givenName", "familyName") if name.get(part))
    return str(row.said.get("displayName") or name.get("formatted") or parts)[:NAME_MAX].strip()


def _call(user: User, name: str, organisation_id: int) -> None:
    """Give a person their name, unless they are somebody elsewhere too: that is not this directory's to change."""
    if not name or user.name == name:
        return
    elsewhere = {one.id for one in organisations_of(user.id) if one.copied_from_id != organisation_id}
    if not user.name or elsewhere <= {organisation_id}:
        user.name = name
        user.save(update_fields=["name"])


def _let_in(row: ProvisionedPerson, actor: str, *, anew: bool) -> None:
    """Give somebody the roles they are assigned; where none is, leave them those they have or had."""
    organisation_id = row.organisation_id
    held = set(
        Role.objects.filter(organisation_id=organisation_id, user_id=row.user_id).values_list(
            "name", flat=True
        )
    )
    assigned = _assigned(row)
    wanted = assigned if assigned is not None else held | (set(row.held) if anew else set())
    wanted = wanted or {RoleName.MEMBER.value}
    for role in sorted(wanted - held - {RoleName.MEMBER}):
        grant_role(organisation_id, user_id=row.user_id, role=role, actor=actor)
    if RoleName.MEMBER in wanted:
        _as_member(row, actor)
    if assigned is not None:
        for role in sorted(held - wanted - {RoleName.OPERATOR}):
            withdraw_role(organisation_id, user_id=row.user_id, role=role, actor=actor)
    row.held = []


def _assigned(row: ProvisionedPerson) -> set[str] | None:
    """The roles the directory names; None where it names none. Raises `ValueNotTaken` for what is no role of ours."""
    named = row.said.get("roles")
    if named is None:
        return None
    roles = {str(one.get("value", "")).strip().lower() for one in named}
    if unknown := sorted(roles - ASSIGNED):
        raise ValueNotTaken(
            f"A directory assigns no role “{unknown[0]}”; it may: {', '.join(sorted(ASSIGNED))}."
        )
    return roles


def _as_member(row: ProvisionedPerson, actor: str) -> None:
    """Let somebody be a member of staff: the one they are, the one the directory or their address means, or a new one."""
    organisation_id, name, email = row.organisation_id, _name(row), _address(row)
    member = Member.objects.filter(organisation_id=organisation_id, user_id=row.user_id).first()
    known_as = (SOURCE, row.external_id or str(row.id))
    if member is None:
        found = find_members(organisation_id, [known_as]).get(known_as)
        free = Member.objects.filter(organisation_id=organisation_id, user=None, state=MemberState.ACTIVE)
        theirs = list(free.filter(id=found) if found else free.filter(email=email)[:2])
        if len(theirs) == 1:
            member = theirs[0]
        else:
            names = [] if found else [known_as]
            member = enrol_member(
                organisation_id,
                kind=MemberKind.STAFF,
                name=name,
                email=email,
                external_ids=names,
                actor=actor,
            )
        bind_user(organisation_id, user_id=row.user_id, member_id=member.id, actor=actor)
    elif member.state == MemberState.ACTIVE:
        bind_user(organisation_id, user_id=row.user_id, member_id=member.id, actor=actor)
    if member.state == MemberState.ACTIVE and (member.name, member.email) != (name or member.name, email):
        update_member(organisation_id, member_id=member.id, name=name or None, email=email, actor=actor)


def _let_go(row: ProvisionedPerson, actor: str) -> None:
    """Take every role of somebody here, and end every session and unused link. Raises `LastOperator`."""
    organisation_id = row.organisation_id
    roles = Role.objects.filter(organisation_id=organisation_id, user_id=row.user_id)
    row.held = sorted(roles.values_list("name", flat=True))
    for role in row.held:
        withdraw_role(organisation_id, user_id=row.user_id, role=role, actor=actor)
    end_sessions_here(organisation_id, user_id=row.user_id, actor=actor)


def _leave_sandboxes(organisation_id: int, user_id: int) -> None:
    """Take them out of the organisation's sandboxes as well; whoever does it again changes nothing."""
    for sandbox in sandboxes_of(organisation_id):
        with in_organisation(sandbox.id):
            Role.objects.filter(organisation_id=sandbox.id, user_id=user_id).delete()
            Session.objects.filter(user_id=user_id, signed_in_to_id=sandbox.id).delete()
            SignInLink.objects.filter(organisation_id=sandbox.id, user_id=user_id, used_at=None).delete()


def _move(row: ProvisionedPerson, user: User, actor: str) -> None:
    """Let somebody whose address changed be the person of the new one: roles, member and vouching go with them here.

    The person of the old address keeps what they have elsewhere, which is not this directory's to change.
    """
    organisation_id, before = row.organisation_id, row.user_id
    roles: list[Any] = list(
        Role.objects.filter(organisation_id=organisation_id, user_id=before).order_by("name")
    )
    for role in roles:
        grant_role(organisation_id, user_id=user.id, role=role.name, actor=actor)
    ProviderLink.objects.filter(organisation_id=organisation_id, user=user).delete()
    ProviderLink.objects.filter(organisation_id=organisation_id, user_id=before).update(user=user)
    member = Member.objects.filter(organisation_id=organisation_id, user_id=before).first()
    if member is not None and member.state == MemberState.ACTIVE:
        Member.objects.filter(organisation_id=organisation_id, user=user).update(user=None)
        member.user = user
        member.save(update_fields=["user"])
    for role in roles:
        withdraw_role(organisation_id, user_id=before, role=role.name, actor=actor)
    end_sessions_here(organisation_id, user_id=before, actor=actor)
