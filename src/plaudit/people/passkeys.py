"""Passkeys: what a browser is asked for, and whether what it brings is right (W3C Web Authentication, level 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from plaudit.people.refusals import PasskeyNotAccepted

Options = dict[str, Any]
"""What goes to the browser, as JSON."""
State = dict[str, str]
"""What is kept of the question until the answer comes; it is good for one answer."""

_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey a browser has made: its id, and its public half as it is kept."""

    credential_id: bytes
    credential: bytes


def ask_to_make(origin: str, *, user_id: int, name: str, known: Iterable[bytes]) -> tuple[Options, State]:
    """Ask a browser at this origin to make a passkey for somebody; not where one of those known is already."""
    user = PublicKeyCredentialUserEntity(id=b"%d" % user_id, name=name, display_name=name)
    options, state = _server(origin).register_begin(
        user,
        credentials=[AttestedCredentialData(bytes(one)) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    return dict(options), _kept(state)


def read_made(origin: str, state: State, answer: str) -> Made:
    """The passkey that the browser made for this question. Raises `PasskeyNotAccepted`."""
    with _refused():
        made = _server(origin).register_complete(state, _json(answer)).credential_data
        assert made is not None, "the library has seen to it"
        return Made(made.credential_id, bytes(made))


def ask_to_prove(origin: str) -> tuple[Options, State]:
    """Ask a browser at this origin for any passkey of its person, who is asked for finger, face or PIN."""
    options, state = _server(origin).authenticate_begin(user_verification=_VERIFIED)
    return dict(options), _kept(state)


def named_in(answer: str) -> bytes:
    """Which passkey an answer says it is by; nothing is proven yet. Raises `PasskeyNotAccepted`."""
    with _refused():
        return bytes(AuthenticationResponse.from_dict(_json(answer)).raw_id)


def read_proof(origin: str, state: State, answer: str, credential: bytes) -> int:
    """How often the passkey was used by its own count, if it counts; else 0. Raises `PasskeyNotAccepted`."""
    with _refused():
        said = _json(answer)
        _server(origin).authenticate_complete(state, [AttestedCredentialData(bytes(credential))], said)
        return int(AuthenticationResponse.from_dict(said).response.authenticator_data.counter)


def _server(origin: str) -> Fido2Server:
    site = PublicKeyCredentialRpEntity(id=urlsplit(origin).hostname or "", name="Plaudit")
    return Fido2Server(site, verify_origin=lambda said: said == origin)


def _kept(state: dict[str, Any]) -> State:
    return {"challenge": str(state["challenge"]), "user_verification": _VERIFIED.value}


def _json(answer: str) -> dict[str, Any]:
    return msgspec.json.decode(answer, type=dict[str, Any])


@contextmanager
def _refused() -> Iterator[None]:
    """Whatever is wrong with what a browser sent, it is refused in the same words."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise PasskeyNotAccepted from error
