"""Who is asking: a person signed in to an organisation, a program with a key, or nobody known."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.scopes import ADMIN


@dataclass(frozen=True, slots=True)
class AtWork:
    """The organisation a request works in, as much of it as every page shows.

    `translations` is the digest of what its programmes say in further languages, "" for nothing.
    """

    id: int
    code: str
    slug: str
    name: str
    sandbox: bool
    time_zone: str
    language: str = ""
    translations: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking, and in which organisation.

    `ref` is how the audit trail names them (usr_…, key_…). Roles belong to people, scopes to keys. `language`
    is the one this person chose, if they did. `unread` counts what waits in their inbox, up to a hundred.
    """

    ref: str = ""
    name: str = ""
    language: str = ""
    organisation: AtWork | None = None
    user_id: int | None = None
    member_id: UUID | None = None
    roles: frozenset[RoleName] = frozenset()
    key_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    unread: int = 0

    @property
    def organisation_id(self) -> int:
        """The organisation at work. A bug for an actor that has none: only `public` views meet those."""
        assert self.organisation is not None
        return self.organisation.id

    @property
    def is_known(self) -> bool:
        """Whether somebody is signed in or a key was shown."""
        return self.user_id is not None or self.key_id is not None

    def has_role(self, *roles: RoleName) -> bool:
        """Whether one of these roles is held."""
        return not self.roles.isdisjoint(roles)

    def has_scope(self, *scopes: str) -> bool:
        """Whether the key has one of these scopes, or `admin`."""
        return ADMIN in self.scopes or not self.scopes.isdisjoint(scopes)


NOBODY = Actor()
"""Nobody known."""


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking. Nobody until the middleware has found out."""
    found = getattr(request, "actor", NOBODY)
    assert isinstance(found, Actor)
    return found
