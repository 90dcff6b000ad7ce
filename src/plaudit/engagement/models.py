"""Tables of how far everybody is: what a programme asks, what counted for it, and what was reached."""

from __future__ import annotations

from django.db import models

from plaudit.foundation.ids import new_id
from plaudit.people.forgetting import gone_with_the_member, noted_when_merged


class Part(models.Model):
    """The identity of a challenge, streak or competition across the versions of its programme."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    kind = models.TextField()
    key = models.TextField()

    class Meta:
        db_table = "engagement_part"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "kind", "key"), name="a_part_is_named_once"
            ),
        )


class Published(models.Model):
    """What one programme asks from `since` on; null from when it asks nothing any more. Never changed.

    An event counts by what was asked at the moment it was recorded.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    since = models.DateTimeField()
    definition = models.JSONField(null=True)

    class Meta:
        db_table = "engagement_published"


class Contribution(models.Model):
    """What one event counts for one part, in hundredths: in full, and what its corrections leave of it."""

    pk = models.CompositePrimaryKey("organisation_id", "event_id", "part_id")
    organisation_id = models.IntegerField()
    event_id = models.UUIDField()
    part_id = models.IntegerField()
    member_id = models.UUIDField()
    period = models.TextField()
    happened_at = models.DateTimeField()
    full = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "engagement_contribution"
        indexes = (
            models.Index(
                fields=("organisation_id", "part_id", "member_id", "period"), name="contributions_of_a_member"
            ),
        )


class Progress(models.Model):
    """The sum of a member's contributions to one part in one period, and when the last of them happened.

    `ranked` in competitions, where it has its place in an index.
    """

    pk = models.CompositePrimaryKey("organisation_id", "part_id", "period", "member_id")
    organisation_id = models.IntegerField()
    part_id = models.IntegerField()
    period = models.TextField()
    member_id = models.UUIDField()
    amount = models.BigIntegerField()
    last_at = models.DateTimeField(null=True)
    ranked = models.BooleanField(default=False)

    class Meta:
        db_table = "engagement_progress"
        indexes = (
            models.Index(
                models.F("organisation_id"),
                models.F("part_id"),
                models.F("period"),
                models.F("amount").desc(),
                models.F("last_at"),
                models.F("member_id"),
                condition=models.Q(ranked=True),
                name="who_is_ahead",
            ),
            models.Index(fields=("organisation_id", "member_id", "part_id"), name="progress_of_a_member"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="progress_is_never_negative"),
        )


class Reached(models.Model):
    """A step that a member reached: whether it stands, how many times it was reached, and when last.

    It is withdrawn where corrections take it back, and reached once more where progress comes again.
    """

    pk = models.CompositePrimaryKey("organisation_id", "part_id", "period", "member_id", "step")
    organisation_id = models.IntegerField()
    part_id = models.IntegerField()
    period = models.TextField()
    member_id = models.UUIDField()
    step = models.BigIntegerField()
    stands = models.BooleanField()
    times = models.IntegerField()
    reached_at = models.DateTimeField()
    badge = models.TextField(blank=True)

    class Meta:
        db_table = "engagement_reached"
        indexes = (models.Index(fields=("organisation_id", "member_id"), name="what_a_member_reached"),)


class Tally(models.Model):
    """How many members of a competition have an amount in one drawer (see `rules.ranking`)."""

    pk = models.CompositePrimaryKey("organisation_id", "part_id", "period", "level", "drawer")
    organisation_id = models.IntegerField()
    part_id = models.IntegerField()
    period = models.TextField()
    level = models.SmallIntegerField()
    drawer = models.BigIntegerField()
    members = models.IntegerField()

    class Meta:
        db_table = "engagement_tally"
        constraints = (
            models.CheckConstraint(condition=models.Q(members__gte=0), name="a_tally_is_never_negative"),
        )


class Round(models.Model):
    """One period of a competition. From `decided_at` on its results stand, whatever is corrected later.

    `ends_at` is when it can be decided, null where it has no end.
    """

    pk = models.CompositePrimaryKey("organisation_id", "part_id", "period")
    organisation_id = models.IntegerField()
    part_id = models.IntegerField()
    period = models.TextField()
    ends_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "engagement_round"
        indexes = (
            models.Index(
                fields=("organisation_id", "ends_at"),
                condition=models.Q(decided_at__isnull=True),
                name="rounds_to_decide",
            ),
        )


@noted_when_merged
class Joining(models.Model):
    """A member who was absorbed or separated, and whose progress has not followed yet."""

    pk = models.CompositePrimaryKey("organisation_id", "member_id")
    organisation_id = models.IntegerField()
    member_id = models.UUIDField()

    class Meta:
        db_table = "engagement_joining"


class Birthday(models.Model):
    """That a member was given something for their birthday of one calendar year; never on which day."""

    pk = models.CompositePrimaryKey("organisation_id", "programme", "member_id", "year")
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    member_id = models.UUIDField()
    year = models.IntegerField()

    class Meta:
        db_table = "engagement_birthday"


@gone_with_the_member
class ReferralCode(models.Model):
    """The code by which a member refers friends to a programme, theirs for ever."""

    pk = models.CompositePrimaryKey("organisation_id", "programme", "member_id")
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    member_id = models.UUIDField()
    code = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "engagement_referral_code"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "code"), name="a_code_refers_from_one_member"),
        )


class Referral(models.Model):
    """A friend who joined with somebody's code. What they do from `redeemed_at` up to `until` can qualify.

    Whether it did stands with what was reached.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    referrer_id = models.UUIDField()
    friend_id = models.UUIDField()
    redeemed_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "engagement_referral"
        indexes = (
            models.Index(
                fields=("organisation_id", "referrer_id", "redeemed_at"), name="referrals_of_a_member"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "friend_id", "programme"), name="a_friend_is_referred_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(referrer_id=models.F("friend_id")), name="nobody_refers_themselves"
            ),
        )


@gone_with_the_member
class ReferralMark(models.Model):
    """A keyed digest of an e-mail address, phone number or device of somebody who took part in referrals.

    It tells that two members are one person, or sit at one device, and nothing else. Gone when they are erased.
    """

    pk = models.CompositePrimaryKey("organisation_id", "kind", "digest", "member_id")
    organisation_id = models.IntegerField()
    kind = models.TextField()
    digest = models.TextField()
    member_id = models.UUIDField()

    class Meta:
        db_table = "engagement_referral_mark"
        indexes = (models.Index(fields=("organisation_id", "member_id"), name="referral_marks_of_a_member"),)


class Result(models.Model):
    """The place somebody had when a round was decided, and what they had then. Never changed."""

    pk = models.CompositePrimaryKey("organisation_id", "part_id", "period", "member_id")
    organisation_id = models.IntegerField()
    part_id = models.IntegerField()
    period = models.TextField()
    member_id = models.UUIDField()
    place = models.IntegerField()
    amount = models.BigIntegerField()
    last_at = models.DateTimeField()
    badge = models.TextField(blank=True)

    class Meta:
        db_table = "engagement_result"
        indexes = (models.Index(fields=("organisation_id", "member_id"), name="results_of_a_member"),)
