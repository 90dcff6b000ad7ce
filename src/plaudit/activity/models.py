"""Tables of what happened: events, the systems they come from, their types, who follows, and imported files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plaudit.foundation.exact import ExactDecoder, ExactEncoder


class Source(models.Model):
    """A system that reports activity, by the name it gives itself."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    name = models.TextField()

    class Meta:
        db_table = "activity_source"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "name"), name="a_source_is_named_once"),
        )


class EventType(models.Model):
    """One version of what a kind of event carries. A new version is a new row; the newest is in force.

    `fields` maps a field's name to its declared type, as in a programme file. `corrects` names the type
    of event this one corrects, and `part` the two fields that say how much of it. `enrols` is the kind of
    member made of somebody whom its events name for the first time.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    name = models.TextField()
    version = models.IntegerField(default=1)
    title = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    extra_fields = models.BooleanField(default=True)
    corrects = models.TextField(blank=True)
    part = models.TextField(blank=True)
    enrols = models.TextField(default="customer")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "activity_event_type"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "name", "version"), name="one_row_a_type_version"
            ),
        )


class Event(models.Model):
    """Something that happened. Never changed: a correction is another event.

    Rows are written by `activity.actions.record` alone, many at a time. There are no foreign keys on
    this table: `plaudit ledger verify` checks what they would, at a fraction of the cost.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    id = models.UUIDField()
    member_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    organisation_id = models.IntegerField()
    source_id = models.IntegerField()
    type_id = models.IntegerField()
    lineup_id = models.IntegerField(null=True)
    batch_id = models.IntegerField(null=True)
    key = models.TextField()
    corrects_key = models.TextField(null=True)
    data = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    decision = models.JSONField(null=True, encoder=ExactEncoder, decoder=ExactDecoder)

    class Meta:
        db_table = "activity_event"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "source_id", "key"), name="an_event_is_recorded_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "source_id", "corrects_key"),
                condition=Q(corrects_key__isnull=False),
                name="corrections_of_an_event",
            ),
            models.Index(
                fields=("organisation_id", "batch_id"),
                condition=Q(batch_id__isnull=False),
                name="events_of_a_batch",
            ),
            models.Index(fields=("organisation_id", "member_id", "id"), name="events_of_a_member"),
        )


class Follower(models.Model):
    """How far one part of the product has followed the book: the place after the last event it was given.

    The place is a row of news, by its transaction and id, and inside it the last event given, None where
    the whole row was.
    """

    pk = models.CompositePrimaryKey("organisation_id", "name")
    organisation_id = models.IntegerField()
    name = models.TextField()
    xid = models.BigIntegerField()
    news_id = models.BigIntegerField()
    event_id = models.UUIDField(null=True)

    class Meta:
        db_table = "activity_follower"


class BatchState(models.TextChoices):
    WAITING = "waiting"
    CHECKING = "checking"
    POSTING = "posting"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    REVERSING = "reversing"
    REVERSED = "reversed"


class ImportBatch(models.Model):
    """One file being imported: how far it is, what it found, and what it was told to expect."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    name = models.TextField()
    path = models.TextField()
    digest = models.TextField(blank=True)
    mapping = models.TextField()
    state = models.TextField(choices=BatchState, default=BatchState.WAITING)
    position = models.JSONField(default=dict)
    rows_done = models.BigIntegerField(default=0)
    bytes_done = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(default=0)
    recorded = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    skipped = models.JSONField(default=dict)
    errors = models.BigIntegerField(default=0)
    points = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    refusal = models.JSONField(null=True)
    created_by = models.TextField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "activity_import_batch"


class RejectedRow(models.Model):
    """A row of a file that could not become an event: which, why, and what to do."""

    organisation_id = models.IntegerField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rejected_rows")
    file = models.TextField()
    row = models.BigIntegerField()
    field = models.TextField(blank=True)
    repair = models.TextField()
    sentence = models.TextField()
    content = models.JSONField()

    class Meta:
        db_table = "activity_rejected_row"
        indexes = (
            models.Index(fields=("organisation_id", "batch", "repair", "id"), name="rejects_by_repair"),
        )
