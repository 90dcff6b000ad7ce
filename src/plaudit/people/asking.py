"""Finds out which program asks: the one behind an API key, and what it may do now."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor, AtWork
from plaudit.foundation.access.refusals import KeyNotAccepted
from plaudit.foundation.access.tokens import Token, read_key
from plaudit.foundation.exact import decode
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.keys import key_ref, note_key_use
from plaudit.people.standing import AT_WORK, organisation_of_code

_KEY = f"""
    select {AT_WORK}, k.id, k.name, k.scopes,
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


class KnownKeys:
    """The keys met within the last second, so that a thousand requests with one key ask the database once.

    For doors that take single events by the thousand: a revoked key opens them for a second longer. What
    is not accepted is not remembered, and of a key only its hash is.
    """

    def __init__(self, *, remembered_for: float = 1.0) -> None:
        self._remembered_for = remembered_for
        self._known: dict[bytes, tuple[float, Actor]] = {}

    def program(self, key: str) -> Actor:
        """The program behind an API key. Raises `KeyNotAccepted`."""
        token, now = read_key(key), time.monotonic()
        met_at, actor = self._known.get(token.hash, (0.0, None)) if token else (0.0, None)
        if actor is not None and now - met_at < self._remembered_for:
            return actor
        found = program(key)
        assert token is not None
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[token.hash] = (now, found)
        return found
