"""Codes at rest: encrypted, and found again by a keyed digest, both under keys of the organisation's own."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(organisation_id: int, code: str) -> bytes:
    """The code, encrypted and authenticated (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _fernet(organisation_id).encrypt(code.encode())


def unseal(organisation_id: int, sealed: bytes) -> str:
    """The code in clear: shown to the member who paid, and to nobody else."""
    return _fernet(organisation_id).decrypt(bytes(sealed)).decode()


def digest_of(organisation_id: int, code: str) -> bytes:
    """What tells whether a code is already in a pool, without keeping it in clear."""
    return hmac.new(_key(organisation_id, b"code digest"), code.encode(), hashlib.sha256).digest()


@lru_cache(maxsize=256)
def _fernet(organisation_id: int) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(organisation_id, b"code")))


@lru_cache(maxsize=512)
def _key(organisation_id: int, purpose: bytes) -> bytes:
    """A key for one purpose and organisation, derived from the installation's secret (HKDF, RFC 5869)."""
    info = b"plaudit " + purpose + b" %d" % organisation_id
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(settings.SECRET_KEY.encode())
