"""Tables of reviews: when recognitions were looked through, what stood out, and what those concerned said."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plaudit.foundation.exact import ExactDecoder, ExactEncoder
from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class FindingState(models.TextChoices):
    """WAITING for a reviewer, ASKED those concerned, DECIDED, DOUBTED by one of them and to be decided anew."""

    WAITING = "waiting"
    ASKED = "asked"
    DECIDED = "decided"
    DOUBTED = "doubted"


RUNNING = (FindingState.WAITING, FindingState.ASKED, FindingState.DOUBTED)


class Outcome(models.TextChoices):
    """What a review came to. None of them does anything by itself."""

    NOTHING_WRONG = "nothing_wrong"
    TALKED_ABOUT = "talked_about"
    PASSED_ON = "passed_on"


class Look(models.Model):
    """One look through the recognitions of a time, half-open: how many there were, and what stood out."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    looked_at = models.DateTimeField()
    recognitions = models.IntegerField()
    findings = models.IntegerField()

    class Meta:
        db_table = "recognition_look"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "until"), name="a_time_is_looked_at_once"),
        )


class Finding(models.Model):
    """People who recognise one another more than chance would bring, until somebody has looked into it.

    `people` names them in one order, `links` says who recognised whom how often, how often was expected, and one in
    how many times chance brings as much. `one_in` is how seldom a company in which chance decides has any finding
    like it. `decided_before_by` is who decided before it was doubted. Nothing happens to anybody because of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    found_at = models.DateTimeField()
    people = models.TextField()
    one_in = models.BigIntegerField()
    links = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    state = models.TextField(choices=FindingState, default=FindingState.WAITING)
    owner = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True)
    outcome = models.TextField(choices=Outcome, blank=True)
    words = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    decided_before_by = models.TextField(blank=True)

    class Meta:
        db_table = "recognition_finding"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "people"),
                condition=Q(state__in=RUNNING),
                name="one_running_finding_about_the_same_people",
            ),
            models.CheckConstraint(
                condition=Q(state="decided", decided_at__isnull=False) & ~Q(outcome="") & ~Q(decided_by="")
                | ~Q(state="decided"),
                name="a_decided_finding_says_what_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("decided_before_by")),
                name="somebody_else_decides_what_was_doubted",
            ),
        )
        indexes = (models.Index(fields=("organisation_id", "state", "-id"), name="findings_by_state"),)


@gone_with_the_member
class Concerned(models.Model):
    """Somebody whom a finding names, what they said when they were asked, and why they doubted the decision."""

    pk = models.CompositePrimaryKey("organisation_id", "finding_id", "member_id")
    organisation_id = models.IntegerField()
    finding_id = models.UUIDField()
    member_id = models.UUIDField()
    words = models.TextField(blank=True)
    said_at = models.DateTimeField(null=True)
    doubt = models.TextField(blank=True)
    doubted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recognition_concerned"
        indexes = (models.Index(fields=("organisation_id", "member_id"), name="findings_about_a_member"),)
