"""Tables of single sign-on: who vouches for an organisation's people, and whom they have vouched for."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models

from plaudit.foundation import sealing
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.refusals import SingleSignOnNeeded

GRANTED_AT_FIRST = tuple(role for role in RoleName if role not in {RoleName.OPERATOR, RoleName.AUDITOR})
"""The roles somebody may get by signing in for the first time; the others are given by a person."""


class OtherWays(models.TextChoices):
    """Who may still sign in by a link or a passkey."""

    EVERYBODY = "everybody"
    MEMBERS = "members"
    NOBODY = "nobody"


class Provider(models.Model):
    """Who vouches for the people of an organisation (an OpenID provider), and what their word is worth here.

    `domains` are those of addresses by which people are found, or made if `creates`, who then get `role`.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    name = models.TextField()
    issuer = models.TextField()
    client_id = models.TextField()
    sealed_secret = models.BinaryField()
    domains = models.JSONField(default=list)
    creates = models.BooleanField(default=False)
    role = models.TextField()
    other_ways = models.TextField(choices=OtherWays, default=OtherWays.EVERYBODY)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "people_provider"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id",), name="an_organisation_has_one_provider"),
        )


class ProviderLink(models.Model):
    """Whom an issuer means by a subject: found by their address once, and by nothing else from then on."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    issuer = models.TextField()
    subject = models.TextField()
    user = models.ForeignKey(
        "people.User", on_delete=models.CASCADE, related_name="provider_links", db_index=False
    )
    linked_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        db_table = "people_provider_link"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "issuer", "subject"), name="a_subject_means_one_person"
            ),
            models.UniqueConstraint(
                fields=("organisation_id", "issuer", "user"), name="a_person_is_one_subject"
            ),
        )


def provider_of(organisation_id: int) -> Provider | None:
    """Who vouches for the people of an organisation; None where nobody does."""
    with in_organisation(organisation_id):
        return Provider.objects.filter(organisation_id=organisation_id).first()


def seal_secret(organisation_id: int, secret: str) -> bytes:
    """The client secret as it is kept."""
    return sealing.seal(_purpose(organisation_id), secret)


def secret_of(provider: Provider) -> str:
    """The client secret, for the provider alone. Raises `InvalidToken` where the installation's key is another."""
    return sealing.unseal(_purpose(provider.organisation_id), bytes(provider.sealed_secret))


def _purpose(organisation_id: int) -> str:
    return f"single sign-on of {organisation_id}"


def other_way_is_open(organisation_id: int, roles: Collection[str]) -> bool:
    """Whether somebody with these roles may sign in to an organisation without its provider."""
    provider = provider_of(organisation_id)
    if provider is None or provider.other_ways == OtherWays.EVERYBODY:
        return True
    return provider.other_ways == OtherWays.MEMBERS and set(roles) == {RoleName.MEMBER}


def must_be_open(organisation_id: int, roles: Collection[str]) -> None:
    """Raises `SingleSignOnNeeded` where somebody with these roles signs in by the provider alone."""
    if not other_way_is_open(organisation_id, roles):
        provider = provider_of(organisation_id)
        raise SingleSignOnNeeded(provider=provider.name if provider else "")
