"""Finds out who is asking: the person behind a session, the program behind a key, and what they may do now."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.access.actors import NOBODY, Actor, AtWork
from plaudit.foundation.access.refusals import KeyNotAccepted
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.tokens import Token, read_key
from plaudit.foundation.exact import decode
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.keys import key_ref, note_key_use
from plaudit.people.actions.roles import user_ref
from plaudit.people.models import MemberState, Organisation, OrganisationKind

_ORGANISATION = "o.id, o.code, o.slug, o.name, o.kind = 'sandbox', o.time_zone"

_PERSON = f"""
    select {_ORGANISATION}, u.name, u.is_active, m.id, m.state,
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
        cursor.execute(_PERSON, {"organisation": organisation_id, "user": user_id})
        row = cursor.fetchone()
    if row is None:
        return NOBODY
    *organisation, name, is_active, member_id, state, held = row
    roles = frozenset(RoleName(role) for role in held)
    if state != MemberState.ACTIVE:
        member_id, roles = None, roles - {RoleName.MEMBER}
    if not is_active or not roles:
        return NOBODY
    return Actor(
        ref=user_ref(user_id),
        name=name,
        organisation=AtWork(*organisation),
        user_id=user_id,
        member_id=member_id,
        roles=roles,
    )


_KEY = f"""
    select {_ORGANISATION}, k.id, k.name, k.scopes,
           k.last_used_at is null or k.last_used_at < %(now)s - interval '1 minute' as unnoted
      from people_api_key k
      join people_organisation o on o.id = k.organisation_id
     where k.organisation_id = %(organisation)s and k.secret_hash = %(hash)s
       and k.revoked_at is null and (k.expires_at is null or k.expires_at > %(now)s)
"""


def program(key: str) -> Actor:
    """The program behind an API key, its use noted. Raises `KeyNotAccepted`, whatever is wrong with it."""
    token = read_key(key)
    organisation = organisation_of_code(token.organisation_code) if token else None
    if token is None or organisation is None or organisation[1] != token.sandbox:
        raise KeyNotAccepted
    row = _find_key(organisation[0], token)
    if row is None:
        raise KeyNotAccepted
    *at_work, key_id, name, scopes, unnoted = row
    if unnoted:
        note_key_use(organisation[0], key_id=key_id)
    return Actor(
        ref=key_ref(key_id),
        name=name,
        organisation=AtWork(*at_work),
        key_id=key_id,
        scopes=frozenset(decode(scopes)),
    )


def _find_key(organisation_id: int, token: Token) -> list[Any] | None:
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(_KEY, {"organisation": organisation_id, "hash": token.hash, "now": clock.wall()})
        row = cursor.fetchone()
    return list(row) if row else None


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
