"""What people carry: a device that makes passkeys and proves itself by them, and an app that shows codes."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from fido2 import cbor

from plaudit.foundation import clock
from plaudit.people.passkeys import Made

_PRESENT, _VERIFIED, _MAKES = 0x01, 0x04, 0x40


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def code_now(secret: str) -> str:
    """What an app with this secret shows now."""
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30)  # noqa: S303
    return app.generate(int(clock.wall().timestamp())).decode()


class Device:
    """Holds one key pair (ES256) and counts its uses. `verifies`: it asks for finger, face or PIN."""

    def __init__(self, origin: str = "http://localhost", *, verifies: bool = True) -> None:
        self.origin, self.site = origin, origin.partition("//")[2].partition(":")[0]
        self.id, self.uses, self.verifies = secrets.token_bytes(32), 0, verifies
        self._key = ec.generate_private_key(ec.SECP256R1())

    def made(self) -> Made:
        """The passkey as it is kept."""
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        return Made(self.id, bytes(16) + len(self.id).to_bytes(2) + self.id + cbor.encode(public))

    def make(self, options: dict[str, Any]) -> str:
        """The answer to a question for a new passkey."""
        data = self._data(_MAKES) + self.made().credential
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        said = self._said("webauthn.create", options["publicKey"]["challenge"])
        return self._answer({"clientDataJSON": said, "attestationObject": cbor.encode(attestation)})

    def prove(self, options: dict[str, Any]) -> str:
        """The answer to a question for a proof."""
        self.uses += 1
        data, said = self._data(0), self._said("webauthn.get", options["publicKey"]["challenge"])
        signature = self._key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": said, "authenticatorData": data, "signature": signature})

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)

    def _said(self, what: str, challenge: str) -> bytes:
        return json.dumps({"type": what, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        return json.dumps(
            {
                "id": _text(self.id),
                "rawId": _text(self.id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {name: _text(value) for name, value in response.items()},
            }
        )
