"""The proof inside a credential: `eddsa-rdfc-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0, 3.2).

Signed are two digests one after the other: that of the proof's own facts, and that of the credential, each
in canonical form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from plaudit.credentials.rules import multibase
from plaudit.credentials.rules.canonical import canonical
from plaudit.credentials.rules.shape import context_stands, triples_of
from plaudit.credentials.rules.triples import Triple

SUITE = "eddsa-rdfc-2022"


def with_proof(
    document: Mapping[str, Any], *, key: Ed25519PrivateKey, method: str, created: str
) -> dict[str, Any]:
    """The document with a proof by this key, which is found at the address `method`. Raises `NotOurShape`."""
    facts = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(to_sign(triples_of(document), facts))
    return {**document, "proof": {**facts, "proofValue": multibase.written(signature)}}


def to_sign(document: Iterable[Triple], facts: Mapping[str, Any]) -> bytes:
    """What is signed: 64 bytes, the digest of the proof's facts and that of the document."""
    return _digest(triples_of(facts)) + _digest(document)


def _digest(triples: Iterable[Triple]) -> bytes:
    return sha256(canonical(triples).encode()).digest()


def method_of(document: Mapping[str, Any]) -> str:
    """The address of the key that it says it was signed with; "" where it does not say."""
    proof = document.get("proof")
    found = proof.get("verificationMethod") if isinstance(proof, Mapping) else None
    return found if isinstance(found, str) else ""


def proof_holds(document: Mapping[str, Any], public: bytes) -> bool:
    """Whether its proof is by the key with these 32 bytes. Raises `NotOurShape` and `TooEntangled`."""
    proof = document.get("proof")
    if not isinstance(proof, Mapping) or not context_stands(document):
        return False
    facts = {name: value for name, value in proof.items() if name != "proofValue"}
    value = proof.get("proofValue")
    signature = multibase.read(value) if isinstance(value, str) else None
    if signature is None or facts.get("cryptosuite") != SUITE:
        return False
    bare = {name: value for name, value in document.items() if name != "proof"}
    return holds(to_sign(triples_of(bare), facts), signature, public)


def holds(signed: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the signature of these bytes is by this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except InvalidSignature:
        return False
    return True
