"""How somebody stands in an organisation at this moment: their roles, and the member they are."""

from __future__ import annotations

from functools import lru_cache

from django.db import connection

from plaudit.foundation.access.actors import NOBODY, Actor, AtWork
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import MemberState, Organisation, OrganisationKind

AT_WORK = "o.id, o.code, o.slug, o.name, o.kind = 'sandbox', o.time_zone, o.language, o.translations"
"""The columns of `AtWork`, in its order, of an organisation `o`."""


def user_ref(user_id: int) -> str:
    """How the audit trail names a person."""
    return f"usr_{user_id}"


_unread: list[str] = []


def counted_as_unread(statement: str) -> None:
    """Let whoever keeps inboxes count in the statement that finds the person, so that no page asks for it again.

    A subquery about the organisation `o`, the user `u` and their member `m`, which may be missing. Added at import.
    """
    _unread.append(statement)


_PERSON = f"""
    select {AT_WORK}, u.name, u.language, u.is_active, m.id, m.state, {{unread}},
           array(select r.name from people_role r
                  where r.organisation_id = o.id and r.user_id = u.id) as roles
      from people_organisation o
      join people_user u on u.id = %(user)s
      left join people_member m on m.organisation_id = o.id and m.user_id = u.id
     where o.id = %(organisation)s
"""


def person(organisation_id: int, user_id: int) -> Actor:
    """The person as they stand in an organisation at this moment; nobody where they have no role there.

    Whoever is no longer an active member has no more part in the member's pages; other roles stay.
    """
    with in_organisation(organisation_id), connection.cursor() as cursor:
        statement = _PERSON.format(unread=" + ".join(_unread) or "0")
        cursor.execute(statement, {"organisation": organisation_id, "user": user_id})
        row = cursor.fetchone()
    if row is None:
        return NOBODY
    *organisation, name, language, is_active, member_id, state, unread, held = row
    roles = frozenset(RoleName(role) for role in held)
    if state != MemberState.ACTIVE:
        member_id, roles = None, roles - {RoleName.MEMBER}
    if not is_active or not roles:
        return NOBODY
    return Actor(
        ref=user_ref(user_id),
        name=name,
        language=language,
        organisation=AtWork(*organisation),
        user_id=user_id,
        member_id=member_id,
        roles=roles,
        unread=unread,
    )


def organisation_of_code(code: str) -> tuple[int, bool] | None:
    """The id of the organisation a key or link names, and whether it is a sandbox; None for nobody's code."""
    try:
        return _found_by_code(code)
    except Organisation.DoesNotExist:
        return None


@lru_cache(maxsize=1_000)
def _found_by_code(code: str) -> tuple[int, bool]:
    """Kept in memory: a code is never given to another organisation, and an unknown one is not remembered."""
    found = Organisation.objects.only("id", "kind").get(code=code)
    return found.id, found.kind == OrganisationKind.SANDBOX
