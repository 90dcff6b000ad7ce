"""Tables of who: organisations, the people who sign in, members, their external ids, teams and keys."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.exact import ExactDecoder, ExactEncoder
from plaudit.foundation.ids import new_id
from plaudit.people import chosen, clock_moves, providers, provisioned, saved_views, translations  # noqa: F401  # Django looks for tables here
from plaudit.people.birthdays import MEMBERS_BY_BIRTHDAY
from plaudit.people.named import MEMBERS_BY_EMAIL, STAFF_BY_NAME


def new_organisation_code() -> str:
    """Ten letters that name an organisation in keys and links without telling how many there are."""
    return "".join(secrets.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(10))


class OrganisationKind(models.TextChoices):
    LIVE = "live"
    SANDBOX = "sandbox"


class Organisation(models.Model):
    """One customer of an installation; its rows are invisible to every other.

    `language` is for people who chose none; empty, their browsers say. `translations` is the digest of what its
    programmes say further, empty while they never did. `clock_target` stands while its clock is moved or could not be.
    """

    id = models.AutoField(primary_key=True)
    code = models.TextField(unique=True, default=new_organisation_code)
    slug = models.SlugField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=OrganisationKind, default=OrganisationKind.LIVE)
    time_zone = models.TextField(default="UTC")
    language = models.TextField(blank=True)
    translations = models.TextField(blank=True)
    clock_shift = models.DurationField(default=timedelta(0))
    clock_target = models.DateTimeField(null=True)
    copied_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="sandboxes")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "people_organisation"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="sandbox") | Q(clock_shift=timedelta(0), clock_target__isnull=True),
                name="only_a_sandbox_moves_its_clock",
            ),
            models.CheckConstraint(
                condition=Q(clock_shift__gte=timedelta(0)), name="a_sandbox_clock_only_goes_forward"
            ),
            models.CheckConstraint(
                condition=Q(kind="sandbox") | Q(copied_from__isnull=True), name="only_a_sandbox_is_a_copy"
            ),
        )


class UserManager(BaseUserManager["User"]):
    """Makes people who sign in; an e-mail address is their name."""

    def create_user(self, email: str, name: str = "") -> User:
        user = User(email=email.strip().lower(), name=name)
        user.set_unusable_password()
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in, with the language they chose, if any. What they may do is their roles, by organisation."""

    id = models.AutoField(primary_key=True)
    email = models.EmailField(unique=True)
    name = models.TextField(blank=True)
    language = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        db_table = "people_user"


class Role(models.Model):
    """What one person may do in one organisation."""

    organisation_id = models.IntegerField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    name = models.TextField(choices=[(role.value, role.title()) for role in RoleName])
    granted_at = models.DateTimeField()
    granted_by = models.TextField()

    class Meta:
        db_table = "people_role"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "user", "name"), name="a_role_is_held_once"),
        )


class MemberKind(models.TextChoices):
    CUSTOMER = "customer"
    STAFF = "staff"
    PARTNER = "partner"


class MemberState(models.TextChoices):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    MERGED = "merged"
    ERASED = "erased"


class Member(models.Model):
    """Anyone with an account in a programme: customer, staff or partner."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    kind = models.TextField(choices=MemberKind, default=MemberKind.CUSTOMER)
    name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    attributes = models.JSONField(default=dict, encoder=ExactEncoder, decoder=ExactDecoder)
    state = models.TextField(choices=MemberState, default=MemberState.ACTIVE)
    user = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="members", db_index=False
    )
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "people_member"
        indexes = (
            models.Index(fields=("organisation_id", "name", "id"), name="members_by_name"),
            models.Index(fields=("organisation_id", "id"), name="members_in_order"),
            MEMBERS_BY_EMAIL,
            STAFF_BY_NAME,
            MEMBERS_BY_BIRTHDAY,
        )
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "user"), condition=Q(user__isnull=False), name="one_member_a_user"
            ),
            models.CheckConstraint(
                condition=~Q(state="erased") | Q(name="", email="", attributes={}, user__isnull=True),
                name="an_erased_member_is_nobody",
            ),
        )


class Identity(models.Model):
    """A name by which another system knows a member: (source, external id) means one member."""

    organisation_id = models.IntegerField()
    source = models.TextField()
    external_id = models.TextField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="identities", db_index=False)

    class Meta:
        db_table = "people_identity"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "source", "external_id"),
                include=("member",),
                name="an_external_id_means_one_member",
            ),
        )
        indexes = (models.Index(fields=("organisation_id", "member"), name="identities_of_a_member"),)


class Merge(models.Model):
    """Two members found to be one: what moved to the survivor, so that it can be undone exactly."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    survivor = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="absorptions")
    # The identities ([[source, external id], …]), the stays in teams and the sign-in that went to the survivor.
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by = models.TextField()
    reason = models.TextField()
    unmerged_at = models.DateTimeField(null=True)
    unmerged_by = models.TextField(blank=True)

    class Meta:
        db_table = "people_merge"
        constraints = (
            models.UniqueConstraint(
                fields=("absorbed",), condition=Q(unmerged_at__isnull=True), name="a_member_is_absorbed_once"
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("absorbed")), name="nobody_merges_with_themselves"
            ),
        )


