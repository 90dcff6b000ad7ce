"""Tables of noticing: what programmes recognise, who was recognised, and what givers used up."""

from __future__ import annotations

from django.db import models

from plaudit.foundation.exact import ExactDecoder, ExactEncoder
from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member
from plaudit.recognition import reviews  # noqa: F401  # Django looks for tables here
from plaudit.recognition.nomination_models import Nomination, NominationState, StandIn
from plaudit.recognition.open_models import Link, LinkKind
from plaudit.recognition.talk_models import Digest, Reaction, ReactionKind, Reply, Report, ReportState

__all__ = [
    "Digest",
    "GivingUse",
    "Link",
    "LinkKind",
    "Moment",
    "MomentState",
    "Nomination",
    "NominationState",
    "Note",
    "Plan",
    "Published",
    "Reaction",
    "ReactionKind",
    "Received",
    "Recognition",
    "Reply",
    "Report",
    "ReportState",
    "StandIn",
]


class Published(models.Model):
    """What one programme says of recognition from `since` on; null from when it says nothing. Never changed."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    since = models.DateTimeField()
    standard = models.JSONField(null=True)

    class Meta:
        db_table = "recognition_published"


class Recognition(models.Model):
    """One act of noticing: who gave it, for which behaviour, and when.

    `points` is what each recipient got of `unit`, from the allowance of `period`. `ended_at` is when it was undone
    or taken back, with a reason where it was not the giver's own undoing; `hidden_for` why a moderator hid it.
    Points without a `period` came from no allowance: the programme itself gives them.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    giver_id = models.UUIDField(null=True)
    behaviour = models.TextField()
    unit = models.SlugField(blank=True)
    points = models.BigIntegerField(default=0)
    period = models.TextField(blank=True)
    key = models.TextField(blank=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.TextField(blank=True)
    hidden_for = models.TextField(blank=True)

    class Meta:
        db_table = "recognition_recognition"
        indexes = (
            models.Index(fields=("organisation_id", "giver_id", "-id"), name="recognitions_given"),
            models.Index(fields=("organisation_id", "-id"), name="recognitions_in_order"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(points__gte=0), name="a_recognition_never_takes_points"
            ),
            models.UniqueConstraint(
                fields=("organisation_id", "giver_id", "key"),
                condition=~models.Q(key=""),
                nulls_distinct=False,
                name="one_key_one_recognition",
            ),
        )


@gone_with_the_member
class Received(models.Model):
    """That somebody was recognised, and in which words. Gone when they are erased.

    `source` is from whom it came as they see it, `team_id` the team it happened in, `visible` who else may see
    it, and `chosen` that its recipient said so. `deed_at` is when the deed was, where it is known. `stands` until it
    is undone or taken back; what a moderator hid is `hidden` from all but giver and recipient.
    """

    pk = models.CompositePrimaryKey("organisation_id", "recognition_id", "member_id")
    organisation_id = models.IntegerField()
    recognition_id = models.UUIDField()
    member_id = models.UUIDField()
    giver_id = models.UUIDField(null=True)
    team_id = models.IntegerField(null=True)
    source = models.TextField()
    behaviour = models.TextField()
    words = models.TextField(blank=True)
    visible = models.SmallIntegerField()
    chosen = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    deed_at = models.DateTimeField(null=True)
    stands = models.BooleanField(default=True)

    class Meta:
        db_table = "recognition_received"
        indexes = (
            models.Index(fields=("organisation_id", "member_id", "-given_at"), name="recognitions_received"),
            models.Index(
                fields=("organisation_id", "giver_id", "-given_at"),
                condition=models.Q(giver_id__isnull=False),
                name="recognitions_by_a_giver",
            ),
            models.Index(
                fields=("organisation_id", "-recognition_id"),
                condition=models.Q(visible=2, stands=True),
                name="recognitions_for_everyone",
            ),
            models.Index(
                fields=("organisation_id", "team_id", "-recognition_id"),
                condition=models.Q(stands=True),
                name="recognitions_of_a_team",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(giver_id__isnull=True) | ~models.Q(giver_id=models.F("member_id")),
                name="nobody_recognises_themselves",
            ),
        )


class GivingUse(models.Model):
    """How much a giver used of one limit in one period; the next period begins anew."""

    pk = models.CompositePrimaryKey("organisation_id", "programme", "giver_id", "what", "period")
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    giver_id = models.UUIDField()
    what = models.TextField()
    period = models.TextField()
    used = models.BigIntegerField()
    at_most = models.BigIntegerField()

    class Meta:
        db_table = "recognition_giving_use"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(used__gte=0, used__lte=models.F("at_most")),
                name="nobody_gives_more_than_they_have",
            ),
        )


class MomentState(models.TextChoices):
    OPEN = "open"
    RECOGNISED = "recognised"
    PUT_AWAY = "put_away"
    GONE = "gone"


@gone_with_the_member
class Moment(models.Model):
    """An event that is worth noticing, proposed once to whoever leads a team of its member.

    `evidence` is what the programme shows of the event. It is gone where a correction takes the event back.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    watch = models.TextField()
    name = models.TextField()
    behaviour = models.TextField(blank=True)
    member_id = models.UUIDField()
    event_id = models.UUIDField()
    happened_at = models.DateTimeField()
    proposed_at = models.DateTimeField()
    evidence = models.JSONField(default=dict, encoder=ExactEncoder, decoder=ExactDecoder)
    state = models.TextField(choices=MomentState, default=MomentState.OPEN)
    snoozed_until = models.DateTimeField(null=True)
    recognition_id = models.UUIDField(null=True)

    class Meta:
        db_table = "recognition_moment"
        indexes = (
            models.Index(
                fields=("organisation_id", "member_id", "-happened_at"),
                condition=models.Q(state="open"),
                name="moments_that_are_open",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "event_id", "programme", "watch"),
                name="a_moment_is_proposed_once",
            ),
        )


@gone_with_the_member
class Note(models.Model):
    """What a supervisor noted about somebody they lead, for nobody else until it is shared with them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    author_id = models.UUIDField()
    member_id = models.UUIDField()
    moment_id = models.UUIDField(null=True)
    words = models.TextField()
    written_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recognition_note"
        indexes = (
            models.Index(fields=("organisation_id", "member_id", "-written_at"), name="notes_on_a_member"),
            models.Index(fields=("organisation_id", "author_id", "-written_at"), name="notes_of_an_author"),
        )


@gone_with_the_member
class Plan(models.Model):
    """How often a supervisor means to notice each of theirs, and the behaviour they look for, "" for any."""

    pk = models.CompositePrimaryKey("organisation_id", "member_id")
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    every_days = models.SmallIntegerField()
    behaviour = models.TextField(blank=True)

    class Meta:
        db_table = "recognition_plan"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(every_days__gte=1, every_days__lte=90), name="a_plan_is_of_days"
            ),
        )
