"""Tables of programmes: each with its state, and every version ever published of it."""

from __future__ import annotations

from django.db import models

from plaudit.foundation.ids import new_id


class ProgrammeState(models.TextChoices):
    """DRAFT was never applied. LIVE earns. PAUSED earns nothing for now, RETIRED never again."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    RETIRED = "retired"


class Programme(models.Model):
    """One programme of an organisation. `draft` is a file being worked on, not yet applied."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    key = models.SlugField()
    name = models.TextField()
    state = models.TextField(choices=ProgrammeState, default=ProgrammeState.DRAFT)
    draft = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "planning_programme"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="a_programme_key_is_unique"),
        )


class ProgrammeVersion(models.Model):
    """One applied version of a programme, never changed: the file as it was, and what it says as data.

    `document` is the file's meaning as JSON text and `digest` its SHA-256, so that anyone can check one
    against the other; `rules_digest` is that of the rules as they were published, under the same number.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    source = models.TextField()
    document = models.TextField()
    digest = models.TextField()
    rules_digest = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.TextField()
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "planning_programme_version"
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "number"), name="a_programme_version_is_published_once"
            ),
        )


class SimulationState(models.TextChoices):
    """WAITING for a worker, RUNNING in one, DONE with a result, REFUSED with the reason kept, or CANCELLED."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Simulation(models.Model):
    """A draft replayed over history, with what came out: kept as it was, never run again in place."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    draft = models.TextField()
    digest = models.TextField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    state = models.TextField(choices=SimulationState, default=SimulationState.WAITING)
    result = models.JSONField(null=True)
    refusal = models.JSONField(null=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "planning_simulation"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(result__isnull=False, state="done")
                | models.Q(result__isnull=True) & ~models.Q(state="done"),
                name="a_simulation_has_its_result_when_done",
            ),
        )
        indexes = (models.Index(fields=("organisation_id", "-id"), name="newest_simulations"),)
