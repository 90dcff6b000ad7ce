"""Tables of how points go: rewards on offer, codes waiting to be given out, and redemptions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plaudit.foundation.ids import new_id


class Reward(models.Model):
    """Something points buy. Its key is its identity; the rest is as the live programme file says.

    `taken` counts redemptions that stand, against `stock`; neither is ever passed. `ladder` lists its steps,
    lowest first, as [price, value, percent, approval]. A `plain` one asks and gives nothing but points.
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
    fulfilment = models.TextField(default="hand")
    plain = models.BooleanField(default=True)
    ladder = models.JSONField(default=list)
    percent = models.IntegerField(null=True)
    money_minor = models.BigIntegerField(default=0)
    eligible = models.TextField(blank=True)
    member_fields = models.JSONField(default=dict)
    approval = models.BooleanField(default=False)
    hold_days = models.IntegerField(null=True)
    needs_address = models.BooleanField(default=False)
    supplier = models.TextField(blank=True)
    product = models.TextField(blank=True)
    cost_minor = models.BigIntegerField(null=True)
    charity = models.TextField(blank=True)
    image = models.TextField(blank=True)
    terms = models.TextField(blank=True)
    tax = models.TextField(blank=True)

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


class Stage(models.TextChoices):
    """Where an arrangement is on its way, and so who acts next.

    APPROVAL: a second person. PAYMENT: the member pays. SEND: the programme. ORDER: the supplier. SENT,
    DELIVERED and RETURNED tell of a parcel. DONE and OVER: nobody.
    """

    APPROVAL = "approval"
    PAYMENT = "payment"
    SEND = "send"
    ORDER = "order"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"
    DONE = "done"
    OVER = "over"


class Remittance(models.Model):
    """Money passed on to one charity for the donations that name it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    charity = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    donations = models.IntegerField()
    reference = models.TextField()
    remitted_at = models.DateTimeField()
    actor = models.TextField()

    class Meta:
        db_table = "rewards_remittance"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "charity", "reference"), name="one_reference_one_remittance"
            ),
        )


class Arrangement(models.Model):
    """What one redemption asks and gives besides points: its step, money, a second person, an address, a parcel.

    `address` is sealed. `lapses_at` is when it is given back unless it was fulfilled before.
    """

    redemption = models.OneToOneField(
        Redemption, primary_key=True, on_delete=models.PROTECT, related_name="arrangement"
    )
    organisation_id = models.IntegerField()
    stage = models.TextField(choices=Stage)
    value_minor = models.BigIntegerField(null=True)
    percent = models.IntegerField(null=True)
    currency = models.TextField(blank=True)
    money_minor = models.BigIntegerField(default=0)
    payment = models.TextField(blank=True)
    paid_at = models.DateTimeField(null=True)
    money_back = models.TextField(blank=True)
    approver = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)
    address = models.BinaryField(null=True)
    carrier = models.TextField(blank=True)
    tracking = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)
    charity = models.TextField(blank=True)
    remittance = models.ForeignKey(
        Remittance, null=True, on_delete=models.PROTECT, related_name="arrangements"
    )

    class Meta:
        db_table = "rewards_arrangement"
        constraints = (
            models.CheckConstraint(
                condition=~Q(stage__in=("order", "send", "sent", "delivered", "returned", "done"))
                | Q(money_minor=0)
                | Q(paid_at__isnull=False),
                name="nothing_goes_out_unpaid",
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "lapses_at"),
                condition=Q(lapses_at__isnull=False),
                name="arrangements_that_lapse",
            ),
            models.Index(
                fields=("organisation_id", "charity"),
                condition=~Q(charity="") & Q(remittance__isnull=True),
                name="donations_to_pass_on",
            ),
        )

    @property
    def owes_money(self) -> bool:
        """Whether what was paid is to be returned, and was not yet."""
        return self.stage == Stage.OVER and self.paid_at is not None and not self.money_back

    @property
    def money(self) -> dict[str, object]:
        """The money beside the points, as news tell it."""
        return {"amount_minor": self.money_minor, "currency": self.currency}


class Refund(models.Model):
    """Points given back of a redemption that was fulfilled, by one reversal of what it captured."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, related_name="refunds")
    points = models.BigIntegerField()
    transfer = models.TextField()
    key = models.TextField()
    reason = models.TextField()
    actor = models.TextField()
    refunded_at = models.DateTimeField()

    class Meta:
        db_table = "rewards_refund"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_refund"),
            models.CheckConstraint(condition=Q(points__gt=0), name="a_refund_gives_something_back"),
        )


class Code(models.Model):
    """A code that a reward gives out, kept encrypted; given to one redemption, once.

    `worth` tells the codes of a ladder's steps apart: the step's value in minor units, or its percent; 0
    where there is no ladder.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="codes")
    worth = models.BigIntegerField(default=0)
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
                fields=("organisation_id", "reward", "worth", "id"),
                condition=Q(redemption__isnull=True),
                name="codes_to_give",
            ),
        )


class Supplier(models.Model):
    """Somebody rewards are ordered from. Without an address a person orders; `token` is sealed."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    key = models.SlugField()
    name = models.TextField()
    url = models.TextField(blank=True)
    token = models.BinaryField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "rewards_supplier"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="a_supplier_key_is_unique"),
        )


class OrderState(models.TextChoices):
    """NEW: the supplier has none of it. ASKED: it may have, and is asked before anything else is sent.

    DONE: it delivered what was promised. VOIDING: it delivered something else, which is being taken back.
    DROPPED: nothing came of it, and the member has their points again. STUCK: a person must look.
    """

    NEW = "new"
    ASKED = "asked"
    DONE = "done"
    VOIDING = "voiding"
    DROPPED = "dropped"
    STUCK = "stuck"


class Order(models.Model):
    """What is ordered of a supplier for one redemption. Its id is the key under which it is ordered once.

    `face_minor` is what the member was promised, in minor units of `currency`. Whoever takes an order up
    holds a lease on it; what a frozen one would note later is refused.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    redemption = models.OneToOneField(Redemption, on_delete=models.PROTECT, related_name="order")
    supplier = models.SlugField()
    product = models.TextField(blank=True)
    face_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField(null=True)
    currency = models.TextField(blank=True)
    needs_code = models.BooleanField(default=False)
    state = models.TextField(choices=OrderState, default=OrderState.NEW)
    tries = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    lease = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    reference = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    tried_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rewards_order"
        indexes = (
            models.Index(
                fields=("organisation_id", "supplier", "due_at"),
                condition=Q(state__in=("new", "asked", "voiding")),
                name="orders_due",
            ),
        )
