"""Organisations, members, teams and people for tests, made by the real actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import count

from plaudit.people.actions.members import enrol_member
from plaudit.people.actions.organisations import create_organisation
from plaudit.people.actions.roles import bind_user, invite_user
from plaudit.people.actions.teams import create_team, join_team
from plaudit.people.models import Member, Organisation, Team, User

ACTOR = "usr_0"

_numbers = count(1)


def make_organisation(*, time_zone: str = "UTC") -> Organisation:
    """A live organisation that no other test knows."""
    number = next(_numbers)
    return create_organisation(
        f"harbour-{number}", name=f"Harbour Coffee {number}", time_zone=time_zone, actor=ACTOR
    )


def make_sandbox(live: Organisation | None = None) -> Organisation:
    """A sandbox of that organisation, or of a new one."""
    original = live or make_organisation()
    number = next(_numbers)
    return create_organisation(
        f"sandbox-{number}", name=f"Sandbox {number}", sandbox_of=original.id, actor=ACTOR
    )


def make_member(
    organisation_id: int,
    *,
    name: str = "Ada",
    kind: str = "customer",
    email: str = "",
    external_ids: Iterable[tuple[str, str]] | None = None,
    attributes: Mapping[str, object] | None = None,
    joined_at: datetime | None = None,
) -> Member:
    """An active member, known to the crm by an id of its own unless told otherwise."""
    if external_ids is None:
        external_ids = [("crm", f"{name.lower()}-{next(_numbers)}")]
    return enrol_member(
        organisation_id,
        kind=kind,
        name=name,
        email=email,
        external_ids=list(external_ids),
        attributes=attributes,
        joined_at=joined_at,
        actor=ACTOR,
    )


def make_team(
    organisation_id: int,
    *,
    key: str | None = None,
    members: Iterable[Member] = (),
    led_by: Iterable[Member] = (),
    since: datetime | None = None,
) -> Team:
    """A team with these members in it since that moment, or now."""
    key = key or f"team-{next(_numbers)}"
    team = create_team(organisation_id, key=key, name=key.title(), actor=ACTOR)
    for people, leads in ((members, False), (led_by, True)):
        for member in people:
            join_team(organisation_id, key=key, member_id=member.id, began_at=since, leads=leads, actor=ACTOR)
    return team


def make_user(
    organisation_id: int,
    *,
    roles: Iterable[str] = ("manager",),
    member: Member | None = None,
    email: str | None = None,
) -> User:
    """A person who may sign in here with these roles, as that member where one is given."""
    email = email or f"person-{next(_numbers)}@harbour.example"
    user = invite_user(organisation_id, email=email, name="Grace", roles=roles, actor=ACTOR)
    if member is not None:
        bind_user(organisation_id, user_id=user.id, member_id=member.id, actor=ACTOR)
    return user
