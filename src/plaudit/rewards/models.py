"""Tables of how points go: rewards on offer, codes waiting to be given out, and redemptions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plaudit.foundation.ids import new_id


class Reward(models.Model):
    """Something points buy. Its key is its identity; the rest is as the live programme file says.

    `taken` counts redemptions that stand, against `stock`; neither is ever passed.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    key = models.SlugField()
    name = models.TextField()
    description = models.TextField(blank=True)
    kind = models.TextField()
    unit_id = models.IntegerField()
    price = models.BigIntegerField()
    stock = models.IntegerField(null=True)
    taken = models.IntegerField(default=0)
    per_member = models.IntegerField(null=True)
    every = models.TextField(default="lifetime")
    value_minor = models.BigIntegerField(null=True)
    currency = models.TextField(blank=True)
    cancel_until_fulfilled = models.BooleanField(default=True)
    audience = models.JSONField(default=list)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    offered = models.BooleanField(default=True)

    class Meta:
        db_table = "rewards_reward"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "key"), name="a_reward_key_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(stock__isnull=True) | Q(taken__lte=F("stock")), name="stock_never_passed"
            ),
            models.CheckConstraint(condition=Q(taken__gte=0), name="taken_never_negative"),
            models.CheckConstraint(condition=Q(price__gt=0), name="a_reward_costs_something"),
        )


class RedemptionState(models.TextChoices):
    """ORDERED: points are held, the reward is on its way. FULFILLED: points are spent. CANCELLED: they are back."""

    ORDERED = "ordered"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


class Redemption(models.Model):
    """One member's exchange of points for one reward, at the price it had then."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="redemptions")
    points = models.BigIntegerField()
    state = models.TextField(choices=RedemptionState, default=RedemptionState.ORDERED)
    hold = models.TextField()
    captured = models.TextField(blank=True)
    released = models.TextField(blank=True)
    key = models.TextField()
    actor = models.TextField()
    ordered_at = models.DateTimeField()
    fulfilled_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "rewards_redemption"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_redemption"),
            models.CheckConstraint(
                condition=Q(state="ordered") | ~Q(captured="") | ~Q(released=""),
                name="an_end_has_its_transfer",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "member_id", "-id"), name="redemptions_of_a_member"),
        )


class Code(models.Model):
    """A code that a reward gives out, kept encrypted; given to one redemption, once."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="codes")
    sealed = models.BinaryField()
    digest = models.BinaryField()
    redemption = models.OneToOneField(Redemption, null=True, on_delete=models.PROTECT, related_name="code")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "rewards_code"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "digest"), name="a_code_is_in_one_pool_once"),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "reward", "id"),
                condition=Q(redemption__isnull=True),
                name="codes_to_give",
            ),
        )
