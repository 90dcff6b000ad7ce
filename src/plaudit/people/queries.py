"""Answers about who: members by any of their names, teams and their history, keys, roles and sessions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from plaudit.foundation import clock, ids, sealing
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import without_organisation
from plaudit.people.clock_moves import ClockMove
from plaudit.people.code_apps import SEALED_FOR
from plaudit.people.models import (
    ApiKey,
    CodeApp,
    Identity,
    Member,
    MemberState,
    Organisation,
    Passkey,
    RecoveryCode,
    Role,
    Session,
    Team,
    TeamStay,
    User,
)
from plaudit.people.resolving import find_members

PAGE = 50


def member(organisation_id: int, reference: str | UUID) -> Member:
    """A member by id, by the form people see (`mem_…`), or by a name another system uses (`ext:source:id`).

    In the latter what would be mistaken for a separator is percent-encoded (see `external_reference`).
    Whoever was merged is found as they were. Raises `NotFound`.
    """
    found = Member.objects.filter(
        organisation_id=organisation_id, id=member_id_of(organisation_id, reference)
    ).first()
    if found is None:
        raise NotFound(kind="member", ref=reference)
    return found


def member_id_of(organisation_id: int, reference: str | UUID) -> UUID:
    """The id behind a reference to a member. Raises `NotFound` for what cannot be one or means nobody."""
    if isinstance(reference, UUID):
        return reference
    if not reference.startswith("ext:"):
        return ids.read("mem", reference, kind="member")
    wanted = _external_id(reference)
    found = find_members(organisation_id, [wanted])
    if not found:
        raise NotFound(kind="member", ref=reference)
    return found[wanted]


def member_ids_of(organisation_id: int, references: Collection[str]) -> dict[str, UUID]:
    """The ids of members by their references, many at once. Raises `NotFound` for the first that means nobody."""
    external = {one: _external_id(one) for one in references if one.startswith("ext:")}
    known = find_members(organisation_id, set(external.values()))
    found = {
        one: known.get(external[one]) if one in external else ids.read("mem", one, kind="member")
        for one in references
    }
    members = Member.objects.filter(
        organisation_id=organisation_id, id__in=[id for id in found.values() if id]
    )
    there = set(members.values_list("id", flat=True))
    meant = {one: id for one, id in found.items() if id is not None and id in there}
    for one in references:
        if one not in meant:
            raise NotFound(kind="member", ref=one)
    return meant


def _external_id(reference: str) -> tuple[str, str]:
    """The source and the id in `ext:source:id`. Raises `NotFound` for what cannot be one."""
    source, separator, external_id = reference.removeprefix("ext:").partition(":")
    wanted = (unquote(source), unquote(external_id))
    if not separator or "\0" in "".join(wanted):
        raise NotFound(kind="member", ref=reference)
    return wanted


def external_reference(source: str, external_id: str) -> str:
    """The reference that means whoever this source knows by this id: read by `member_id_of`."""
    return f"ext:{quote(source, safe='')}:{quote(external_id, safe='')}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some members, and where the next page begins; none after the last."""

    members: list[Member]
    after: UUID | None


def members(
    organisation_id: int,
    *,
    search: str = "",
    kind: str = "",
    state: str = "",
    team: str = "",
    after: UUID | None = None,
    limit: int = PAGE,
) -> Page:
    """Members in the order in which they were enrolled, with their external ids loaded.

    `search` finds the beginning of a name, a whole e-mail address or a whole external id; `team` those
    who are in it now. `limit` is at most 200.
    """
    assert 0 < limit <= 200
    found = _matching(organisation_id, search.strip(), kind, state)
    if team:
        found = found.filter(id__in=_in_team_now(organisation_id, team))
    if after is not None:
        found = found.filter(id__gt=after)
    page = list(found.order_by("id").prefetch_related("identities")[: limit + 1])
    return Page(page[:limit], page[limit - 1].id if len(page) > limit else None)


def _matching(organisation_id: int, search: str, kind: str, state: str) -> QuerySet[Member]:
    found = Member.objects.filter(organisation_id=organisation_id)
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    if search:
        known_as = Identity.objects.filter(organisation_id=organisation_id, external_id=search).values(
            "member_id"
        )
        found = found.filter(Q(name__istartswith=search) | Q(email=search.lower()) | Q(id__in=known_as))
    return found


def _in_team_now(organisation_id: int, key: str) -> QuerySet[TeamStay, UUID]:
    return _stays_at(organisation_id, clock.now()).filter(team__key=key).values_list("member_id", flat=True)


