"""What a credential and a list of revoked ones say: Open Badges 3.0 over Verifiable Credentials 2.0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from plaudit.credentials.rules.shape import OB_CONTEXT, V2


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who gives it: its address, and its name as people know it."""

    address: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Achievement:
    """What was achieved. `kind` is a word of Open Badges, `criteria` what had to be done for it."""

    address: str
    kind: str
    name: str
    description: str
    criteria: str


def moment(at: datetime) -> str:
    """A moment as credentials write it, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def identity(email: str, salt: str) -> dict[str, Any]:
    """Whose it is, so that only whoever knows the address of e-mail can tell (Open Badges 3.0, IdentityObject)."""
    digest = sha256((email.lower() + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": salt,
    }


def profile(issuer: Issuer) -> dict[str, Any]:
    """The issuer as it stands in what it gives."""
    return {"id": issuer.address, "type": ["Profile"], "name": issuer.name, "url": issuer.url}


def credential(
    *,
    address: str,
    issuer: Issuer,
    subject: str,
    holder: dict[str, Any] | None,
    achievement: Achievement,
    valid_from: datetime,
    valid_until: datetime | None,
    status_list: str,
    place: int,
) -> dict[str, Any]:
    """An Open Badge, unsigned. `holder` is what `identity` says, None for somebody without an address."""
    subject_says: dict[str, Any] = {"id": subject, "type": ["AchievementSubject"]}
    if holder is not None:
        subject_says["identifier"] = [holder]
    subject_says["achievement"] = {
        "id": achievement.address,
        "type": ["Achievement"],
        "achievementType": achievement.kind,
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"narrative": achievement.criteria},
    }
    until = {"validUntil": moment(valid_until)} if valid_until is not None else {}
    return {
        "@context": [V2, OB_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement.name,
        "issuer": profile(issuer),
        "validFrom": moment(valid_from),
        **until,
        "credentialSubject": subject_says,
        "credentialStatus": {
            "id": f"{status_list}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(place),
            "statusListCredential": status_list,
        },
    }


def status_list(*, address: str, issuer: str, encoded_list: str, valid_from: datetime) -> dict[str, Any]:
    """The list of revoked ones as a credential of its own, unsigned."""
    return {
        "@context": [V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": moment(valid_from),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list,
        },
    }
