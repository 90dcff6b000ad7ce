"""An academy whose members took something along: the real actions, and short ways to ask."""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass
from uuid import UUID

from django.test import Client

from plaudit.credentials.actions.giving import give_credential
from plaudit.credentials.checking import Verdict, verdict_on
from plaudit.credentials.models import Credential, Kind
from plaudit.credentials.queries import behind
from plaudit.foundation.tenancy import in_organisation
from plaudit.learning.models import Certificate
from plaudit.learning.tests.factories import ACTOR, Academy, make_academy
from plaudit.people.tests.browsing import browser

EMAIL = "ada@people.example"


@dataclass
class Taking:
    """An academy in which Ada completed something that there is a certificate of."""

    academy: Academy
    ada: UUID

    @property
    def id(self) -> int:
        """The organisation's id."""
        return self.academy.id

    @property
    def certificate(self) -> UUID:
        """Ada's certificate."""
        with in_organisation(self.id):
            return Certificate.objects.get(member_id=self.ada, revoked_at__isnull=True).id

    def takes(self, *, shows_name: bool = False) -> Credential:
        """Ada takes her certificate along."""
        return give_credential(
            self.id,
            member_id=self.ada,
            kind=Kind.CERTIFICATE,
            about=str(self.certificate),
            shows_name=shows_name,
            actor=ACTOR,
        )

    def verdict(self, one: Credential) -> Verdict:
        """What is said of it now."""
        with in_organisation(self.id):
            return verdict_on(behind(self.id, one.secret))

    def is_revoked(self, one: Credential) -> bool:
        """Whether its bit is set in the list that anybody reads."""
        address = f"/issuers/{self.academy.organisation.code}/status/{one.place.list}"
        says = at(address).json()["credentialSubject"]["encodedList"][1:]
        bits = gzip.decompress(base64.urlsafe_b64decode(says + "=" * (-len(says) % 4)))
        return bool(bits[one.place.number // 8] & 0x80 >> one.place.number % 8)


def make_taking(offering: str = "first-aid") -> Taking:
    """One in which Ada completed this today."""
    academy = make_academy()
    ada = academy.member("Ada Lovelace", email=EMAIL)
    academy.completes(ada, offering)
    return Taking(academy, ada)


def at(path: str, client: Client | None = None, **headers: str):
    """What somebody is answered who has an address."""
    return (client or browser()).get(path, headers=headers or None)