def _stays_at(organisation_id: int, moment: datetime) -> QuerySet[TeamStay]:
    stays = TeamStay.objects.filter(organisation_id=organisation_id, began_at__lte=moment)
    return stays.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment))


def teams(organisation_id: int, *, after: str = "", limit: int = PAGE) -> list[Team]:
    """Teams by key, those past `after`. `limit` is at most 201."""
    assert 0 < limit <= 201
    return list(Team.objects.filter(organisation_id=organisation_id, key__gt=after).order_by("key")[:limit])


def team_history(organisation_id: int, member_id: UUID) -> list[TeamStay]:
    """Every stay of a member in a team, newest first, with the team loaded."""
    stays = TeamStay.objects.filter(organisation_id=organisation_id, member_id=member_id)
    return list(stays.select_related("team").order_by("-began_at", "-id"))


def team_members(organisation_id: int, key: str, *, moment: datetime | None = None) -> list[TeamStay]:
    """Who is, or at a moment was, in a team: the stays, leaders first, with the members loaded."""
    stays = _stays_at(organisation_id, moment or clock.now()).filter(team__key=key)
    return list(stays.select_related("member").order_by("-leads", "member__name", "member_id"))


def leads(organisation_id: int, leader_id: UUID, member_id: UUID) -> bool:
    """Whether one member leads, right now, a team that the other is in right now."""
    now = clock.now()
    led = _stays_at(organisation_id, now).filter(member_id=leader_id, leads=True).values("team_id")
    return _stays_at(organisation_id, now).filter(member_id=member_id, team_id__in=led).exists()


def led_by(organisation_id: int, leader_id: UUID) -> list[UUID]:
    """The members who are, right now, in a team that this one leads; the leader is among them."""
    now = clock.now()
    led = _stays_at(organisation_id, now).filter(member_id=leader_id, leads=True).values("team_id")
    stays = _stays_at(organisation_id, now).filter(team_id__in=led)
    return list(stays.order_by("member_id").values_list("member_id", flat=True).distinct())


def organisation(organisation_id: int) -> Organisation:
    """The organisation. Raises `NotFound`."""
    found = Organisation.objects.filter(id=organisation_id).first()
    if found is None:
        raise NotFound(kind="organisation", ref=organisation_id)
    return found


def organisation_by_slug(slug: str) -> Organisation:
    """The organisation with this short name. Raises `NotFound`."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(kind="organisation", ref=slug)
    return found


def every_organisation() -> list[Organisation]:
    """Every organisation of the installation, for jobs and commands that go through them all."""
    return list(Organisation.objects.order_by("id"))


def sandboxes_of(organisation_id: int) -> list[Organisation]:
    """The sandboxes with this organisation's settings, newest first."""
    return list(Organisation.objects.filter(copied_from_id=organisation_id).order_by("-id"))


