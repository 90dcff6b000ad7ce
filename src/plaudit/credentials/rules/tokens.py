"""A credential as one line of text: a JSON Web Token signed with EdDSA (Open Badges 3.0, 8.2; RFC 7519, RFC 8037)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import OKPKey

EDDSA = "EdDSA"


class _EdDSA(jws.JWSRegistry):
    """Takes EdDSA and nothing else.

    RFC 9864 calls it Ed25519 instead; whoever checks credentials knows the name of RFC 8037 so far, and the
    curve is said by the key.
    """

    def get_alg(self, name: str) -> Any:
        if name != EDDSA:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[EDDSA]


_REGISTRY = _EdDSA()


def jwk(public: bytes, *, kid: str) -> dict[str, Any]:
    """The public key as a JSON Web Key (RFC 8037, 2)."""
    key = OKPKey.import_key(Ed25519PublicKey.from_public_bytes(public))
    return {**key.as_dict(private=False), "kid": kid, "alg": EDDSA, "use": "sig"}


def token(document: Mapping[str, Any], *, key: Ed25519PrivateKey, kid: str) -> str:
    """The credential, without a proof inside, as a token by the key that is found at `kid`."""
    claims = {
        **document,
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": _seconds(document["validFrom"]),
    }
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"])
    header = {"alg": EDDSA, "kid": kid, "typ": "JWT"}
    payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    return signed(payload, key=key, header=header)


def signed(payload: str, *, key: Ed25519PrivateKey, header: dict[str, Any]) -> str:
    """The payload signed under this header."""
    return jws.serialize_compact(header, payload, OKPKey.import_key(key), registry=_REGISTRY)


def said_by(text: str) -> dict[str, Any] | None:
    """What a token says, whoever signed it; None where it is none."""
    try:
        claims = json.loads(jws.extract_compact(text.encode()).payload)
    except (JoseError, ValueError, UnicodeError):
        return None
    return claims if isinstance(claims, dict) else None


def token_holds(text: str, public: bytes) -> bool:
    """Whether a token is by the key with these 32 bytes."""
    try:
        jws.deserialize_compact(
            text, OKPKey.import_key(Ed25519PublicKey.from_public_bytes(public)), registry=_REGISTRY
        )
    except (JoseError, ValueError, UnicodeError):
        return False
    return True


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
