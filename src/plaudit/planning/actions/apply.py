"""Applies a programme file: its next version, published whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from plaudit.activity.actions.declare_type import declare_type
from plaudit.earning.actions.publish import publish, withdraw
from plaudit.earning.definitions import Definition
from plaudit.engagement.actions.publish_engagement import publish_engagement, withdraw_engagement
from plaudit.foundation import audit, clock
from plaudit.foundation.exact import encode
from plaudit.foundation.news import tell
from plaudit.foundation.tenancy import act
from plaudit.learning.actions.publish_learning import publish_learning
from plaudit.ledger.actions.declare_unit import declare_unit
from plaudit.membership.actions.publish_scheme import publish_scheme
from plaudit.people.actions.translate import keep_translations
from plaudit.planning.models import Programme as ProgrammeRow
from plaudit.planning.models import ProgrammeState, ProgrammeVersion
from plaudit.planning.plans import Plan, plan
from plaudit.planning.programme_file.definitions import (
    definition_of,
    digest_of_rules,
    ladders_of,
    offers_of,
    segments_of,
    smallest_parts,
    unit_value,
)
from plaudit.planning.programme_file.document import document_of
from plaudit.planning.programme_file.engaging_rules import engagement_of
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.programme import Activity, Programme
from plaudit.planning.programme_file.recognition_rules import standard_of
from plaudit.planning.programme_file.reward_definitions import rewards_of
from plaudit.planning.programme_file.scenario_facts import learning_in_force
from plaudit.planning.programme_file.scenario_tongues import tongues_in_force
from plaudit.planning.refusals import ProgrammeMovedOn
from plaudit.recognition.actions.publish_standard import publish_standard, withdraw_standard
from plaudit.rewards.actions.publish_catalogue import publish_catalogue
from plaudit.surveys.actions.publish_surveys import publish_surveys
from plaudit.targeting.actions.offering import publish_offers
from plaudit.targeting.actions.publish_segments import publish_segments
from plaudit.targeting.actions.publish_tiers import publish_tiers


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of applying a file: the plan it followed, and the version that is now the newest."""

    plan: Plan
    version: int
    published: bool


def apply(
    organisation_id: int, source: str, *, actor: str, reason: str = "", expected_live: int | None = None
) -> Applied:
    """Publish this file as its programme's next version; a file that changes nothing is left alone.

    Units, event types, rules, limits, line-up and rewards change together. `expected_live` is the newest
    version the person saw in the plan, 0 for none. Raises `ProgrammeFileRefused`, `ProgrammeRetired` and
    `ProgrammeMovedOn`.
    """

    def step() -> Applied:
        lock_programmes(organisation_id)
        planned = plan(organisation_id, source)
        live = planned.live or 0
        if expected_live is not None and live != expected_live:
            raise ProgrammeMovedOn(programme=planned.programme.key, live=live, expected=expected_live)
        if planned.changes_nothing:
            return Applied(planned, live, published=False)
        return Applied(planned, _publish(organisation_id, planned, actor, reason), published=True)

    return act(organisation_id, step)


def lock_programmes(organisation_id: int) -> None:
    """One change of programmes at a time: each is planned against what the others left."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext('programmes'))", [organisation_id])


def _publish(organisation_id: int, planned: Plan, actor: str, reason: str) -> int:
    """Everything a version changes, in the transaction that is open."""
    programme = planned.programme
    now = clock.now()
    for unit in programme.units:
        _declare_unit(organisation_id, programme, unit.key)
    for activity in planned.activities:
        declare_activity(organisation_id, activity)
    definition = definition_of(programme)
    number = publish(organisation_id, definition).number
    publish_catalogue(organisation_id, programme.key, rewards_of(programme))
    publish_engagement(organisation_id, engagement_of(programme))
    publish_scheme(organisation_id, programme.key, programme.membership)
    publish_learning(organisation_id, programme.key, learning_in_force(programme))
    publish_surveys(organisation_id, programme.key, programme.surveys)
    publish_tiers(
        organisation_id, programme.key, time_zone=programme.time_zone, ladders=ladders_of(programme)
    )
    publish_segments(
        organisation_id, programme.key, time_zone=programme.time_zone, segments=segments_of(programme)
    )
    publish_offers(organisation_id, programme.key, time_zone=programme.time_zone, offers=offers_of(programme))
    publish_standard(organisation_id, programme.key, standard_of(programme))
    keep_translations(organisation_id, programme=programme.key, texts=tongues_in_force(programme))
    row, _ = ProgrammeRow.objects.update_or_create(
        organisation_id=organisation_id,
        key=programme.key,
        defaults={"name": programme.name, "draft": "", "changed_at": now},
        create_defaults={"name": programme.name, "state": ProgrammeState.LIVE, "changed_at": now},
    )
    if row.state == ProgrammeState.PAUSED:
        withdraw(organisation_id, programme.key)
        withdraw_engagement(organisation_id, programme.key)
        withdraw_standard(organisation_id, programme.key)
    elif row.state == ProgrammeState.DRAFT:
        ProgrammeRow.objects.filter(id=row.id).update(state=ProgrammeState.LIVE)
    _keep_version(row, planned, number, definition, actor, reason)
    facts = {"programme": programme.key, "version": number, "digest": planned.digest}
    audit.note(actor=actor, act="programme.applied", subject=programme.key, reason=reason, details=facts)
    tell(organisation_id, "programme.published", facts, happened_at=now)
    return number


def _keep_version(
    row: ProgrammeRow, planned: Plan, number: int, definition: Definition, actor: str, reason: str
) -> None:
    ProgrammeVersion.objects.create(
        organisation_id=row.organisation_id,
        programme=row,
        number=number,
        source=planned.source,
        document=encode(document_of(planned.programme)),
        digest=planned.digest,
        rules_digest=digest_of_rules(definition),
        published_at=clock.now(),
        published_by=actor,
        reason=reason,
    )


def _declare_unit(organisation_id: int, programme: Programme, key: str) -> None:
    unit = programme.unit(key)
    approval = unit.approval_from
    declare_unit(
        organisation_id,
        key=unit.key,
        names={"one": unit.one, "other": unit.other},
        precision=unit.precision,
        currency=programme.currency if unit.worth is not None else "",
        value_minor_per_million=unit_value(programme, unit),
        expiry=unit.expiry.stored(),
        may_owe=unit.may_owe,
        writes_off=unit.writes_off,
        approval_from=smallest_parts(approval, unit.precision) if approval is not None else None,
    )


def declare_activity(organisation_id: int, activity: Activity) -> None:
    """Declare an activity's event type; nothing changes where it is declared so already."""
    declare_type(
        organisation_id,
        name=activity.key,
        title=activity.title,
        fields=stored_fields(activity.fields),
        extra_fields=activity.extra_fields,
        corrects=activity.corrects,
        part=activity.part,
        enrols=activity.enrols or None,
    )