class Erasure(models.Model):
    """The tombstone of a person: that a member was erased, when and why, and nothing about who it was.

    A restored backup is brought up to date by erasing again every member named here.
    """

    organisation_id = models.IntegerField()
    member_id = models.UUIDField()
    erased_at = models.DateTimeField()
    erased_by = models.TextField()
    reason = models.TextField()

    class Meta:
        db_table = "people_erasure"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "member_id"), name="a_member_is_erased_once"),
        )


class Team(models.Model):
    """A set of members that can share a goal, a limit or a supervisor."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    key = models.SlugField()
    name = models.TextField()

    class Meta:
        db_table = "people_team"
        constraints = (
            models.UniqueConstraint(fields=("organisation_id", "key"), name="a_team_key_is_unique"),
        )


class TeamStay(models.Model):
    """A member's time in a team, half-open: from `began_at` up to, not including, `ended_at`."""

    organisation_id = models.IntegerField()
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="stays", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="team_stays", db_index=False)
    leads = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_team_stay"
        constraints = (
            ExclusionConstraint(
                name="a_member_is_in_a_team_once_at_a_time",
                expressions=(
                    ("organisation_id", RangeOperators.EQUAL),
                    ("team", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    (
                        Func("began_at", "ended_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("began_at")),
                name="a_stay_ends_after_it_begins",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_id", "member", "began_at"), name="stays_of_a_member"),
            models.Index(fields=("organisation_id", "team", "began_at"), name="stays_in_a_team"),
        )


class Standing(models.Model):
    """What a practice says of a member now: one name and its value, such as tier = "gold".

    Rules read it as `member.tier`. `said_by` names who writes it, and alone may change it.
    """

    organisation_id = models.IntegerField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="standing", db_index=False)
    name = models.TextField()
    value = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    said_by = models.TextField()
    since = models.DateTimeField()

    class Meta:
        db_table = "people_standing"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "member", "name"), name="one_thing_is_said_of_a_member_by_a_name"
            ),
        )
        indexes = (models.Index(fields=("organisation_id", "name", "member"), name="who_stands_so"),)


class ApiKey(models.Model):
    """A key for a program: shown once, kept as a hash, limited to its scopes.

    `replaces` is the key it was rotated from; both are live until the older one expires.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    name = models.TextField()
    prefix = models.TextField()
    secret_hash = models.BinaryField(unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")

    class Meta:
        db_table = "people_api_key"
        indexes = (models.Index(fields=("organisation_id", "-created_at"), name="keys_newest_first"),)


class SignInLink(models.Model):
    """A one-time link that signs a person in to one organisation; kept as a hash, used once."""

    organisation_id = models.IntegerField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    secret_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_sign_in_link"
        indexes = (models.Index(fields=("organisation_id", "user", "-created_at"), name="links_of_a_person"),)


class Session(models.Model):
    """One browser in which somebody is, or was just, signed in. The cookie's key is kept as a hash.

    Found before any organisation is known, it is a person's row: `signed_in_to` is the organisation at work.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key_hash = models.BinaryField(unique=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    signed_in_to = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE)
    data = models.TextField()
    device = models.TextField(blank=True)
    address = models.TextField(blank=True)
    began_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    idle_until = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "people_session"
        indexes = (models.Index(fields=("ends_at",), name="sessions_by_end"),)


class Passkey(models.Model):
    """A key pair on a person's device or in their password manager; only its public half is here (WebAuthn)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    uses = models.BigIntegerField(default=0)
    name = models.TextField()
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_passkey"


class CodeApp(models.Model):
    """An app that shows a new code every half minute. `step` is the last one used: no code is used twice."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="code_app")
    sealed = models.BinaryField()
    step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_code_app"


class RecoveryCode(models.Model):
    """For whoever lost their app: good once, kept as a hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField(unique=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_recovery_code"
