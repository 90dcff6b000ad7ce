"""A browser that subscribed to push messages: its keys, and how it reads what comes, written apart from what sends."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, TypedDict
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plaudit.foundation.exact import decode
from plaudit.outreach.actions.devices import add_device
from plaudit.outreach.models import Device
from plaudit.outreach.push_messages import point_of, text_of
from plaudit.people.tests.factories import ACTOR

_numbers = count(1)


class Keys(TypedDict):
    """What a browser gives with its subscription."""

    public: str
    secret: str


@dataclass(frozen=True)
class Subscribed:
    """A browser's half: its private key, and the secret it shares with whoever may send to it."""

    key: ec.EllipticCurvePrivateKey
    secret: bytes

    @property
    def keys(self) -> Keys:
        """What it gives with its subscription."""
        return {"public": text_of(point_of(self.key)), "secret": text_of(self.secret)}

    def read(self, record: bytes) -> bytes:
        """What a message says (RFC 8188, 2; RFC 8291, 3.4), its key derivation written out with HMAC alone."""
        salt, size, length = record[:16], int.from_bytes(record[16:20], "big"), record[20]
        assert (size, length) == (4096, 65)
        assert len(record) <= size
        theirs, hidden = record[21:86], record[86:]
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        )
        info = b"WebPush: info\0" + point_of(self.key) + theirs
        keying = _hmac(_hmac(self.secret, shared), info + b"\1")
        derived = _hmac(salt, keying)
        key = _hmac(derived, b"Content-Encoding: aes128gcm\0\1")[:16]
        nonce = _hmac(derived, b"Content-Encoding: nonce\0\1")[:12]
        said, end, filling = AESGCM(key).decrypt(nonce, hidden, None).rpartition(b"\2")
        assert (end, filling.strip(b"\0")) == (b"\2", b"")
        return said

    def reads(self, record: bytes) -> Mapping[str, Any]:
        """The same, as the page's worker reads it."""
        found = decode(self.read(record).decode())
        assert isinstance(found, dict)
        return found


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def make_browser() -> Subscribed:
    """A browser with keys of its own."""
    number = next(_numbers)
    return Subscribed(ec.generate_private_key(ec.SECP256R1()), number.to_bytes(16, "big"))


def on_the_internet(*_: object) -> list[str]:
    """Every name leads to one public address: nothing is looked up."""
    return ["1.1.1.1"]


def make_device(
    organisation_id: int,
    member_id: UUID | None,
    *,
    url: str = "",
    name: str = "Firefox on Linux",
    to: Subscribed | None = None,
    user_id: int | None = None,
) -> Device:
    """A device of a member's, or of a colleague's; at an address of its own where none is given."""
    address = url or f"https://push.example/{next(_numbers)}"
    return add_device(
        organisation_id,
        member_id=member_id,
        url=address,
        **(to or make_browser()).keys,
        name=name,
        actor=ACTOR,
        user_id=user_id,
        resolve=on_the_internet,
    )
