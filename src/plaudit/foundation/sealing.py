"""Keys for one purpose each, derived from the installation's secret, and what is encrypted under them."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=1_000)
def key_for(purpose: str) -> bytes:
    """32 bytes for one purpose and no other (HKDF, RFC 5869)."""
    info = f"plaudit {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(settings.SECRET_KEY.encode())


def seal(purpose: str, text: str) -> bytes:
    """The text, encrypted and authenticated (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _fernet(purpose).encrypt(text.encode())


def unseal(purpose: str, sealed: bytes) -> str:
    """The text that was sealed for this purpose. Raises `InvalidToken` for anything else."""
    return _fernet(purpose).decrypt(bytes(sealed)).decode()


@lru_cache(maxsize=256)
def _fernet(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for(purpose)))
