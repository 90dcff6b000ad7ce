"""Publishes rules: a new immutable rule set for a programme, and the line-up it joins."""

from __future__ import annotations

from django.db import connection
from django.db.models import Max

from plaudit.earning.definitions import Definition, store_definition
from plaudit.earning.models import Limit, Lineup, Rule, RuleSet
from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.units import units_by_key


def publish(organisation_id: int, definition: Definition) -> RuleSet:
    """Put a programme's rules in force, as its next version. Events already being decided keep the old ones.

    What a limit has used stays used: its identity is its programme and key, across versions.
    """
    with in_organisation(organisation_id):
        _one_at_a_time(organisation_id)
        sets = RuleSet.objects.filter(organisation_id=organisation_id, programme=definition.programme)
        newest = sets.aggregate(number=Max("number"))["number"] or 0
        rule_set = RuleSet.objects.create(
            organisation_id=organisation_id,
            programme=definition.programme,
            number=newest + 1,
            definition=store_definition(definition),
            published_at=clock.now(),
        )
        Rule.objects.bulk_create(
            Rule(
                organisation_id=organisation_id,
                rule_set=rule_set,
                key=rule.key,
                name=rule.name,
                position=position,
            )
            for position, rule in enumerate(definition.rules)
        )
        _name_limits(organisation_id, definition)
        others = _live_sets(organisation_id, without=definition.programme)
        _line_up(organisation_id, [*others, rule_set.id])
        return rule_set


def _name_limits(organisation_id: int, definition: Definition) -> None:
    """Limits never seen before get their identity; the others keep theirs."""
    units = units_by_key(organisation_id)
    unit_of: dict[str, str] = {}
    for rule in definition.rules:
        for limit in rule.limits:
            unit_of.setdefault(limit.key, rule.unit)
    Limit.objects.bulk_create(
        [
            Limit(
                organisation_id=organisation_id,
                programme=definition.programme,
                key=key,
                unit_id=units[unit].id,
            )
            for key, unit in sorted(unit_of.items())
        ],
        ignore_conflicts=True,
    )


def withdraw(organisation_id: int, programme: str) -> None:
    """Take a programme's rules out of force: its events earn nothing until it is published again."""
    with in_organisation(organisation_id):
        _one_at_a_time(organisation_id)
        _line_up(organisation_id, _live_sets(organisation_id, without=programme))


def reinstate(organisation_id: int, programme: str) -> None:
    """Put a withdrawn programme's newest rules back in force. Raises `NotFound` where none were published."""
    with in_organisation(organisation_id):
        _one_at_a_time(organisation_id)
        sets = RuleSet.objects.filter(organisation_id=organisation_id, programme=programme)
        newest = sets.order_by("-number").first()
        if newest is None:
            raise NotFound(kind="published programme", ref=programme)
        _line_up(organisation_id, [*_live_sets(organisation_id, without=programme), newest.id])


def _one_at_a_time(organisation_id: int) -> None:
    """Two publishers would each leave the other's programme out."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext('line-up'))", [organisation_id])


def _live_sets(organisation_id: int, *, without: str) -> list[int]:
    current = Lineup.objects.filter(organisation_id=organisation_id).order_by("-id").first()
    live = current.rule_sets if current is not None else []
    return list(
        RuleSet.objects.filter(id__in=live)
        .exclude(programme=without)
        .order_by("id")
        .values_list("id", flat=True)
    )


def _line_up(organisation_id: int, rule_sets: list[int]) -> None:
    Lineup.objects.create(organisation_id=organisation_id, rule_sets=rule_sets, since=clock.now())
