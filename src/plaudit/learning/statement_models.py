"""Tables of the statements of the Experience API: what was said, for ever, and of whom, as long as they are members."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plaudit.foundation.exact import ExactDecoder, ExactEncoder
from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


@gone_with_the_member
class SpokenOf(models.Model):
    """An agent or group exactly as statements name them, and the member it is. A statement holds its id alone.

    So a statement stays when a member is erased, and what it said of them does not. `mark` is a keyed digest
    of their identifier, `said` all that was said; the same said again is the same row.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    digest = models.TextField()
    mark = models.TextField(blank=True)
    said = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    member_id = models.UUIDField(null=True)

    class Meta:
        db_table = "learning_spoken_of"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "digest"), name="who_is_spoken_of_is_kept_once"
            ),
        )
        indexes = (models.Index(fields=("organisation_id", "member_id"), name="spoken_of_a_member"),)


class Statement(models.Model):
    """One statement, only ever added. `body` is what was said, with ids in place of whom it speaks of.

    `actor` and `agents` are marks, `about` and `activities` ids of activities; `refers_to` is the statement this one is
    about, and `voids` the same where it voids it. `digest` is of what was sent, to tell it from another under its id.
    """

    organisation_id = models.IntegerField()
    statement_id = models.UUIDField()
    digest = models.TextField()
    stored_at = models.DateTimeField()
    said_at = models.DateTimeField()
    verb = models.TextField()
    actor = models.TextField(blank=True)
    object_agent = models.TextField(blank=True)
    agents = models.JSONField(default=list)
    activity = models.TextField(blank=True)
    about = models.JSONField(default=list)
    activities = models.JSONField(default=list)
    registration = models.UUIDField(null=True)
    refers_to = models.UUIDField(null=True)
    voids = models.UUIDField(null=True)
    body = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    key = models.TextField()

    class Meta:
        db_table = "learning_statement"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "statement_id"), name="one_id_one_statement"),
        )
        indexes = (
            models.Index(fields=("organisation_id", "id"), name="statements_in_order"),
            models.Index(
                fields=("organisation_id", "actor", "registration"), name="statements_of_an_attempt"
            ),
            models.Index(
                fields=("organisation_id", "voids"),
                condition=Q(voids__isnull=False),
                name="statements_that_void",
            ),
            models.Index(
                fields=("organisation_id", "refers_to"),
                condition=Q(refers_to__isnull=False),
                name="statements_about_statements",
            ),
        )
