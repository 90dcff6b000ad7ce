"""Tables of who is told what: webhook endpoints, their secrets, what was sent to them and what came back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plaudit.outreach.rules.messages import PAYLOAD_VERSION
from plaudit.people.forgetting import goes_with_the_sign_in, gone_with_the_member


class EndpointState(models.TextChoices):
    ACTIVE = "active"
    DISABLED = "disabled"


class Endpoint(models.Model):
    """A receiver of webhooks, and which types of message it wants.

    `failures` counts failed tries since the last success; `slow` moves it to the lane in which it keeps
    no quick receiver waiting.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.IntegerField()
    id = models.UUIDField()
    url = models.TextField()
    description = models.TextField(blank=True)
    types = models.JSONField()
    payload_version = models.SmallIntegerField(default=PAYLOAD_VERSION)
    state = models.TextField(choices=EndpointState, default=EndpointState.ACTIVE)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.TextField(blank=True)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    slow = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.TextField()

    class Meta:
        db_table = "outreach_endpoint"


class EndpointSecret(models.Model):
    """What an endpoint's secret is made from. The secret itself is in no table: see `outreach.signing`."""

    pk = models.CompositePrimaryKey("organisation_id", "endpoint_id", "number")
    organisation_id = models.IntegerField()
    endpoint_id = models.UUIDField()
    number = models.IntegerField()
    salt = models.BinaryField()
    fingerprint = models.BinaryField()
    made_at = models.DateTimeField()
    retires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_endpoint_secret"


class DeliveryState(models.TextChoices):
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class Delivery(models.Model):
    """One message on its way to one endpoint.

    `lease` counts how often it was taken up to be sent, and is the fencing token: only who took it up
    last may note what became of it. `tries` counts since it was made or sent again.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.IntegerField()
    id = models.UUIDField()
    endpoint_id = models.UUIDField()
    message_id = models.TextField()
    type = models.TextField()
    body = models.TextField()
    happened_at = models.DateTimeField()
    state = models.TextField(choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.SmallIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    lease = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_because = models.TextField(blank=True)

    class Meta:
        db_table = "outreach_delivery"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "endpoint_id", "message_id"),
                name="a_message_goes_to_an_endpoint_once",
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING) | Q(settled_at__isnull=False),
                name="what_is_settled_says_when",
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "endpoint_id", "due_at"),
                condition=Q(state=DeliveryState.WAITING),
                name="deliveries_that_wait",
            ),
            models.Index(
                fields=("organisation_id", "endpoint_id", "-id"),
                condition=Q(state=DeliveryState.DEAD),
                name="deliveries_given_up",
            ),
            models.Index(
                fields=("organisation_id", "settled_at"),
                condition=Q(state=DeliveryState.DELIVERED),
                name="deliveries_made",
            ),
            models.Index(fields=("organisation_id", "endpoint_id", "-id"), name="deliveries_newest_first"),
        )


class Attempt(models.Model):
    """One try to deliver: when, to which address, and what came back or what went wrong."""

    pk = models.CompositePrimaryKey("organisation_id", "delivery_id", "number")
    organisation_id = models.IntegerField()
    delivery_id = models.UUIDField()
    number = models.IntegerField()
    tried_at = models.DateTimeField()
    took_ms = models.IntegerField()
    address = models.TextField(blank=True)
    status = models.SmallIntegerField(null=True)
    error = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "outreach_attempt"


class Spread(models.Model):
    """How far an organisation's feed has been handed to its webhook endpoints."""

    organisation_id = models.IntegerField(primary_key=True)
    cursor = models.TextField()

    class Meta:
        db_table = "outreach_spread"


class Mailed(models.Model):
    """How far an organisation's news has been looked through for what people are told."""

    organisation_id = models.IntegerField(primary_key=True)
    cursor = models.TextField()

    class Meta:
        db_table = "outreach_mailed"


