"""Tables of memberships: what they are sold by, who has one, its steps, and the books of its fees."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plaudit.foundation.ids import new_id


class Scheme(models.Model):
    """One published version of how a programme sells memberships; `sold` is false where it no longer does."""

    organisation_id = models.IntegerField()
    programme = models.SlugField()
    number = models.IntegerField()
    definition = models.JSONField()
    sold = models.BooleanField(default=True)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "membership_scheme"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "number"), name="a_scheme_is_published_once"
            ),
        )


class State(models.TextChoices):
    """PENDING until paid for, ACTIVE, GRACE when its term has ended, LAPSED after that; CANCELLED for good."""

    PENDING = "pending"
    ACTIVE = "active"
    GRACE = "grace"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class Membership(models.Model):
    """A member's membership in one programme, with how it stands after its steps.

    `enrolled_id` is the member who joined, `member_id` whoever that is now. `role` is the title given on
    joining, `why_level` the sentence that says why the level is what it is. `ends_on` is the first day not
    paid for, `noticed_on` that for which the end was announced, `due_at` when time next changes something.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    member_id = models.UUIDField()
    enrolled_id = models.UUIDField()
    role = models.TextField(blank=True)
    profession = models.TextField(blank=True)
    level = models.TextField()
    why_level = models.TextField(blank=True)
    state = models.TextField(choices=State, default=State.PENDING)
    joined_at = models.DateTimeField()
    ends_on = models.DateField(null=True)
    noticed_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "membership_membership"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "member_id"),
                condition=~Q(state="cancelled"),
                name="one_membership_a_programme",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "member_id"), name="memberships_of_a_member"),
            models.Index(
                fields=("organisation_id", "due_at", "id"),
                condition=Q(due_at__isnull=False),
                name="memberships_by_due_moment",
            ),
        )


class StepState(models.TextChoices):
    """OPEN until its invoice is settled, then STANDING; WITHDRAWN where it was undone."""

    OPEN = "open"
    STANDING = "standing"
    WITHDRAWN = "withdrawn"


class Step(models.Model):
    """One thing that made a membership what it is: joined, renewed, reinstated, upgraded, or a level decided.

    `fee` is what its level costs for the whole term, in minor units, at the prices of `priced_on`: what an
    upgrade reckons with. The days from `starts_on` up to, not including, `ends_on` are set once paid for.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="steps")
    number = models.IntegerField()
    kind = models.TextField()
    state = models.TextField(choices=StepState, default=StepState.OPEN)
    term = models.TextField()
    years = models.IntegerField()
    level = models.TextField()
    priced_on = models.DateField()
    fee = models.BigIntegerField()
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "membership_step"
        constraints = (models.UniqueConstraint(fields=("membership", "number"), name="a_step_is_taken_once"),)


class Invoice(models.Model):
    """What is asked for one step, and why, line by line. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    number = models.IntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="invoices")
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="invoice")
    amount = models.BigIntegerField()
    currency = models.TextField()
    lines = models.JSONField()
    key = models.TextField()
    actor = models.TextField()
    raised_at = models.DateTimeField()

    class Meta:
        db_table = "membership_invoice"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "number"), name="one_number_one_invoice"),
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_invoice"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="an_invoice_asks"),
        )


class EntryKind(models.TextChoices):
    """PAYMENT came, REFUND went back, WRITE_OFF is given up, CREDIT is no longer asked for."""

    PAYMENT = "payment"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    CREDIT = "credit"


class Entry(models.Model):
    """One line in the book of an invoice, in minor units, above zero. Only ever added to.

    A refund names the payment it gives back. `reference` is the payment provider's, never a card's.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="entries")
    kind = models.TextField(choices=EntryKind)
    amount = models.BigIntegerField()
    provider = models.TextField(blank=True)
    method = models.TextField(blank=True)
    reference = models.TextField(blank=True)
    refunds = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="refunded_by")
    key = models.TextField()
    actor = models.TextField()
    reason = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "membership_entry"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_entry"),
            models.UniqueConstraint(
                fields=("organisation_id", "provider", "reference"),
                condition=Q(kind="payment") & ~Q(reference=""),
                name="one_reference_one_payment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_entry_is_of_something"),
            models.CheckConstraint(
                condition=Q(kind="refund", refunds__isnull=False)
                | ~Q(kind="refund") & Q(refunds__isnull=True),
                name="a_refund_is_of_a_payment",
            ),
        )


class StrayPayment(models.Model):
    """Money a provider reported that belongs to no open invoice: kept until somebody looks. Only ever added to."""

    organisation_id = models.IntegerField()
    provider = models.TextField()
    reference = models.TextField()
    invoice_number = models.TextField()
    amount = models.BigIntegerField()
    currency = models.TextField()
    why = models.TextField()
    happened_at = models.DateTimeField()
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "membership_stray_payment"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "provider", "reference"), name="a_stray_payment_is_kept_once"
            ),
        )


class EntitlementUse(models.Model):
    """That a membership's entitlement was used for an occasion, once. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="uses")
    entitlement = models.TextField()
    occasion = models.TextField()
    fee = models.BigIntegerField()
    discount = models.BigIntegerField()
    currency = models.TextField()
    key = models.TextField()
    actor = models.TextField()
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "membership_entitlement_use"
        constraints = (
            models.UniqueConstraint(
                fields=("membership", "entitlement", "occasion"), name="an_entitlement_is_used_once"
            ),
            models.UniqueConstraint(fields=("organisation_id", "key"), name="one_key_one_entitlement_use"),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=models.F("fee")),
                name="a_discount_is_part_of_the_fee",
            ),
        )
