"""Tables of listening to staff: baselines of expectations, focus groups, ideas, and what was done about them."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from plaudit.foundation.ids import new_id
from plaudit.listening.remark_models import Coded, CodedText, Coder, Coding, Collection, Remark
from plaudit.people.forgetting import gone_with_the_member

__all__ = ["Coded", "CodedText", "Coder", "Coding", "Collection", "Remark"]


class Baseline(models.Model):
    """One asking of staff which deeds deserve which reward. Answers are taken until it is closed.

    `deeds` are {"name", "rule"} with the key of the rule that pays for it today or "", in the order of the design;
    `rewards` are {"name", "points"} in whole units, from nothing upwards. `asked` is how many of the kinds in `audience` there were when it opened.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    title = models.TextField()
    unit = models.SlugField()
    audience = models.JSONField()
    deeds = models.JSONField()
    rewards = models.JSONField()
    asked = models.IntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "listening_baseline"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "title"), name="a_baseline_has_one_title"),
        )


@gone_with_the_member
class TookPart(models.Model):
    """That a member answered, and nothing of what: no column leads from here to a paper, and none back."""

    pk = models.CompositePrimaryKey("organisation_id", "baseline_id", "member_id")
    organisation_id = models.IntegerField()
    baseline_id = models.UUIDField()
    member_id = models.UUIDField()

    class Meta:
        db_table = "listening_took_part"


class Paper(models.Model):
    """What somebody said: nobody knows who, and not when. Its id is random and tells no order.

    `ratings` are by the deed's place the place of the reward it deserves; `choices` by the block's place the places
    of the best and the worst deed. `team_id` is the team of whoever answered, shown from eight answers up.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    organisation_id = models.IntegerField()
    baseline_id = models.UUIDField()
    team_id = models.IntegerField(null=True)
    ratings = models.JSONField()
    choices = models.JSONField()

    class Meta:
        db_table = "listening_paper"
        indexes = (models.Index(fields=("organisation_id", "baseline_id"), name="papers_of_a_baseline"),)


class FocusGroup(models.Model):
    """One conversation with some who are invited. `coming` of them said that they come."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    title = models.TextField()
    place = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    places = models.SmallIntegerField()
    coming = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "listening_focus_group"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "title"), name="a_focus_group_has_one_title"),
            models.CheckConstraint(
                condition=models.Q(coming__gte=0, coming__lte=models.F("places")),
                name="a_focus_group_is_never_overfull",
            ),
        )


class Reply(models.TextChoices):
    INVITED = "invited"
    COMING = "coming"
    DECLINED = "declined"


@gone_with_the_member
class Invitation(models.Model):
    """That somebody is invited to a focus group, and what they said to it."""

    pk = models.CompositePrimaryKey("organisation_id", "group_id", "member_id")
    organisation_id = models.IntegerField()
    group_id = models.UUIDField()
    member_id = models.UUIDField()
    reply = models.TextField(choices=Reply, default=Reply.INVITED)

    class Meta:
        db_table = "listening_invitation"
        indexes = (models.Index(fields=("organisation_id", "member_id"), name="invitations_of_a_member"),)


class Said(models.Model):
    """One thing that was said in a focus group, without who said it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    group_id = models.UUIDField()
    words = models.TextField()

    class Meta:
        db_table = "listening_said"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "group_id", "words"), name="a_thing_said_is_noted_once"
            ),
        )


@gone_with_the_member
class Idea(models.Model):
    """What a member would do otherwise. Others see the words and the votes, and not whose they are."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    programme = models.SlugField()
    words = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        db_table = "listening_idea"
        indexes = (models.Index(fields=("organisation_id", "programme", "-id"), name="ideas_in_order"),)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "member_id", "words"), name="a_member_has_an_idea_once"
            ),
        )


@gone_with_the_member
class Vote(models.Model):
    """That a member is for an idea."""

    pk = models.CompositePrimaryKey("organisation_id", "idea_id", "member_id")
    organisation_id = models.IntegerField()
    idea_id = models.UUIDField()
    member_id = models.UUIDField()

    class Meta:
        db_table = "listening_vote"


class Source(models.TextChoices):
    """What somebody said it in."""

    BASELINE = "baseline"
    FOCUS_GROUP = "focus_group"
    IDEA = "idea"
    REMARKS = "remarks"


class Change(models.Model):
    """You said, we did: what was asked for, and the published version of the programme that did it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    version = models.IntegerField()
    source = models.TextField(choices=Source)
    source_id = models.UUIDField()
    said = models.TextField()
    did = models.TextField()
    told_at = models.DateTimeField()

    class Meta:
        db_table = "listening_change"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "source_id", "programme", "version"),
                name="what_was_done_is_told_once",
            ),
        )
