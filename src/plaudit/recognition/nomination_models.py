"""Tables of what somebody deserves beyond an allowance: nominations, and who stands in for whoever decides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class NominationState(models.TextChoices):
    """WAITING until a second person decides, it is withdrawn, or its time runs out."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@gone_with_the_member
class Nomination(models.Model):
    """That one person asks for another to be recognised with so many points, and what a second one decided.

    `points` is what was asked for and `granted` what was given, in the smallest part of `unit`; `decider_id` is who
    decided, where they are a member. `answer` is what the nominator reads.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    member_id = models.UUIDField()
    nominator_id = models.UUIDField()
    behaviour = models.TextField()
    words = models.TextField()
    unit = models.SlugField()
    points = models.BigIntegerField()
    granted = models.BigIntegerField(null=True)
    state = models.TextField(choices=NominationState, default=NominationState.WAITING)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    decider_id = models.UUIDField(null=True)
    answer = models.TextField(blank=True)
    recognition_id = models.UUIDField(null=True)
    key = models.TextField()

    class Meta:
        db_table = "recognition_nomination"
        indexes = (
            models.Index(fields=("organisation_id", "state", "id"), name="nominations_by_state"),
            models.Index(
                fields=("organisation_id", "nominator_id", "-id"), name="nominations_of_a_nominator"
            ),
            models.Index(fields=("organisation_id", "member_id", "-id"), name="nominations_of_a_member"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "nominator_id", "key"), name="one_key_one_nomination"
            ),
            models.CheckConstraint(
                condition=~Q(nominator_id=F("member_id")), name="nobody_nominates_themselves"
            ),
            models.CheckConstraint(
                condition=Q(decider_id__isnull=True)
                | (~Q(decider_id=F("nominator_id")) & ~Q(decider_id=F("member_id"))),
                name="a_third_person_decides",
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="a_nomination_is_about_points"),
            models.CheckConstraint(
                condition=Q(state="approved", recognition_id__isnull=False, granted__gt=0)
                | (~Q(state="approved") & Q(recognition_id__isnull=True)),
                name="an_approved_nomination_is_given_once",
            ),
        )


@gone_with_the_member
class StandIn(models.Model):
    """Who decides about nominations instead of somebody who leads a team, from `since` up to, not including, `until`."""

    pk = models.CompositePrimaryKey("organisation_id", "member_id")
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    stand_in_id = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "recognition_stand_in"
        constraints = (
            models.CheckConstraint(condition=~Q(stand_in_id=F("member_id")), name="a_stand_in_is_another"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="a_stand_in_is_for_a_while"),
        )
