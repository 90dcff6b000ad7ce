"""Answers about credentials: the one behind a link, those of members, the keys, and which are revoked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import QuerySet

from plaudit.credentials.holdings import grounded
from plaudit.credentials.models import Credential, Key, Place
from plaudit.credentials.refusals import NoSuchCredential
from plaudit.foundation.ids import read, show
from plaudit.foundation.refusals import NotFound


def credential_ref(credential_id: UUID) -> str:
    """How people and programs name a credential."""
    return show("crd", credential_id)


def credential_id_of(reference: str) -> UUID:
    """The id behind `crd_…`. Raises `NotFound`."""
    return read("crd", reference, kind="credential")


def credential(organisation_id: int, credential_id: UUID) -> Credential:
    """One credential. Raises `NotFound`."""
    found = _all(organisation_id).filter(id=credential_id).first()
    if found is None:
        raise NotFound(kind="credential", ref=credential_ref(credential_id))
    return found


def behind(organisation_id: int, secret: str) -> Credential:
    """The credential with this end of its address. Raises `NoSuchCredential`."""
    found = _all(organisation_id).filter(secret=secret).first()
    if found is None:
        raise NoSuchCredential
    return found


def credentials(
    organisation_id: int,
    *,
    members: Collection[UUID] | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Credential]:
    """Credentials in the order in which they were given, also those that stand no more."""
    found = _all(organisation_id)
    if members is not None:
        found = found.filter(member_id__in=members)
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.order_by("id")[:limit])


def _all(organisation_id: int) -> QuerySet[Credential]:
    return Credential.objects.select_related("key", "place").filter(organisation_id=organisation_id)


def keys(organisation_id: int) -> list[Key]:
    """Every key there was, the newest first."""
    return list(Key.objects.filter(organisation_id=organisation_id).order_by("-id"))


def revoked_places(organisation_id: int, number: int) -> Sequence[int]:
    """The places in a list whose credentials stand no more, were revoked, or are gone. Raises `NoSuchCredential`."""
    given = Place.objects.filter(organisation_id=organisation_id, list=number)
    taken = set(given.values_list("number", flat=True))
    if not taken:
        raise NoSuchCredential
    rows = list(_all(organisation_id).filter(place__list=number, revoked_at__isnull=True))
    stand = grounded(organisation_id, rows)
    return sorted(taken - {row.place.number for row in rows if row.id in stand})
