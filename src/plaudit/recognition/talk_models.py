"""Tables of what others say to a recognition: reactions, replies, and what somebody finds wrong with it."""

from __future__ import annotations

from django.db import models

from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class ReactionKind(models.TextChoices):
    """What one tap says."""

    THANKS = "thanks"
    BRAVO = "bravo"
    SEEN = "seen"


@gone_with_the_member
class Reaction(models.Model):
    """That a member tapped this once. Tapped again it is taken away."""

    pk = models.CompositePrimaryKey("organisation_id", "recognition_id", "member_id", "kind")
    organisation_id = models.IntegerField()
    recognition_id = models.UUIDField()
    member_id = models.UUIDField()
    kind = models.TextField(choices=ReactionKind)
    reacted_at = models.DateTimeField()

    class Meta:
        db_table = "recognition_reaction"


@gone_with_the_member
class Reply(models.Model):
    """One line of a member under a recognition. It is never changed: another line may correct it, once.

    `hidden_for` is why a moderator hid it, from all but its author.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    recognition_id = models.UUIDField()
    member_id = models.UUIDField()
    words = models.TextField()
    corrects = models.UUIDField(null=True)
    said_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.TextField(blank=True)
    hidden_for = models.TextField(blank=True)

    class Meta:
        db_table = "recognition_reply"
        indexes = (
            models.Index(fields=("organisation_id", "recognition_id", "id"), name="replies_to_a_recognition"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "corrects"),
                condition=models.Q(corrects__isnull=False),
                name="a_reply_is_corrected_once",
            ),
        )


class ReportState(models.TextChoices):
    """WAITING until somebody with a word in it decides: hidden, or left as it is."""

    WAITING = "waiting"
    HIDDEN = "hidden"
    KEPT = "kept"


@gone_with_the_member
class Report(models.Model):
    """That a member finds something wrong with a recognition or a reply; who looks into it, and what they decided."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    recognition_id = models.UUIDField()
    reply_id = models.UUIDField(null=True)
    member_id = models.UUIDField()
    words = models.TextField()
    reported_at = models.DateTimeField()
    owner = models.TextField(blank=True)
    state = models.TextField(choices=ReportState, default=ReportState.WAITING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "recognition_report"
        indexes = (models.Index(fields=("organisation_id", "state", "id"), name="reports_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "recognition_id", "reply_id", "member_id"),
                condition=models.Q(state="waiting"),
                nulls_distinct=False,
                name="one_report_of_a_thing_waits",
            ),
        )


@gone_with_the_member
class Digest(models.Model):
    """That a member's summary of one week was sent on its way; once a week."""

    pk = models.CompositePrimaryKey("organisation_id", "member_id", "week")
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    week = models.DateField()

    class Meta:
        db_table = "recognition_digest"
