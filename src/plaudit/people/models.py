"""Tables of who: organisations, the people who sign in, members, their external ids, teams and keys."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from plaudit.foundation.ids import new_id


class OrganisationKind(models.TextChoices):
    LIVE = "live"
    SANDBOX = "sandbox"


class Organisation(models.Model):
    """One customer of an installation; its rows are invisible to every other."""

    id = models.AutoField(primary_key=True)
    slug = models.SlugField(unique=True)
    name = models.TextField()
    kind = models.TextField(choices=OrganisationKind, default=OrganisationKind.LIVE)
    time_zone = models.TextField(default="UTC")
    clock_shift = models.DurationField(default=timedelta(0))
    created_at = models.DateTimeField()

    class Meta:
        db_table = "people_organisation"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="sandbox") | Q(clock_shift=timedelta(0)), name="only_a_sandbox_moves_its_clock"
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
    """A person who signs in. What they may do is their roles, organisation by organisation."""

    id = models.AutoField(primary_key=True)
    email = models.EmailField(unique=True)
    name = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        db_table = "people_user"


class RoleName(models.TextChoices):
    MEMBER = "member"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    DESK = "desk"
    FINANCE = "finance"
    AUDITOR = "auditor"
    DEVELOPER = "developer"
    OPERATOR = "operator"


class Role(models.Model):
    """What one person may do in one organisation."""

    organisation_id = models.IntegerField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.TextField(choices=RoleName)

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
    attributes = models.JSONField(default=dict)
    state = models.TextField(choices=MemberState, default=MemberState.ACTIVE)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "people_member"
        indexes = (models.Index(fields=("organisation_id", "name", "id"), name="members_by_name"),)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "user"), condition=Q(user__isnull=False), name="one_member_a_user"
            ),
        )


class Identity(models.Model):
    """A name by which another system knows a member: (source, external id) means one member."""

    organisation_id = models.IntegerField()
    source = models.TextField()
    external_id = models.TextField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="identities")

    class Meta:
        db_table = "people_identity"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "source", "external_id"),
                include=("member",),
                name="an_external_id_means_one_member",
            ),
        )


class Merge(models.Model):
    """Two members found to be one: what moved, so that it can be undone exactly."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation_id = models.IntegerField()
    survivor = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="absorptions")
    identities = models.JSONField(default=list)
    merged_at = models.DateTimeField()
    merged_by = models.TextField()
    reason = models.TextField()
    unmerged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_merge"
        constraints = (
            models.UniqueConstraint(
                fields=("absorbed",), condition=Q(unmerged_at__isnull=True), name="a_member_is_absorbed_once"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("absorbed")), name="nobody_merges_with_themselves"),
        )


class Team(models.Model):
    """A set of members that can share a goal, a limit or a supervisor."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    key = models.SlugField()
    name = models.TextField()

    class Meta:
        db_table = "people_team"
        constraints = (models.UniqueConstraint(fields=("organisation_id", "key"), name="a_team_key_is_unique"),)


class TeamStay(models.Model):
    """A member's time in a team, half-open: from `began_at` up to, not including, `ended_at`."""

    organisation_id = models.IntegerField()
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="stays")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="team_stays")
    leads = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_team_stay"
        constraints = (
            models.UniqueConstraint(
                fields=("team", "member"), condition=Q(ended_at__isnull=True), name="one_open_stay_a_team"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("began_at")), name="a_stay_ends_after_it_begins"
            ),
        )


class ApiKey(models.Model):
    """A key for a program: shown once, kept as a hash, limited to its scopes."""

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

    class Meta:
        db_table = "people_api_key"


class SignInLink(models.Model):
    """A one-time link that signs a person in to one organisation; kept as a hash, used once."""

    organisation_id = models.IntegerField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    secret_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_sign_in_link"
