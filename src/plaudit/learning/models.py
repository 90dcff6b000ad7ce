"""Tables of learning: what is offered, sessions and who comes, what was completed, claims and certificates."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plaudit.foundation.exact import ExactDecoder, ExactEncoder
from plaudit.foundation.ids import new_id
from plaudit.learning import (  # noqa: F401  # Django looks for tables here
    document_models,
    roll_models,
    scenario_models,
    statement_models,
)
from plaudit.people.forgetting import gone_with_the_member


class Published(models.Model):
    """One version of what a programme offers to learn; `offered` is false where it no longer does."""

    organisation_id = models.IntegerField()
    programme = models.SlugField()
    number = models.IntegerField()
    definition = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    offered = models.BooleanField(default=True)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "learning_published"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "number"), name="an_offer_to_learn_is_published_once"
            ),
        )


class SessionState(models.TextChoices):
    """OPEN to register and to come, CLOSED when who came is settled, CANCELLED when nobody does."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Session(models.Model):
    """One time at which an offering is given, `minutes` of instruction; `taken` of its `places` are taken.

    `places` is null where there is room for everybody. `secret` stands in the code by which members check in.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    offering = models.SlugField()
    place = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.IntegerField()
    places = models.IntegerField(null=True)
    taken = models.IntegerField(default=0)
    state = models.TextField(choices=SessionState, default=SessionState.OPEN)
    secret = models.TextField()
    key = models.TextField()

    class Meta:
        db_table = "learning_session"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_session"),
            models.UniqueConstraint(fields=("organisation_id", "secret"), name="a_secret_opens_one_session"),
            models.CheckConstraint(
                condition=Q(taken__gte=0) & (Q(places__isnull=True) | Q(taken__lte=F("places"))),
                name="a_session_is_never_overfull",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_session_takes_time"),
            models.CheckConstraint(condition=Q(minutes__gte=0), name="minutes_are_never_negative"),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "programme", "offering", "starts_at"),
                name="sessions_of_an_offering",
            ),
            models.Index(
                fields=("organisation_id", "starts_at"),
                condition=Q(state="open"),
                name="sessions_by_beginning",
            ),
        )


class RegistrationState(models.TextChoices):
    """REGISTERED with a place, WAITING for one, PRESENT when seen there, MISSED when not, CANCELLED."""

    REGISTERED = "registered"
    WAITING = "waiting"
    PRESENT = "present"
    MISSED = "missed"
    CANCELLED = "cancelled"


@gone_with_the_member
class Registration(models.Model):
    """That a member comes to a session. Waiting ones are in the order in which they were `asked_at`.

    `arrived_at` is when they were seen, null where nobody noted that; `seen_by` is roster, code or list. A day
    before the session they are reminded, once.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="registrations")
    member_id = models.UUIDField()
    state = models.TextField(choices=RegistrationState)
    asked_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    seen_by = models.TextField(blank=True)
    walked_in = models.BooleanField(default=False)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "learning_registration"
        constraints = (
            models.UniqueConstraint(fields=("session", "member_id"), name="one_registration_a_session"),
        )
        indexes = (models.Index(fields=("organisation_id", "member_id"), name="registrations_of_a_member"),)


class Completion(models.Model):
    """That a member completed an offering, on a day, for so many minutes. It counts once in its `period`.

    `occasion` says where it comes from: a session, a claim, a list, a report. Withdrawn it counts no more.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    offering = models.SlugField()
    member_id = models.UUIDField()
    completed_on = models.DateField()
    recorded_at = models.DateTimeField()
    minutes = models.IntegerField()
    period = models.TextField(blank=True)
    occasion = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "learning_completion"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "member_id", "programme", "offering", "period"),
                condition=Q(withdrawn_at__isnull=True),
                name="a_completion_counts_once_a_period",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=0), name="completed_minutes_are_never_negative"),
        )
        indexes = (
            models.Index(fields=("organisation_id", "occasion"), name="completions_of_an_occasion"),
            models.Index(
                fields=("organisation_id", "programme", "offering", "completed_on"),
                name="completions_of_an_offering",
            ),
        )


class Certificate(models.Model):
    """What shows that something was completed, through `last_day`, or for ever; it ends with its completion.

    `due_at` is when time next changes something: its end is announced, or it ends. `announced_days` before its end
    that was announced last, null where not yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    completion = models.OneToOneField(Completion, on_delete=models.PROTECT, related_name="certificate")
    programme = models.SlugField()
    offering = models.SlugField()
    member_id = models.UUIDField()
    name = models.TextField()
    issued_on = models.DateField()
    last_day = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    announced_days = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "learning_certificate"
        indexes = (
            models.Index(fields=("organisation_id", "member_id"), name="certificates_of_a_member"),
            models.Index(
                fields=("organisation_id", "due_at"),
                condition=Q(due_at__isnull=False),
                name="certificates_by_due_moment",
            ),
        )


class ClaimState(models.TextChoices):
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


@gone_with_the_member
class Claim(models.Model):
    """What a member says they learned, with what proves it, until somebody else decides.

    `proof` is a PDF or a picture; `digest` is its SHA-256, by which the same proof sent twice is seen.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    offering = models.SlugField()
    member_id = models.UUIDField()
    done_on = models.DateField()
    minutes = models.IntegerField()
    words = models.TextField(blank=True)
    proof = models.BinaryField(null=True)
    media = models.TextField(blank=True)
    digest = models.TextField(blank=True)
    state = models.TextField(choices=ClaimState, default=ClaimState.WAITING)
    key = models.TextField()
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "learning_claim"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_learning_claim"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="a_decided_claim_says_when",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "state", "id"), name="learning_claims_by_state"),
            models.Index(fields=("organisation_id", "member_id"), name="learning_claims_of_a_member"),
        )