def organisations_of(user_id: int) -> list[Organisation]:
    """The organisations in which somebody has a role. Asked outside any of them.

    Row security shows a person's own roles everywhere to whoever names that person.
    """
    with without_organisation(), connection.cursor() as cursor:
        cursor.execute("select set_config('plaudit.user', %s, true)", [str(user_id)])
        organisation_ids = set(Role.objects.filter(user_id=user_id).values_list("organisation_id", flat=True))
        cursor.execute("select set_config('plaudit.user', '', true)")
    return list(Organisation.objects.filter(id__in=organisation_ids).order_by("id"))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person who may sign in here, and what they may do."""

    user: User
    roles: tuple[str, ...]


def people(organisation_id: int) -> Sequence[Colleague]:
    """Everyone who has a role here other than being a member, by e-mail address."""
    held: dict[int, list[str]] = {}
    users: dict[int, User] = {}
    roles = Role.objects.filter(organisation_id=organisation_id).exclude(name="member")
    for role in roles.select_related("user").order_by("user__email", "name"):
        users[role.user_id] = role.user
        held.setdefault(role.user_id, []).append(role.name)
    return [Colleague(user, tuple(held[user_id])) for user_id, user in users.items()]


def colleague(organisation_id: int, user_id: int) -> Colleague:
    """A person who has a role here other than being a member. Raises `NotFound`."""
    roles = Role.objects.filter(organisation_id=organisation_id, user_id=user_id).exclude(name="member")
    held = list(roles.select_related("user").order_by("name"))
    if not held:
        raise NotFound(kind="person", ref=f"usr_{user_id}")
    return Colleague(held[0].user, tuple(role.name for role in held))


def sessions_here(organisation_id: int, user_ids: Sequence[int]) -> dict[int, list[Session]]:
    """Where these people are signed in to this organisation, by person, the last seen first."""
    now = clock.wall()
    live = Session.objects.filter(
        signed_in_to_id=organisation_id, user_id__in=user_ids, ends_at__gt=now, idle_until__gt=now
    )
    found: dict[int, list[Session]] = {}
    for one in live.order_by("-last_seen_at"):
        assert one.user_id is not None
        found.setdefault(one.user_id, []).append(one)
    return found


def keys(organisation_id: int) -> list[ApiKey]:
    """Every API key, newest first: those that work, and those that did."""
    return list(ApiKey.objects.filter(organisation_id=organisation_id).order_by("-created_at", "-id"))


def person_behind(organisation_id: int, ref: str) -> str:
    """The colleague who acts behind a reference of the audit trail: of a key, who made it, or the key that made it.

    The reference itself where no colleague is behind it, such as that of a key made on the command line.
    """
    maker = ref
    while maker.startswith("key_"):
        made = ApiKey.objects.filter(organisation_id=organisation_id, id=ids.read("key", maker, kind="key"))
        maker = made.values_list("created_by", flat=True).first() or ""
    return maker if maker.startswith("usr_") else ref


def sessions(user_id: int) -> list[Session]:
    """Where a person is signed in, the last seen first."""
    now = clock.wall()
    live = Session.objects.filter(user_id=user_id, ends_at__gt=now, idle_until__gt=now)
    return list(live.select_related("signed_in_to").order_by("-last_seen_at"))


def count_members(organisation_id: int) -> dict[str, int]:
    """How many active members there are of each kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, count(*) from people_member where organisation_id = %s and state = %s group by kind",
            [organisation_id, MemberState.ACTIVE],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class ClockStanding:
    """A sandbox's clock: the moment it shows, where it is being moved, and ready, advancing or failed."""

    now: datetime
    target: datetime | None
    state: str


_CLOCK = """
    select o.clock_target, exists (
           select from pg_locks l
            where l.locktype = 'advisory' and l.classid = o.id::oid and l.granted
              and l.objid::bigint = hashtext('clock')::bigint & 4294967295
              and l.database = (select oid from pg_database where datname = current_database()))
      from people_organisation o where o.id = %s
"""


def clock_standing(organisation_id: int) -> ClockStanding:
    """How a sandbox's clock stands; asked inside the organisation. One that failed half-way can be moved on."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOCK, [organisation_id])
        target, moving = cursor.fetchone()
    state = "advancing" if moving else ("failed" if target else "ready")
    return ClockStanding(clock.now(), target, state)


def clock_moves(organisation_id: int, *, limit: int = 10) -> list[ClockMove]:
    """The moves of a sandbox's clock, the latest first."""
    return list(
        ClockMove.objects.filter(organisation_id=organisation_id).order_by("-begun_at", "-id")[:limit]
    )


_OLDEST_SIGN_IN = """
    select least((select min(expires_at) from people_sign_in_link where organisation_id = %(organisation)s),
                 (select min(least(ends_at, idle_until)) from people_session
                   where signed_in_to_id = %(organisation)s))
"""


def oldest_sign_in(organisation_id: int) -> datetime | None:
    """When the oldest link or session that is still there ended, or will; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_SIGN_IN, {"organisation": organisation_id})
        found: datetime | None = cursor.fetchone()[0]
    return found


def ways_in_shown(user_id: int) -> dict[str, Any]:
    """A person's passkeys, whether an app of theirs makes codes, and how many recovery codes are left."""
    keys = Passkey.objects.filter(user_id=user_id).order_by("added_at", "id")
    return {
        "passkeys": [{"reference": ids.show("pky", one.id), "one": one} for one in keys],
        "code_app": CodeApp.objects.filter(user_id=user_id, confirmed_at__isnull=False).first(),
        "recovery_left": RecoveryCode.objects.filter(user_id=user_id, used_at=None).count(),
    }


def asks_for_code(user_id: int) -> bool:
    """Whether a code comes after the link for this person."""
    return CodeApp.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists()


def secret_begun(user_id: int) -> str | None:
    """The secret of an app that waits for its first code."""
    app = CodeApp.objects.filter(user_id=user_id, confirmed_at=None).first()
    return sealing.unseal(SEALED_FOR, bytes(app.sealed)) if app else None
