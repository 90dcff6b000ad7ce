"""The link by which one person answers one survey: worked out from the invitation, and kept nowhere."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from plaudit.foundation import ids
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.sealing import key_for
from plaudit.surveys.refusals import LinkNotValid

PREFIX = "svi"
_LETTERS = 24


def secret_of(organisation_id: int, invitation_id: UUID) -> str:
    """What stands in the link: which invitation it is, and what only we can work out of that."""
    return f"{ids.show(PREFIX, invitation_id)}-{_proof(organisation_id, invitation_id)}"


def invitation_behind(organisation_id: int, secret: str) -> UUID:
    """The invitation behind a link. Raises `LinkNotValid`."""
    reference, _dash, proof = secret.partition("-")
    try:
        invitation_id = ids.read(PREFIX, reference, kind="invitation")
    except NotFound as unknown:
        raise LinkNotValid from unknown
    if not hmac.compare_digest(proof.encode(), _proof(organisation_id, invitation_id).encode()):
        raise LinkNotValid
    return invitation_id


def _proof(organisation_id: int, invitation_id: UUID) -> str:
    said = f"{organisation_id} {invitation_id}".encode()
    return hmac.new(key_for("survey links"), said, hashlib.sha256).hexdigest()[:_LETTERS]
