"""Tables of scenarios: how often the rules that one teaches have changed, and who passed it since."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class ScenarioRevision(models.Model):
    """Which `revision` of the rules that a scenario teaches is in force: one more whenever one of them changes.

    `taught` has a digest of each rule, by its key; `changed` names those that changed last, at `changed_at`.
    """

    organisation_id = models.IntegerField()
    programme = models.SlugField()
    scenario = models.SlugField()
    revision = models.IntegerField(default=1)
    taught = models.JSONField()
    changed = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "learning_scenario_revision"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "scenario"), name="a_scenario_has_one_revision"
            ),
        )


@gone_with_the_member
class ScenarioStanding(models.Model):
    """How a member stands with a scenario: their last and best score in percent, and what they passed.

    `revision` is the last that they passed, 0 where none. `refresher_since` is when they were asked to practise it
    once more, until they pass it; `due_at` is when they are reminded of that.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    programme = models.SlugField()
    scenario = models.SlugField()
    last = models.IntegerField()
    best = models.IntegerField()
    played_at = models.DateTimeField()
    revision = models.IntegerField(default=0)
    passed_at = models.DateTimeField(null=True)
    refresher_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "learning_scenario_standing"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "member_id", "programme", "scenario"),
                name="a_member_stands_once_with_a_scenario",
            ),
            models.CheckConstraint(
                condition=Q(last__gte=0, last__lte=100, best__gte=0, best__lte=100),
                name="a_score_is_of_a_hundred",
            ),
            models.CheckConstraint(
                condition=Q(revision=0, passed_at__isnull=True, refresher_since__isnull=True)
                | Q(revision__gt=0, passed_at__isnull=False),
                name="only_who_passed_is_refreshed",
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "programme", "scenario", "member_id"),
                name="standings_of_a_scenario",
            ),
            models.Index(
                fields=("organisation_id", "due_at"),
                condition=Q(due_at__isnull=False),
                name="refreshers_by_due_moment",
            ),
        )
