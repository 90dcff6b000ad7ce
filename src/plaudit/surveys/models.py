"""Tables of surveys: what is asked, who was asked, and two kinds of answers that no row joins.

An answer with a name (`Answer`) belongs to an invitation. One without (`Voice`) has no time, no order and nobody:
it waits sealed among others in an `Urn` and comes out with at least seven more, in an order made at random.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from plaudit.foundation.exact import ExactDecoder, ExactEncoder
from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member


class Published(models.Model):
    """One version of what a programme asks; `offered` is false where it no longer asks anything."""

    organisation_id = models.IntegerField()
    programme = models.SlugField()
    number = models.IntegerField()
    definition = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    offered = models.BooleanField(default=True)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "survey_published"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "number"), name="a_survey_is_published_once"
            ),
        )


class Standing(models.Model):
    """How many answers a survey `taken`, of `at_most` (null for any number), and when it closes for good.

    `due_at` is when closing it is to be done; `settled` says that it was.
    """

    pk = models.CompositePrimaryKey("organisation_id", "programme", "survey")
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    survey = models.SlugField()
    taken = models.IntegerField(default=0)
    at_most = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    settled = models.BooleanField(default=False)

    class Meta:
        db_table = "survey_standing"
        constraints = (
            models.CheckConstraint(
                condition=Q(taken__gte=0) & (Q(at_most__isnull=True) | Q(taken__lte=F("at_most"))),
                name="a_survey_takes_no_more_than_its_quota",
            ),
        )


@gone_with_the_member
class Invitation(models.Model):
    """That a member was asked, once for each `contact` ("" for none), and whether they have answered.

    When they did is not kept, nor, for an anonymous survey, anything of what they say: a `draft` is of named ones.
    `about_id` is who served, `team` the member's team when they were asked.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    survey = models.SlugField()
    member_id = models.UUIDField()
    about_id = models.UUIDField(null=True)
    contact = models.TextField(blank=True)
    team = models.TextField(blank=True)
    anonymous = models.BooleanField()
    answered = models.BooleanField(default=False)
    draft = models.JSONField(null=True, encoder=ExactEncoder, decoder=ExactDecoder)
    invited_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "survey_invitation"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "survey", "member_id", "contact"),
                name="a_member_is_asked_once_about_a_contact",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(draft__isnull=True),
                name="an_anonymous_answer_is_not_kept_halfway",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(about_id__isnull=True),
                name="an_anonymous_answer_is_about_nobody",
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "member_id", "answered"), name="survey_invitations_of_member"
            ),
            models.Index(
                fields=("organisation_id", "remind_at"),
                condition=Q(remind_at__isnull=False),
                name="survey_reminders_due",
            ),
        )


@gone_with_the_member
class Answer(models.Model):
    """What one member answered, or somebody unknown where it was given elsewhere (`member_id` is null then).

    `contact` is what it is about as another system knows it, `score` the answer to the first scale.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    survey = models.SlugField()
    member_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)
    contact = models.TextField(blank=True)
    team = models.TextField(blank=True)
    answers = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    score = models.SmallIntegerField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "survey_answer"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "survey", "contact"),
                condition=Q(member_id__isnull=True),
                name="a_contact_is_answered_elsewhere_once",
            ),
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "survey", "member_id", "contact"),
                condition=Q(member_id__isnull=False),
                name="a_member_answers_once_about_a_contact",
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "programme", "survey", "about_id"), name="survey_answers_about"
            ),
            models.Index(
                fields=("organisation_id", "about_id", "-answered_at"), name="survey_answers_of_one"
            ),
        )


class Urn(models.Model):
    """Answers without names that wait for company, sealed and of one length whatever is in them.

    `held` is how many they are, `poured` how many of this team came out already.
    """

    pk = models.CompositePrimaryKey("organisation_id", "programme", "survey", "team")
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    survey = models.SlugField()
    team = models.TextField(blank=True)
    sealed = models.BinaryField()
    held = models.IntegerField()
    poured = models.IntegerField(default=0)

    class Meta:
        db_table = "survey_urn"


class Voice(models.Model):
    """An answer without a name. Its id is made at random, and there is nothing else to order it by."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    survey = models.SlugField()
    team = models.TextField(blank=True)
    answers = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)

    class Meta:
        db_table = "survey_voice"
        indexes = (models.Index(fields=("organisation_id", "programme", "survey"), name="survey_voices"),)
