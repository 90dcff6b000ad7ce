"""The key an organisation signs with: made when it is first needed, and renewed."""

from __future__ import annotations

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from plaudit.credentials.models import Key
from plaudit.credentials.rules.multibase import multikey
from plaudit.foundation import audit, clock, sealing
from plaudit.foundation.tenancy import act


def signing_key(organisation_id: int) -> tuple[Key, Ed25519PrivateKey]:
    """The key that signs now; a new one where there is none, or none that the installation's secret opens.

    Call it inside an action.
    """
    found = Key.objects.select_for_update().filter(organisation_id=organisation_id, ended_at__isnull=True)
    row = found.first()
    private = opened(row) if row is not None else None
    if row is not None and private is not None:
        return row, private
    found.update(ended_at=clock.now())
    return _made(organisation_id)


def opened(key: Key) -> Ed25519PrivateKey | None:
    """The private key; None where it was sealed with a secret that the installation has no more."""
    try:
        raw = sealing.unseal(_purpose(key.organisation_id), bytes(key.sealed))
    except InvalidToken:
        return None
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(raw))


def renew_key(organisation_id: int, *, actor: str) -> Key:
    """Sign with a new key from now on. What the old one signed stays good, and is checked with it."""

    def step() -> Key:
        signing_key(organisation_id)
        Key.objects.filter(organisation_id=organisation_id, ended_at__isnull=True).update(
            ended_at=clock.now()
        )
        made, _private = _made(organisation_id)
        audit.note(actor=actor, act="credentials.key_renewed", details={"key": multikey(bytes(made.public))})
        return made

    return act(organisation_id, step)


def _made(organisation_id: int) -> tuple[Key, Ed25519PrivateKey]:
    private = Ed25519PrivateKey.generate()
    row = Key.objects.create(
        organisation_id=organisation_id,
        public=private.public_key().public_bytes_raw(),
        sealed=sealing.seal(_purpose(organisation_id), private.private_bytes_raw().hex()),
        made_at=clock.now(),
    )
    return row, private


def _purpose(organisation_id: int) -> str:
    return f"credential key {organisation_id}"