@gone_with_the_member
class Notice(models.Model):
    """One piece of news in somebody's inbox: a member's, or a colleague's by their sign-in.

    Its words are found when it is read, in the reader's language: `topic` and `facts` are those of the news.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.IntegerField()
    id = models.UUIDField()
    member_id = models.UUIDField(null=True)
    user_id = models.IntegerField(null=True)
    news_id = models.BigIntegerField()
    topic = models.TextField()
    facts = models.JSONField()
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_notice"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "news_id", "member_id", "user_id"),
                nulls_distinct=False,
                name="a_piece_of_news_is_in_an_inbox_once",
            ),
            models.CheckConstraint(
                condition=Q(member_id__isnull=True, user_id__isnull=False)
                | Q(member_id__isnull=False, user_id__isnull=True),
                name="a_notice_is_one_persons",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "member_id", "-id"), name="notices_of_a_member"),
            models.Index(fields=("organisation_id", "user_id", "-id"), name="notices_of_a_colleague"),
            # Every page counts what its reader has not read.
            models.Index(
                fields=("organisation_id", "member_id"),
                condition=Q(read_at__isnull=True),
                name="unread_of_a_member",
            ),
            models.Index(
                fields=("organisation_id", "user_id"),
                condition=Q(read_at__isnull=True),
                name="unread_of_a_colleague",
            ),
            models.Index(fields=("organisation_id", "told_at"), name="notices_by_age"),
        )


@gone_with_the_member
class ExpiryWarning(models.Model):
    """That a member was warned of points: `days` before the last day on which they can be spent."""

    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    unit = models.TextField()
    last_day = models.DateField()
    days = models.SmallIntegerField()
    warned_at = models.DateTimeField()

    class Meta:
        db_table = "outreach_expiry_warning"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "member_id", "unit", "last_day", "days"),
                name="an_expiry_is_warned_of_once",
            ),
        )


class ExpiryLook(models.Model):
    """Up to which moment it was looked for points to warn of."""

    organisation_id = models.IntegerField(primary_key=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "outreach_expiry_look"


class PushKey(models.Model):
    """The key with which an organisation signs to push services; sealed, and its public half as browsers know it."""

    organisation_id = models.IntegerField(primary_key=True)
    sealed = models.BinaryField()
    public = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "outreach_push_key"


@goes_with_the_sign_in
@gone_with_the_member
class Device(models.Model):
    """A browser in which somebody asked to be told: where its push service takes messages, and for which keys.

    It is a member's, a colleague's by their sign-in (`user_id`), or that of somebody who is both. `digest` is of the address, by which the same browser is known again. `paused_until` is when its push service wants
    to be asked again.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.IntegerField()
    id = models.UUIDField()
    member_id = models.UUIDField(null=True)
    user_id = models.IntegerField(null=True)
    name = models.TextField()
    url = models.TextField()
    digest = models.BinaryField()
    public = models.TextField()
    sealed_secret = models.BinaryField()
    added_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_device"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "digest"), name="a_device_is_kept_once"),
            models.CheckConstraint(
                condition=Q(member_id__isnull=False) | Q(user_id__isnull=False), name="a_device_is_somebodys"
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "member_id", "id"), name="devices_of_a_member"),
            models.Index(fields=("organisation_id", "user_id", "id"), name="devices_of_a_colleague"),
        )


@goes_with_the_sign_in
@gone_with_the_member
class Push(models.Model):
    """The newest of one kind that a device is still to be told; what comes after replaces it.

    `lease` counts how often it was taken up or replaced, and is the fencing token, as a delivery's is.
    """

    pk = models.CompositePrimaryKey("organisation_id", "device_id", "about")
    organisation_id = models.IntegerField()
    device_id = models.UUIDField()
    about = models.TextField()
    member_id = models.UUIDField(null=True)
    topic = models.TextField()
    facts = models.JSONField()
    told_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_push"
        indexes = (models.Index(fields=("organisation_id", "due_at"), name="pushes_that_wait"),)
