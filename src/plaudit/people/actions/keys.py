"""Makes, rotates and revokes API keys; a key is shown once and kept as a hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from plaudit.foundation import audit, clock, ids
from plaudit.foundation.access.scopes import SCOPES
from plaudit.foundation.access.tokens import new_key
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import ApiKey, Organisation, OrganisationKind
from plaudit.people.refusals import KeyAlreadyRotated, KeyRevoked, ScopesMissing, ScopeUnknown
from plaudit.people.rules import Faults, check_text

ROTATION = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `secret` is the whole key; nobody can see it again."""

    key: ApiKey
    secret: str


def create_key(
    organisation_id: int, *, name: str, scopes: Iterable[str], actor: str, expires_at: datetime | None = None
) -> NewKey:
    """Make a key with these scopes, good until `expires_at` or revoked.

    Raises `ScopesMissing`, `ScopeUnknown` and `Problem`.
    """
    faults = Faults()
    check_text(faults, "/name", name, empty=False)
    if expires_at is not None and expires_at <= clock.wall():
        faults.add("/expires_at", "past", "This moment is past.")
    faults.refuse("The key cannot be made like this.")
    with in_organisation(organisation_id):
        return _make(organisation_id, name.strip(), _known(scopes), expires_at, actor, replaces=None)


def rotate_key(organisation_id: int, *, key_id: UUID, actor: str, overlap: timedelta = ROTATION) -> NewKey:
    """Make a key that does what this one does; both are good until the old one ends, `overlap` from now.

    Raises `KeyRevoked`, `KeyAlreadyRotated` and `NotFound`.
    """
    with in_organisation(organisation_id):
        old = _locked(organisation_id, key_id)
        if old.revoked_at is not None:
            raise KeyRevoked(revoked_at=old.revoked_at)
        replacement = ApiKey.objects.filter(organisation_id=organisation_id, replaces=old).first()
        if replacement is not None:
            raise KeyAlreadyRotated(replacement=replacement.prefix)
        made = _make(organisation_id, old.name, old.scopes, old.expires_at, actor, replaces=old)
        ends_at = clock.wall() + overlap
        old.expires_at = min(old.expires_at or ends_at, ends_at)
        old.save(update_fields=["expires_at"])
    return made


def revoke_key(organisation_id: int, *, key_id: UUID, actor: str, reason: str = "") -> ApiKey:
    """End a key at once; revoking it again changes nothing. Raises `NotFound`."""
    with in_organisation(organisation_id):
        key = _locked(organisation_id, key_id)
        if key.revoked_at is None:
            key.revoked_at = clock.wall()
            key.save(update_fields=["revoked_at"])
            audit.note(actor=actor, act="key.revoked", subject=key_ref(key.id), reason=reason)
    return key


_NOTE_USE = """
    update people_api_key set last_used_at = %(now)s
     where organisation_id = %(organisation)s and id = %(key)s
       and (last_used_at is null or last_used_at < %(now)s - interval '1 minute')
"""


def note_key_use(organisation_id: int, *, key_id: UUID) -> None:
    """Write down that a key was used just now, at most once a minute."""
    with in_organisation(organisation_id), connection.cursor() as cursor:
        cursor.execute(_NOTE_USE, {"organisation": organisation_id, "key": key_id, "now": clock.wall()})


def key_ref(key_id: UUID) -> str:
    """How people and the audit trail name a key."""
    return ids.show("key", key_id)


def _make(
    organisation_id: int,
    name: str,
    scopes: list[str],
    expires_at: datetime | None,
    actor: str,
    *,
    replaces: ApiKey | None,
) -> NewKey:
    organisation = Organisation.objects.get(id=organisation_id)
    token = new_key(organisation.code, sandbox=organisation.kind == OrganisationKind.SANDBOX)
    key = ApiKey.objects.create(
        organisation_id=organisation_id,
        name=name,
        prefix=token.beginning,
        secret_hash=token.hash,
        scopes=scopes,
        created_at=clock.wall(),
        created_by=actor,
        expires_at=expires_at,
        replaces=replaces,
    )
    details = {"scopes": scopes, "replaces": key_ref(replaces.id) if replaces else None}
    audit.note(actor=actor, act="key.created", subject=key_ref(key.id), details=details)
    return NewKey(key, token.text)


def _known(scopes: Iterable[str]) -> list[str]:
    wanted, known = set(scopes), ", ".join(SCOPES)
    if not wanted:
        raise ScopesMissing(known=known)
    for scope in sorted(wanted - SCOPES.keys()):
        raise ScopeUnknown(scope=scope, known=known)
    return [scope for scope in SCOPES if scope in wanted]


def _locked(organisation_id: int, key_id: UUID) -> ApiKey:
    key = ApiKey.objects.select_for_update().filter(organisation_id=organisation_id, id=key_id).first()
    if key is None:
        raise NotFound(kind="key", ref=key_ref(key_id))
    return key
