"""Tables of measures, ladders and who stands where on them."""

from __future__ import annotations

from django.db import models

from plaudit.foundation.exact import ExactDecoder, ExactEncoder


class Measure(models.Model):
    """What a programme counts of its members' activity, by its digest: two that count the same share it.

    `is_complete` once everything recorded before it was declared has been counted.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    time_zone = models.TextField()
    digest = models.TextField()
    definition = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    is_complete = models.BooleanField(default=False)

    class Meta:
        db_table = "targeting_measure"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "digest"), name="a_measure_is_counted_once"),
        )


class Counted(models.Model):
    """What one event counts for a member under a measure, after what corrections took back of it."""

    pk = models.CompositePrimaryKey("organisation_id", "measure_id", "event_id", "member_id")
    organisation_id = models.IntegerField()
    measure_id = models.IntegerField()
    event_id = models.UUIDField()
    member_id = models.UUIDField()
    day = models.DateField()
    times = models.SmallIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "targeting_counted"
        constraints = (
            models.CheckConstraint(condition=models.Q(times__in=(0, 1)), name="an_event_counts_once"),
        )
        indexes = (
            models.Index(
                fields=("organisation_id", "measure_id", "member_id", "day"), name="what_counts_for_a_member"
            ),
        )


class Daily(models.Model):
    """What counts for a member under a measure on one day: the sum of `Counted`, kept with it."""

    pk = models.CompositePrimaryKey("organisation_id", "measure_id", "member_id", "day")
    organisation_id = models.IntegerField()
    measure_id = models.IntegerField()
    member_id = models.UUIDField()
    day = models.DateField()
    times = models.IntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "targeting_daily"
        constraints = (
            models.CheckConstraint(condition=models.Q(times__gte=0), name="no_day_counts_less_than_nothing"),
        )


class Ladder(models.Model):
    """A ladder of tiers as it stands in its programme's newest version.

    `look_after` is where a look at everybody stands (members up to this id are done), null where none is
    under way; on a ladder with a level from nothing it stays, for those who join. `merges_seen_at` is when
    the last merge was made or undone that the ladder knows of.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.TextField()
    key = models.TextField()
    time_zone = models.TextField()
    definition = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    measure_id = models.IntegerField()
    is_live = models.BooleanField(default=True)
    look_after = models.UUIDField(null=True)
    merges_seen_at = models.DateTimeField()

    class Meta:
        db_table = "targeting_ladder"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "key"), name="a_ladder_has_one_key"
            ),
        )


class Tier(models.Model):
    """Where one member stands on one ladder; `level` is "" for no level.

    `look_on` is the next day on which time alone can change it: the fall, the warning of it, or an amount
    dated ahead. `warned_of` is the fall that was last warned of.
    """

    pk = models.CompositePrimaryKey("organisation_id", "ladder_id", "member_id")
    organisation_id = models.IntegerField()
    ladder_id = models.IntegerField()
    member_id = models.UUIDField()
    level = models.TextField(blank=True)
    since = models.DateField(null=True)
    keep_until = models.DateField(null=True)
    amount = models.BigIntegerField()
    falls_on = models.DateField(null=True)
    falls_to = models.TextField(blank=True)
    look_on = models.DateField(null=True)
    warned_of = models.DateField(null=True)

    class Meta:
        db_table = "targeting_tier"
        indexes = (
            models.Index(
                fields=("organisation_id", "ladder_id", "look_on"),
                condition=models.Q(look_on__isnull=False),
                name="tiers_to_look_at",
            ),
            models.Index(
                fields=("organisation_id", "ladder_id", "level", "member_id"), name="who_is_on_a_level"
            ),
        )


class Segment(models.Model):
    """A segment as it stands in its programme's newest version.

    `measure_ids` are those of its facts, in their order; `cuts` the figures between the fifths of those that
    rank, by the fact's name, as they were found on `looked_on`. `look_after` is where the look of that day
    stands (members up to this id are done), null once it is at its end.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.TextField()
    key = models.TextField()
    time_zone = models.TextField()
    definition = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    measure_ids = models.JSONField(default=list)
    is_live = models.BooleanField(default=True)
    cuts = models.JSONField(default=dict)
    looked_on = models.DateField(null=True)
    look_after = models.UUIDField(null=True)

    class Meta:
        db_table = "targeting_segment"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "key"), name="a_segment_has_one_key"
            ),
        )


class Belonging(models.Model):
    """One member in one segment, since a moment."""

    pk = models.CompositePrimaryKey("organisation_id", "segment_id", "member_id")
    organisation_id = models.IntegerField()
    segment_id = models.IntegerField()
    member_id = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        db_table = "targeting_belonging"


class Snapshot(models.Model):
    """Who was in a segment at one moment, kept under a name, such as for a campaign."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE)
    name = models.TextField()
    taken_at = models.DateTimeField()
    taken_by = models.TextField()
    members = models.IntegerField()

    class Meta:
        db_table = "targeting_snapshot"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "segment", "name"), name="a_snapshot_is_taken_once"
            ),
        )


class InSnapshot(models.Model):
    """One member of a snapshot."""

    pk = models.CompositePrimaryKey("organisation_id", "snapshot_id", "member_id")
    organisation_id = models.IntegerField()
    snapshot_id = models.IntegerField()
    member_id = models.UUIDField()

    class Meta:
        db_table = "targeting_in_snapshot"


class Offer(models.Model):
    """An offer as it stands in its programme's newest version.

    `key_of_draw` is random and never told: whether a member is in the control group follows from it and from
    who they are, so that nobody can steer it and nobody is drawn twice. `control_percent` of those drawn get
    nothing.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.TextField()
    key = models.TextField()
    definition = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    segment_id = models.IntegerField(null=True)
    measure_id = models.IntegerField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    is_live = models.BooleanField(default=True)
    is_over = models.BooleanField(default=False)
    key_of_draw = models.BinaryField()

    class Meta:
        db_table = "targeting_offer"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "key"), name="an_offer_has_one_key"
            ),
        )


class Drawn(models.Model):
    """One member drawn for one offer: it is made to them, or they are in its control group; for ever."""

    pk = models.CompositePrimaryKey("organisation_id", "offer_id", "member_id")
    organisation_id = models.IntegerField()
    offer_id = models.IntegerField()
    member_id = models.UUIDField()
    is_control = models.BooleanField()
    drawn_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "targeting_drawn"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_control=False) | models.Q(accepted_at__isnull=True),
                name="nobody_accepts_what_was_not_offered",
            ),
        )
