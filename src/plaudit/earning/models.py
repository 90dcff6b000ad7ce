"""Tables of how points come: published rules, the line-up in force, and what limits shared by many have used."""

from __future__ import annotations

from django.db import models


class RuleSet(models.Model):
    """The rules of one version of one programme, immutable once published.

    `definition` is the earning part of the programme file, as data; it is what is compiled.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    number = models.IntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        db_table = "earning_rule_set"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "number"), name="one_rule_set_a_version"
            ),
        )


class Rule(models.Model):
    """One rule of a rule set, so that a transfer can name it by number."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="rules")
    key = models.SlugField()
    name = models.TextField()
    position = models.IntegerField()

    class Meta:
        db_table = "earning_rule"
        constraints = (models.UniqueConstraint(fields=("rule_set", "key"), name="a_rule_key_is_unique"),)


class Lineup(models.Model):
    """Which rule sets are live together. The newest row is in force; an event names the one it met."""

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    rule_sets = models.JSONField(default=list)
    since = models.DateTimeField()

    class Meta:
        db_table = "earning_lineup"
        indexes = (models.Index(fields=("organisation_id", "-id"), name="newest_lineup"),)


class Limit(models.Model):
    """A limit's identity, kept across versions of the programme so that what is used stays used.

    What each member has used of it is counted with their wallet of `unit_id`, the unit of the first rule
    that it ever held.
    """

    id = models.AutoField(primary_key=True)
    organisation_id = models.IntegerField()
    programme = models.SlugField()
    key = models.TextField()
    unit_id = models.IntegerField()

    class Meta:
        db_table = "earning_limit"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_id", "programme", "key"), name="a_limit_is_named_once"
            ),
        )


class Budget(models.Model):
    """What is used of a limit shared by many: a team's, a rule's, a campaign's or a programme's."""

    pk = models.CompositePrimaryKey("organisation_id", "limit_id", "holder", "period")
    organisation_id = models.IntegerField()
    limit_id = models.IntegerField()
    holder = models.TextField(default="")
    period = models.TextField()
    used = models.BigIntegerField(default=0)
    at_most = models.BigIntegerField()

    class Meta:
        db_table = "earning_budget"
        constraints = (
            models.CheckConstraint(condition=models.Q(used__gte=0), name="a_budget_use_is_never_negative"),
        )
