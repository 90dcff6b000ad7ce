"""Activity types and rules over HTTP: what may be reported, and what it earns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from plaudit.activity.types import DeclaredType, declared_types
from plaudit.earning.compiling import field_type
from plaudit.earning.definitions import Limit as RuleLimit
from plaudit.earning.definitions import Rule, decimal_text
from plaudit.earning.expressions.schema import json_schema
from plaudit.earning.lineups import current_lineup_id, lineup
from plaudit.earning.models import Rule as RuleRow
from plaudit.earning.published import PublishedRule, published_rule
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Answer, Page, whole
from plaudit.foundation.refusals import NotFound

router = Router(tags=["Programme"])

TypeName = Annotated[str, Field(max_length=255, description="An activity type, by its name.")]
RuleRef = Annotated[str, Field(max_length=100, description="A rule of one published version, `rul_…`.")]


class ShownType(Answer):
    """A kind of activity. `data_schema` is the JSON Schema of an event's `data`; `corrects` names what it takes back."""

    name: str
    title: str
    version: int
    corrects: str | None
    part: str | None
    data_schema: dict[str, Any]


class ShownLimit(Answer):
    """At most so much: points in the unit's smallest part, or times; per whom; in each period."""

    key: str
    at_most: int
    of: Literal["points", "times"]
    per: Literal["member", "team", "all"]
    every: Literal["day", "week", "month", "quarter", "year", "lifetime"]
    partial: bool


class ShownRule(Answer):
    """One rule of one published version: on which activity, under which condition, what it earns.

    Exactly one of `earn`, `take` and `multiply` is set; `multiply` is a decimal, as text.
    """

    id: str
    programme: str
    version: int
    key: str
    name: str
    on: str
    unit: str
    when: str | None
    earn: str | None
    take: str | None
    multiply: str | None
    of: list[str]
    audience: list[str]
    starts_at: datetime | None
    ends_at: datetime | None
    pending_days: int
    pending_until: str
    campaign: str | None
    limits: list[ShownLimit]
    because: str
    objective: str


@router.get(
    "/activity-types",
    response=Page[ShownType],
    operation_id="list_activity_types",
    summary="List activity types",
)
@allows(scopes=["activity:read", "programme:read"], to="read activity types")
def list_types(request: HttpRequest) -> Page[ShownType]:
    """What may be reported, each with the JSON Schema of its data."""
    found = declared_types(actor_of(request).organisation_id)
    return whole(_shown_type(found[name]) for name in sorted(found))


@router.get(
    "/activity-types/{type}",
    response=ShownType,
    operation_id="get_activity_type",
    summary="Read an activity type",
)
@allows(scopes=["activity:read", "programme:read"], to="read activity types")
def get_type(request: HttpRequest, type: TypeName) -> ShownType:
    """One kind of activity, in the version in force."""
    found = declared_types(actor_of(request).organisation_id).get(type)
    if found is None:
        raise NotFound(kind="activity type", ref=type)
    return _shown_type(found)


@router.get("/rules", response=Page[ShownRule], operation_id="list_rules", summary="List the rules in force")
@allows(scopes=["programme:read"], to="read rules")
def list_rules(
    request: HttpRequest,
    programme: Annotated[str, Field(max_length=50, description="Of this programme only.")] = "",
) -> Page[ShownRule]:
    """Every rule that is in force now, in the order in which it is asked."""
    rules = _in_force(actor_of(request).organisation_id)
    return whole(_shown_rule(one) for one in rules if programme in ("", one.programme))


@router.get("/rules/{rule}", response=ShownRule, operation_id="get_rule", summary="Read a rule")
@allows(scopes=["programme:read"], to="read rules")
def get_rule(request: HttpRequest, rule: RuleRef) -> ShownRule:
    """One rule as it was published, in force or not: what a transfer names never changes."""
    prefix, _, number = rule.partition("_")
    known = prefix == "rul" and number.isascii() and number.isdigit() and len(number) <= 9
    organisation_id = actor_of(request).organisation_id
    if not known or not RuleRow.objects.filter(organisation_id=organisation_id, id=int(number)).exists():
        raise NotFound(kind="rule", ref=rule)
    return _shown_rule(published_rule(organisation_id, int(number)))


def _in_force(organisation_id: int) -> Iterator[PublishedRule]:
    current = current_lineup_id(organisation_id)
    if current is None:
        return
    line_up = lineup(organisation_id, current)
    for definition in line_up.definitions.values():
        for rule in definition.rules:
            yield published_rule(organisation_id, line_up.rule_id(definition.programme, rule))


def _shown_type(declared: DeclaredType) -> ShownType:
    fields = {name: field_type(stored) for name, stored in declared.fields.items()}
    return ShownType(
        name=declared.name,
        title=declared.title,
        version=declared.version,
        corrects=declared.corrects or None,
        part=declared.part or None,
        data_schema=json_schema(fields, extra=declared.extra_fields, title=declared.title),
    )


def _shown_rule(published: PublishedRule) -> ShownRule:
    rule: Rule = published.rule
    return ShownRule(
        id=f"rul_{published.id}",
        programme=published.programme,
        version=published.version,
        key=rule.key,
        name=rule.name,
        on=rule.on,
        unit=rule.unit,
        when=rule.when,
        earn=rule.earn,
        take=rule.take,
        multiply=decimal_text(rule.multiply) if rule.multiply is not None else None,
        of=list(rule.of),
        audience=list(rule.audience),
        starts_at=rule.starts_at,
        ends_at=rule.ends_at,
        pending_days=rule.pending_days,
        pending_until=rule.pending_until,
        campaign=rule.campaign,
        limits=[_shown_limit(limit) for limit in rule.limits],
        because=rule.because,
        objective=rule.objective,
    )


def _shown_limit(limit: RuleLimit) -> ShownLimit:
    return ShownLimit(
        key=limit.key,
        at_most=limit.at_most,
        of=limit.of.value,
        per=limit.per.value,
        every=limit.every.value,
        partial=limit.partial,
    )
