"""What is sent through a browser's push service: encrypted for one browser, and signed as this organisation's.

Message encryption is RFC 8291 over the content coding aes128gcm of RFC 8188, identification is VAPID (RFC 8292).
The push service learns neither what is said nor, by its length, which of our sentences it is.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from plaudit.foundation.addresses import read_url

RECORD_SIZE = 4096
"""What every push service has to take (RFC 8030, 7.2), and one record holds."""

LONGEST = 2_999
"""Bytes of a message at most, so that it is one record; what is shorter is filled up to whole kilobytes."""

_FILLED_TO = 1_000
_SIGNED_FOR = timedelta(hours=12)
_POINT, _SECRET, _SALT = 65, 16, 16


@dataclass(frozen=True, slots=True)
class Browser:
    """To whom a message is encrypted: the browser's public key (an uncompressed point of P-256) and its secret."""

    public: bytes
    secret: bytes


def read_browser(public: str, secret: str) -> Browser | None:
    """The keys a browser gives with a subscription, in base64url; None where they are none."""
    try:
        found = Browser(_bytes(public), _bytes(secret))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), found.public)
    except (ValueError, binascii.Error):
        return None
    return found if len(found.public) == _POINT and len(found.secret) == _SECRET else None


def encrypted(
    plain: bytes,
    to: Browser,
    *,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
    filled_to: int = _FILLED_TO,
) -> bytes:
    """The message as one record that this browser alone can read (RFC 8291, 3.4 and 4; RFC 8188, 2).

    Key pair and salt are drawn anew for each message; they are given only to check the published example.
    """
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(_SALT)
    ours = point_of(sender)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.public)
    shared = sender.exchange(ec.ECDH(), theirs)
    keying = _derived(shared, salt=to.secret, info=b"WebPush: info\0" + to.public + ours, length=32)
    key = _derived(keying, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(keying, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    assert len(plain) <= LONGEST, "what is said to a phone is short"
    filling = bytes(-(len(plain) + 1) % filled_to) if filled_to else b""
    record = AESGCM(key).encrypt(nonce, plain + b"\x02" + filling, None)  # 2: the last record there is
    return salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours + record


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def new_key() -> str:
    """A key with which an organisation signs to push services, as text to be sealed (PEM, PKCS 8)."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_half(key: str) -> str:
    """What browsers are given of it, so that nobody else can send to them: the point in base64url."""
    return text_of(point_of(_private(key)))


def signed(key: str, url: str, *, contact: str, at: datetime) -> str:
    """The `Authorization` of a message to this address (RFC 8292, 3): good for its origin alone, and for half a day.

    `contact` is a mailto: or https: address at which a push service reaches whoever runs this.
    """
    destination = read_url(url)
    scheme, usual = ("https", 443) if destination.secure else ("http", 80)
    port = "" if destination.port == usual else f":{destination.port}"
    claims = {
        "aud": f"{scheme}://{destination.host}{port}",
        "exp": int((at + _SIGNED_FOR).timestamp()),
        "sub": contact,
    }
    token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(key))
    return f"vapid t={token}, k={public_half(key)}"


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key as an uncompressed point: 4, x, y."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def text_of(raw: bytes) -> str:
    """Bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _private(key: str) -> ec.EllipticCurvePrivateKey:
    found = load_pem_private_key(key.encode(), password=None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


def _bytes(text: str) -> bytes:
    text = text.rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
