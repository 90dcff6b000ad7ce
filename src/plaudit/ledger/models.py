"""Tables of what activity was worth: units, wallets, transfers, burns, holds and seals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from plaudit.ledger.places import Kind, Place


class Unit(models.Model):
    """What is counted, such as points. Amounts are integers in its smallest part.

    `precision` is the number of decimals shown. `value_minor_per_million` is what a million smallest
    parts cost the programme, in minor units of `currency`: an integer, so no money is ever a float.
    `expiry` is the policy as data: {} never; {"after": "P24M", "round_to": "month"}; {"end_of": "year"};
    {"on": "2027-01-31"}; {"inactive": "P12M"} (see `expiry.expires_at`). A manual adjustment of `approval_from` or more needs a
    second person; none does where it is null. `approval_since` is when that figure was set: what was
    adjusted before followed another.

    Where a correction wants points that are spent already, the member owes them (`may_owe`); or they are
    taken back all the same and the shortfall is written off in a line of its own (`writes_off`); or, with
    neither, only what is there is taken back.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    key = models.SlugField()
    names = models.JSONField(default=dict)
    precision = models.SmallIntegerField(default=0)
    currency = models.TextField(blank=True)
    value_minor_per_million = models.BigIntegerField(default=0)
    expiry = models.JSONField(default=dict)
    may_owe = models.BooleanField(default=False)
    writes_off = models.BooleanField(default=False)
    approval_from = models.BigIntegerField(null=True, default=1000)
    approval_since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ledger_unit"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="a_unit_key_is_unique"),
            models.CheckConstraint(
                condition=~Q(may_owe=True, writes_off=True), name="what_is_owed_is_not_written_off"
            ),
        )


