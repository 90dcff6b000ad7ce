"""What is said of a credential to whoever was shown it: whether it is genuine, whether it stands, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from plaudit.credentials.addresses import code_in, secret_in
from plaudit.credentials.holdings import grounded
from plaudit.credentials.models import Credential, Key
from plaudit.credentials.refusals import NotOurShape, TooEntangled
from plaudit.credentials.rules.multibase import multikey
from plaudit.credentials.rules.proofs import method_of, proof_holds
from plaudit.credentials.rules.tokens import said_by, token_holds
from plaudit.foundation import clock

PASTED_MAX = 20_000


class State(StrEnum):
    """VALID; ENDED by time; REVOKED by somebody, or WITHDRAWN with what it shows; BROKEN where it was altered."""

    VALID = "valid"
    ENDED = "ended"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one, and since when: the moment it ended or was revoked, where it did."""

    state: State
    since: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether somebody may rely on it."""
        return self.state is State.VALID


def verdict_on(row: Credential) -> Verdict:
    """What is to be said of one, its signatures checked anew."""
    if not signed_by([row.key], row.document) or not token_holds(row.token, bytes(row.key.public)):
        return Verdict(State.BROKEN)
    return standing(row, is_grounded=row.id in grounded(row.organisation_id, [row]))


def standing(row: Credential, *, is_grounded: bool) -> Verdict:
    """The same without looking at signatures, for lists."""
    if row.revoked_at is not None:
        return Verdict(State.REVOKED, row.revoked_at)
    if not is_grounded:
        return Verdict(State.WITHDRAWN)
    if row.valid_until is not None and row.valid_until <= clock.now():
        return Verdict(State.ENDED, row.valid_until)
    return Verdict(State.VALID)


def signed_by(keys: list[Key], document: Mapping[str, Any]) -> bool:
    """Whether the proof in a document is by that of these keys which it names."""
    named = method_of(document).rpartition("#")[2]
    for key in keys:
        if multikey(bytes(key.public)) == named:
            try:
                return proof_holds(document, bytes(key.public))
            except (NotOurShape, TooEntangled):
                return False
    return False


@dataclass(frozen=True, slots=True)
class Pasted:
    """A credential as somebody pasted it: the organisation it says it is of, and the end of its address.

    `token` is the text it came as, "" where it came as a document.
    """

    code: str
    secret: str
    said: Mapping[str, Any]
    token: str

    def holds(self, keys: list[Key]) -> bool:
        """Whether one of its organisation's keys signed it."""
        if self.token:
            return any(token_holds(self.token, bytes(key.public)) for key in keys)
        return signed_by(keys, self.said)


def read_pasted(text: str) -> Pasted | None:
    """What was pasted; None where it is no credential, or one of an issuer elsewhere."""
    said = said_by(text) if text.startswith("ey") else _document(text)
    if said is None:
        return None
    issuer = said.get("issuer")
    address = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    code = code_in(address) if isinstance(address, str) else ""
    secret = secret_in(str(said.get("id")))
    return Pasted(code, secret, said, text if text.startswith("ey") else "") if code and secret else None


def _document(text: str) -> dict[str, Any] | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
