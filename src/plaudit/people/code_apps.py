"""Codes that change every half minute, as authenticator apps make them (RFC 6238), and the codes for who lost theirs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
SEALED_FOR = "second step"
"""What secrets of apps are sealed for."""
_SLACK = 1  # an app's clock may be half a minute off (RFC 6238, 5.2)
_RECOVERY_BYTES = 10


def new_secret() -> str:
    """A secret of 160 bits, as apps take it: base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """The address that apps read from a picture."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}"


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute that this code is of, counted since 1970; None where it is of none near now."""
    here = int(now.timestamp()) // SECONDS
    app = TOTP(base64.b32decode(secret), DIGITS, SHA1(), SECONDS)  # noqa: S303  # what apps have agreed on
    said = "".join(code.split()).encode()
    found = None
    for step in range(here - _SLACK, here + _SLACK + 1):
        if hmac.compare_digest(app.generate(step * SECONDS), said):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, in groups that can be copied by hand."""
    made = [
        base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)
    ]
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in made]


def recovery_hash(user_id: int, code: str) -> bytes:
    """What is kept of a recovery code. It is random, so that no slow hash is needed."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(f"{user_id} {plain}".encode()).digest()
