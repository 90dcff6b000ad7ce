"""Tables under everything: the audit trail, the news that goes up, and replies kept by their key."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class Audit(models.Model):
    """Who did what to which thing, and why; written in the same transaction as the act."""

    organisation_id = models.IntegerField()
    happened_at = models.DateTimeField()
    actor = models.TextField()
    act = models.TextField()
    subject = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    request_id = models.TextField(blank=True)

    class Meta:
        db_table = "foundation_audit"
        indexes = (models.Index(fields=("organisation_id", "-id"), name="audit_newest_first"),)


class News(models.Model):
    """One thing that happened, for the floors above. A batch of events is one row that names its range.

    `xid` is the writing transaction: a reader takes only rows older than every transaction still open,
    so that a slow writer's news is never skipped. A server counts its own transactions, so a database that
    was restored elsewhere adds an offset to them (`foundation.backup.numbering`).
    """

    organisation_id = models.IntegerField()
    xid = models.BigIntegerField(
        db_default=models.Func(function="plaudit_xid", output_field=models.BigIntegerField())
    )
    topic = models.TextField()
    happened_at = models.DateTimeField()
    payload = models.JSONField()

    class Meta:
        db_table = "foundation_news"
        indexes = (
            models.Index(fields=("organisation_id", "xid", "id"), name="news_in_order"),
            BrinIndex(fields=("happened_at",), name="news_by_time"),
        )


class KeptReply(models.Model):
    """The reply to a write, kept by the caller's key, so that a retry gets the same answer.

    The row is kept for ever; its body may be emptied after thirty days.
    """

    organisation_id = models.IntegerField()
    scope = models.TextField()
    key = models.TextField()
    request_digest = models.BinaryField()
    status = models.SmallIntegerField()
    body = models.TextField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "foundation_kept_reply"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "scope", "key"), name="one_key_one_reply"),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "created_at"),
                condition=Q(body__isnull=False),
                name="replies_still_kept",
            ),
        )


class LoggedRequest(models.Model):
    """One request a program made, kept for a few days for whoever builds against the API.

    `target` and `body` were redacted before they came here: no word that anybody wrote is in them.
    """

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.IntegerField()
    request_id = models.TextField()
    asked_at = models.DateTimeField()
    actor = models.TextField()
    method = models.TextField()
    target = models.TextField()
    media = models.TextField(blank=True)
    body = models.TextField(blank=True)
    status = models.SmallIntegerField()
    problem = models.TextField(blank=True)
    milliseconds = models.IntegerField()

    class Meta:
        db_table = "foundation_logged_request"
        indexes = (models.Index(fields=("organisation_id", "-id"), name="newest_requests"),)
