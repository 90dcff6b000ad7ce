"""Where whoever checks a credential finds it, its issuer, the keys, and the list of revoked ones."""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from plaudit.credentials.rules import multibase
from plaudit.foundation.ids import show

_SECRET = re.compile(r"/credentials/([0-9A-Za-z_-]+)")
_CODE = re.compile(r"/issuers/([0-9a-z]+)\Z")


def issuer_at(code: str) -> str:
    """The address of the organisation with this code, which is its name as an issuer."""
    return settings.BASE_URL + reverse("portal:issuer", args=[code])


def key_at(code: str, key_id: UUID) -> str:
    """Where one key is found alone."""
    return settings.BASE_URL + reverse("portal:issuer-key", args=[code, show("sgk", key_id)])


def method_at(code: str, public: bytes) -> str:
    """A key as it stands with its issuer."""
    return f"{issuer_at(code)}#{multibase.multikey(public)}"


def status_list_at(code: str, number: int) -> str:
    """The list of revoked ones with this number."""
    return settings.BASE_URL + reverse("portal:revoked-credentials", args=[code, number])


def credential_at(secret: str) -> str:
    """Where one credential is."""
    return settings.BASE_URL + reverse("portal:credential", args=[secret])


def secret_in(text: str) -> str:
    """The end of the address of a credential that stands in this text; "" where none does."""
    found = _SECRET.search(text)
    return found[1] if found else ""


def code_in(issuer: str) -> str:
    """The code of the organisation that an issuer says it is; "" where it says none. Its signature proves it."""
    found = _CODE.search(issuer)
    return found[1] if found else ""
