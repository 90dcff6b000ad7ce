"""Tables of provisioning: the people and teams that an organisation's directory keeps here, and who is in which."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from plaudit.foundation.exact import ExactDecoder, ExactEncoder
from plaudit.foundation.ids import new_id


class ProvisionedPerson(models.Model):
    """A person as the directory tells of them, and whom they are here.

    `said` is everything the directory says besides the columns, by the names of RFC 7643. `held` are the roles
    that were taken away when they were deactivated.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    user = models.ForeignKey(
        "people.User", on_delete=models.CASCADE, related_name="provisioned", db_index=False
    )
    user_name = models.TextField()
    external_id = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    said = models.JSONField(default=dict, encoder=ExactEncoder, decoder=ExactDecoder)
    held = models.JSONField(default=list)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "people_provisioned_person"
        constraints = (
            models.UniqueConstraint("organisation_id", Lower("user_name"), name="a_user_name_is_one_person"),
            models.UniqueConstraint(fields=("organisation_id", "user"), name="a_person_is_provisioned_once"),
        )
        indexes = (models.Index(fields=("organisation_id", "id"), name="provisioned_in_order"),)


class ProvisionedTeam(models.Model):
    """A group of the directory: a team here, whose stays it keeps."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    team = models.ForeignKey("people.Team", on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "people_provisioned_team"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "team"), name="a_team_is_provisioned_once"),
        )


class ProvisionedStay(models.Model):
    """That the directory has a person in a group."""

    organisation_id = models.IntegerField()
    group = models.ForeignKey(ProvisionedTeam, on_delete=models.CASCADE, related_name="stays", db_index=False)
    person = models.ForeignKey(ProvisionedPerson, on_delete=models.CASCADE, related_name="stays")

    class Meta:
        db_table = "people_provisioned_stay"
        constraints = (
            models.UniqueConstraint(fields=("group", "person"), name="a_person_is_in_a_group_once"),
        )
