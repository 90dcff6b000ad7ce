"""Tables of lists of who came, sent in as files: each row with whom it was found to mean."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class RollState(models.TextChoices):
    """STAGED while it is looked at, COMMITTING and REVERSING while a worker is at it, STOPPED, DONE, REVERSED."""

    STAGED = "staged"
    COMMITTING = "committing"
    STOPPED = "stopped"
    DONE = "done"
    REVERSING = "reversing"
    REVERSED = "reversed"


class Roll(models.Model):
    """One list of who completed an offering. A digest of the file tells that it is the same again.

    `preview` is what counting it would have come to when it was last looked at: `people`, and `points` by unit.
    `headings` are the names of its columns, `columns` says which of them say what, nothing where nobody has said
    so yet, and `file` under which name the file is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    offering = models.SlugField()
    name = models.TextField()
    digest = models.TextField()
    file = models.TextField(blank=True)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    held_on = models.DateField()
    minutes = models.IntegerField()
    state = models.TextField(choices=RollState, default=RollState.STAGED)
    preview = models.JSONField(default=dict)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "learning_roll"
        indexes = (models.Index(fields=("organisation_id", "id"), name="rolls_in_order"),)


@gone_with_the_member
class RollRow(models.Model):
    """One row of a list: what stood in it, in which group it is, and whom it is taken to mean.

    `likeness` is that of the names in thousandths, `candidates` the ids of those it may mean, the likeliest first. `accepted` says whether it is to be counted; `outcome` what
    became of it: counted, or why not. The words are forgotten when the list can no longer be taken back.
    """

    organisation_id = models.IntegerField()
    roll = models.ForeignKey(Roll, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()
    said_name = models.TextField(blank=True)
    said_email = models.TextField(blank=True)
    said_id = models.TextField(blank=True)
    group = models.TextField()
    why = models.TextField(blank=True)
    likeness = models.IntegerField(default=0)
    member_id = models.UUIDField(null=True)
    candidates = models.JSONField(default=list)
    accepted = models.BooleanField(default=False)
    outcome = models.TextField(blank=True)

    class Meta:
        db_table = "learning_roll_row"
        constraints = (
            models.UniqueConstraint(fields=("roll", "number"), name="a_row_of_a_list_stands_once"),
            models.CheckConstraint(
                condition=Q(accepted=False) | Q(member_id__isnull=False), name="nobody_is_counted_unnamed"
            ),
        )
        indexes = (
            models.Index(fields=("roll", "group", "number"), name="rows_of_a_list_by_group"),
            models.Index(
                fields=("roll", "number"), condition=Q(accepted=True, outcome=""), name="rows_still_to_count"
            ),
        )


class KnownShape(models.Model):
    """Which columns say what in lists with certain headings, as somebody last said. `digest` is of the headings."""

    organisation_id = models.IntegerField()
    digest = models.TextField()
    columns = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.TextField()

    class Meta:
        db_table = "learning_list_shape"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "digest"), name="a_shape_of_list_is_known_once"
            ),
        )
