"""Invites people and says what they may do, organisation by organisation."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.access.roles import BUILDERS, RoleName
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.actions.members import locked_member
from plaudit.people.models import Member, Organisation, Role, User
from plaudit.people.refusals import LastOperator, NoWayIn
from plaudit.people.rules import Faults, check_email, check_text
from plaudit.people.standing import person, user_ref


def invite_user(
    organisation_id: int, *, email: str, actor: str, name: str = "", roles: Iterable[str] = ()
) -> User:
    """The person with this address, made if nobody has it yet, holding these roles here. Raises `Problem`."""
    email = email.strip().lower()
    faults = Faults()
    check_text(faults, "/email", email, longest=254, empty=False)
    check_email(faults, "/email", email)
    check_text(faults, "/name", name)
    faults.refuse("Nobody can be invited like this.")

    def step() -> User:
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, name.strip())
        for role in roles:
            grant_role(organisation_id, user_id=user.id, role=role, actor=actor)
        return user

    return act(organisation_id, step)


def grant_role(organisation_id: int, *, user_id: int, role: str, actor: str) -> None:
    """Let somebody hold a role here, from their next request on; granting it again changes nothing."""
    if role not in set(RoleName):
        raise Problem(
            f"{role} is not a role.",
            errors=[
                {"pointer": "/role", "code": "unknown", "detail": f"Choose from: {', '.join(RoleName)}."}
            ],
        )
    with in_organisation(organisation_id):
        if not User.objects.filter(id=user_id).exists():
            raise NotFound(kind="person", ref=user_ref(user_id))
        _, granted = Role.objects.get_or_create(
            organisation_id=organisation_id,
            user_id=user_id,
            name=role,
            defaults={"granted_at": clock.wall(), "granted_by": actor},
        )
        if granted:
            audit.note(actor=actor, act="role.granted", subject=user_ref(user_id), details={"role": role})


def set_roles(organisation_id: int, *, user_id: int, roles: Iterable[str], actor: str) -> None:
    """Let somebody hold these roles here and no others, whether they are a member apart; none suspends them.

    Raises `NotFound` for whoever has no role here, and `LastOperator`.
    """
    wanted = set(roles)

    def step() -> None:
        held = set(
            Role.objects.filter(organisation_id=organisation_id, user_id=user_id).values_list(
                "name", flat=True
            )
        )
        if not held:
            raise NotFound(kind="person", ref=user_ref(user_id))
        for role in sorted(wanted - held):
            grant_role(organisation_id, user_id=user_id, role=role, actor=actor)
        for role in sorted(held - wanted - {RoleName.MEMBER}):
            withdraw_role(organisation_id, user_id=user_id, role=role, actor=actor)

    act(organisation_id, step)


def join_sandbox(organisation_id: int, sandbox_id: int, *, user_id: int, actor: str) -> None:
    """Let somebody into a sandbox of an organisation, with the roles they hold in the organisation itself.

    Nothing in a sandbox is real, so whoever builds with the original may. Raises `NotFound` for what is no
    sandbox of it, and `NoWayIn` for whoever has none of the roles that build.
    """
    if not Organisation.objects.filter(id=sandbox_id, copied_from_id=organisation_id).exists():
        raise NotFound(kind="sandbox", ref=sandbox_id)
    roles = sorted(person(organisation_id, user_id).roles & BUILDERS)
    if not roles:
        raise NoWayIn

    def step() -> None:
        for role in roles:
            grant_role(sandbox_id, user_id=user_id, role=role, actor=actor)

    act(sandbox_id, step)


def withdraw_role(organisation_id: int, *, user_id: int, role: str, actor: str) -> None:
    """Take a role away, from the next request on. Raises `NotFound`, and `LastOperator` for the last one."""
    with in_organisation(organisation_id):
        holders = list(
            Role.objects.select_for_update()
            .filter(organisation_id=organisation_id, name=role)
            .order_by("id")
            .values_list("user_id", flat=True)
        )
        if user_id not in holders:
            raise NotFound(kind="role", ref=f"{role} of {user_ref(user_id)}")
        if role == RoleName.OPERATOR and len(holders) == 1:
            raise LastOperator
        Role.objects.filter(organisation_id=organisation_id, user_id=user_id, name=role).delete()
        audit.note(actor=actor, act="role.withdrawn", subject=user_ref(user_id), details={"role": role})


def bind_user(organisation_id: int, *, user_id: int, member_id: UUID, actor: str) -> Member:
    """Let a person sign in as this member. A person is one member here; a member one person."""
    with in_organisation(organisation_id):
        # Their row stands for which member they are: two bindings at once would each be right alone.
        User.objects.select_for_update(no_key=True).filter(id=user_id).first()
        member = locked_member(organisation_id, member_id)
        if member.user_id != user_id:
            Member.objects.filter(organisation_id=organisation_id, user_id=user_id).update(user=None)
            member.user_id = user_id
            member.save(update_fields=["user"])
            audit.note(
                actor=actor,
                act="member.bound",
                subject=ids.show("mem", member.id),
                details={"user": user_ref(user_id)},
            )
        grant_role(organisation_id, user_id=user_id, role=RoleName.MEMBER, actor=actor)
    return member