class Wallet(models.Model):
    """One member's holding of one unit: a projection of the transfers, guarded and provably equal.

    `counts` is what the floors above count with this wallet, as JSON, guarded by the same lock: the ledger
    keeps it and does not read it. A row of its own would cost as much again as the balance.

    Two bounds spare reading the whole history. No lot before line `open_from` holds points any more;
    nothing in the wallet expires or becomes spendable before `due_at` (null: nothing ever does). Both
    may lag behind the truth, never run ahead of it.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    id = models.BigIntegerField(
        db_default=models.Func(function="plaudit_next_wallet", output_field=models.BigIntegerField())
    )
    member_id = models.UUIDField()
    available = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    organisation_id = models.IntegerField()
    unit_id = models.IntegerField()
    lines = models.IntegerField(default=0)
    open_from = models.IntegerField(default=1)
    may_owe = models.BooleanField(default=False)
    counts = models.TextField(db_default="")

    class Meta:
        db_table = "ledger_wallet"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "member_id", "unit_id"), name="one_wallet_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(may_owe=True) | Q(available__gte=0), name="wallet_never_overdrawn"
            ),
            models.CheckConstraint(condition=Q(pending__gte=0), name="wallet_pending_never_negative"),
            models.CheckConstraint(condition=Q(held__gte=0), name="wallet_held_never_negative"),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "due_at", "id"),
                condition=Q(due_at__isnull=False),
                name="wallets_by_due_moment",
            ),
        )


class Transfer(models.Model):
    """Points moved from one place to another: one row, two legs, for ever.

    `line` counts a wallet's transfers without gaps and `available_after` is its spendable balance
    then: a statement reads itself. A transfer into AVAILABLE is a lot, with its own expiry; one into
    PENDING says when it becomes spendable. `reverses_line` is the line that this one takes back
    (REVERSAL), settles (CAPTURE, RELEASE) or makes spendable (ACTIVATION), in the same wallet.
    """

    pk = models.CompositePrimaryKey("organisation_id", "wallet_id", "line")
    wallet_id = models.BigIntegerField()
    event_id = models.UUIDField(null=True)
    amount = models.BigIntegerField()
    available_after = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    spendable_at = models.DateTimeField(null=True)
    organisation_id = models.IntegerField()
    line = models.IntegerField()
    rule_id = models.IntegerField(null=True)
    reverses_line = models.IntegerField(null=True)
    source = models.SmallIntegerField(choices=Place)
    target = models.SmallIntegerField(choices=Place)
    kind = models.SmallIntegerField(choices=Kind)
    key = models.TextField(null=True)
    actor = models.TextField(null=True)
    approver = models.TextField(null=True)
    reason = models.TextField(null=True)

    class Meta:
        db_table = "ledger_transfer"
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_transfer_moves_something"),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")), name="a_transfer_goes_somewhere_else"
            ),
            models.CheckConstraint(
                condition=Q(source__lte=3) | Q(target__lte=3), name="a_transfer_touches_its_wallet"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.HOLD) | Q(available_after__gte=0), name="a_hold_never_overdraws"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=(Kind.REVERSAL, Kind.RELEASE, Kind.CAPTURE, Kind.ACTIVATION))
                | Q(reverses_line__isnull=False),
                name="what_undoes_or_settles_says_what",
            ),
            models.UniqueConstraint(
                fields=("organisation_id", "key"), condition=Q(key__isnull=False), name="one_key_one_transfer"
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "event_id"),
                condition=Q(event_id__isnull=False),
                name="transfers_of_an_event",
            ),
            models.Index(
                fields=("organisation_id", "wallet_id", "reverses_line"),
                condition=Q(reverses_line__isnull=False),
                name="reversals_of_a_transfer",
            ),
            # Finds what is new without reading what is old, nor what is others': for the book's newest page,
            # seals and verification. A posting of a thousand adds to one leaf of it.
            models.Index(fields=("organisation_id", "recorded_at"), name="transfers_by_time_recorded"),
        )


class Burn(models.Model):
    """How much of which lot the debit `line` consumed; negative where the credit `line` gave it back.

    A lot's remaining amount is its transfer's amount less the sum of its burns. What a debit took and no
    lot covered is owed; the lot that pays it later burns for that same debit. A credit that gives lots
    back burns its own points for as much, so that they are not there twice.
    """

    pk = models.CompositePrimaryKey("organisation_id", "wallet_id", "lot_line", "line")
    wallet_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    organisation_id = models.IntegerField()
    lot_line = models.IntegerField()
    line = models.IntegerField()

    class Meta:
        db_table = "ledger_burn"
        constraints = (models.CheckConstraint(condition=~Q(amount=0), name="a_burn_takes_or_gives_back"),)
        indexes = (models.Index(fields=("organisation_id", "wallet_id", "line"), name="burns_of_a_debit"),)


class HoldState(models.TextChoices):
    OPEN = "open"
    CAPTURED = "captured"
    RELEASED = "released"
    EXPIRED = "expired"


class Hold(models.Model):
    """Spendable points set aside for a redemption in progress, until captured, released or expired.

    Named by the transfer that set them aside. `state` follows the transfers that settle it.
    """

    pk = models.CompositePrimaryKey("organisation_id", "wallet_id", "line")
    wallet_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True)
    organisation_id = models.IntegerField()
    line = models.IntegerField()
    state = models.TextField(choices=HoldState, default=HoldState.OPEN)

    class Meta:
        db_table = "ledger_hold"
        indexes = (
            models.Index(
                fields=("organisation_id", "expires_at"), condition=Q(state="open"), name="holds_by_expiry"
            ),
        )


class Seal(models.Model):
    """A period closed for ever: how many transfers, their sums, and a digest chained to the one before.

    A copy kept outside the database (an anchor) makes any later change to the period visible. `months` says
    what the period adds to each month (see `months.py`), as months were in `time_zone`.
    """

    pk = models.CompositePrimaryKey("organisation_id", "number")
    organisation_id = models.IntegerField()
    number = models.IntegerField()
    sealed_from = models.DateTimeField(null=True)
    sealed_until = models.DateTimeField()
    transfers = models.BigIntegerField()
    sums = models.JSONField()
    months = models.JSONField()
    time_zone = models.TextField()
    previous_digest = models.BinaryField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()
    sealed_by = models.TextField()

    class Meta:
        db_table = "ledger_seal"
