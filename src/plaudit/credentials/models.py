"""Tables of credentials: the keys they are signed with, their places in the list of revoked ones, and they themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class Key(models.Model):
    """A key of an organisation's own (Ed25519): `public` for everybody, the private one `sealed`.

    The one that has not ended signs. One that ended stays, so that what it signed can be checked.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    public = models.BinaryField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "credentials_key"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id",), condition=Q(ended_at__isnull=True), name="one_key_signs"
            ),
        )


class Place(models.Model):
    """A place in a list of revoked credentials that was given to one. Where that is gone, it counts as revoked."""

    organisation_id = models.IntegerField()
    list = models.IntegerField()
    number = models.IntegerField()

    class Meta:
        db_table = "credentials_place"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "list", "number"), name="a_place_is_one_credentials"
            ),
        )


class Kind(models.TextChoices):
    """Of what it is: a CERTIFICATE of something learned, or a BADGE of a programme."""

    CERTIFICATE = "certificate"
    BADGE = "badge"


@gone_with_the_member
class Credential(models.Model):
    """What a member took with them. `about` and `since` say of what it is, `secret` is the end of its address.

    `document` is the credential with its proof inside, `token` the same as a signed line of text. It names nobody:
    the holder is in it by a salted digest. `shows_name` says whether its page does.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    kind = models.TextField(choices=Kind)
    about = models.TextField()
    since = models.DateTimeField()
    name = models.TextField()
    secret = models.TextField()
    key = models.ForeignKey(Key, on_delete=models.PROTECT)
    place = models.OneToOneField(Place, on_delete=models.PROTECT)
    document = models.JSONField()
    token = models.TextField()
    shows_name = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "credentials_credential"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "member_id", "kind", "about", "since"),
                name="a_credential_is_given_once",
            ),
            models.UniqueConstraint(fields=("organisation_id", "secret"), name="a_link_opens_one_credential"),
        )
