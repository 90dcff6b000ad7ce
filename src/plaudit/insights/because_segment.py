"""Why a member is in a segment or is not: what it asks of them, what counted, and the version that says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plaudit.earning.compiling import field_type
from plaudit.earning.expressions import compile_reader, evaluate, fields_used, steps
from plaudit.earning.expressions.words import describe
from plaudit.earning.words import audience_words, value_words
from plaudit.foundation import clock
from plaudit.foundation.written import number
from plaudit.insights.reasons import Because, Input, Sum
from plaudit.insights.standing import EVENTS_SHOWN, Standing, activity_inputs, authority, decided
from plaudit.insights.wording import day_words, steps_words
from plaudit.ledger.units import UnitPolicy, units_by_key
from plaudit.people.resolving import attributes_of
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.programme_file.segments import Segment as FileSegment
from plaudit.targeting.definitions import Fact, FactKind, read_segment
from plaudit.targeting.definitions import Segment as Definition
from plaudit.targeting.models import Segment
from plaudit.targeting.queries.evidence import newest_counted
from plaudit.targeting.queries.facts import facts_of, in_teams
from plaudit.targeting.queries.segments import belongs_since, segment_row
from plaudit.targeting.rules.calendar import day_of
from plaudit.targeting.sorting import segment_condition, segment_scope

_WHAT = {
    FactKind.HOW_MANY: gettext_noop("how many"),
    FactKind.HOW_MUCH: gettext_noop("how much"),
    FactKind.DAYS_SINCE: gettext_noop("days since the last"),
    FactKind.RANK_HOW_MANY: gettext_noop("how many, ranked from 1 to 5 among all"),
    FactKind.RANK_HOW_MUCH: gettext_noop("how much, ranked from 1 to 5 among all"),
    FactKind.RANK_DAYS_SINCE: gettext_noop("the last time, ranked from 1 to 5 among all"),
}
_MEMBER = "member."


def of_segment(organisation_id: int, member_id: UUID, programme: str, key: str) -> Because:
    """Why a member is in a segment, or why not. Raises `NotFound`."""
    row = segment_row(organisation_id, programme, key)
    definition, zone = read_segment(row.definition), ZoneInfo(row.time_zone)
    version, *_others = decided(organisation_id, programme, lambda one: _segment(one, key))
    since = belongs_since(organisation_id, row.id, member_id)
    values = _values(row, definition, member_id)
    condition, scope = segment_condition(definition), segment_scope(definition)
    lines = [str(step) for step in steps(condition, values, zone)]
    who = describe(condition, scope)
    inside = (
        _("In {segment} since {day}").format(segment=definition.name, day=day_words(since, zone))
        if since
        else _("Not in {segment}").format(segment=definition.name)
    )
    standing = Standing(organisation_id, member_id, f"segment:{programme}/{key}", zone)
    return standing.answer(
        "segment",
        sentence=_("{inside}: it is for members for whom {who}.").format(inside=inside, who=who),
        inputs=_inputs(row, definition, member_id, values),
        authority=authority(
            organisation_id,
            version,
            programme,
            definition.name,
            _("Members for whom {who}{further}.").format(who=who, further=_further(definition)),
        ),
        sums=[Sum(done, value=result) for done, result in steps_words(lines)],
        total=Sum(_("In the segment"), value=_("yes") if since else _("no")),
        would_change=[_("Members leave it as soon as it is no longer so that {who}.").format(who=who)]
        if since
        else _would_enter(row, definition, member_id, who, holds=evaluate(condition, values, zone) is True),
        happened_at=since or clock.now(),
    )


def _segment(programme: Programme, key: str) -> FileSegment | None:
    return next((one for one in programme.segments if one.key == key), None)


def _further(definition: Definition) -> str:
    """Whom it is for besides its condition."""
    words = (
        _(", among {kinds} members").format(kinds=audience_words(definition.audience))
        if definition.audience
        else ""
    )
    return (
        _("{words}, in {teams}").format(words=words, teams=_(" or ").join(definition.teams))
        if definition.teams
        else words
    )


def _values(row: Segment, definition: Definition, member_id: UUID) -> dict[str, Any]:
    """What the condition is asked with: the member's facts of today, and what is known of them."""
    today = day_of(clock.now(), ZoneInfo(row.time_zone))
    facts = facts_of(row.organisation_id, row, definition, [member_id], today)[member_id]
    attributes = attributes_of(row.organisation_id, [member_id]).get(member_id, {})
    fields = {name: field_type({**kept, "nullable": True}) for name, kept in definition.member_fields.items()}
    known, problems = compile_reader(fields, extra=True)(attributes)
    for problem in problems:  # an attribute that does not fit its type counts as missing
        known[problem.pointer.strip("/")] = None
    return {
        **facts,
        **{f"{_MEMBER}{name}": value for name, value in known.items()},
        "member.kind": attributes.get("kind"),
    }


def _inputs(row: Segment, definition: Definition, member_id: UUID, values: Mapping[str, Any]) -> list[Input]:
    used, units = fields_used(segment_condition(definition)), units_by_key(row.organisation_id)
    inputs = [
        Input(_fact_words(fact, units), value_words(values[fact.name]) or _("none"), fact.name)
        for fact in definition.facts
        if fact.name in used
    ]
    inputs += [
        Input(
            name.removeprefix(_MEMBER).replace("_", " ").capitalize(),
            value_words(values[name]) or _("not given"),
            _("What is known of the member"),
        )
        for name in sorted(used)
        if name.startswith(_MEMBER)
    ]
    today = day_of(clock.now(), ZoneInfo(row.time_zone))
    seen: set[int] = set()
    for fact, measure_id in zip(definition.facts, row.measure_ids, strict=True):
        if measure_id in seen:
            continue
        seen.add(measure_id)
        since = today - timedelta(days=fact.days - 1) if fact.days else today.min
        counted = newest_counted(
            row.organisation_id, measure_id, member_id, since=since, until=today, limit=EVENTS_SHOWN
        )
        inputs += activity_inputs(row.organisation_id, counted, number)
    return inputs


def _fact_words(fact: Fact, units: Mapping[str, UnitPolicy]) -> str:
    unit = units.get(fact.measure.earned)
    what = fact.measure.on or _("{unit} earned").format(unit=unit.many if unit else fact.measure.earned)
    when = " " + _("where {condition}").format(condition=fact.measure.when) if fact.measure.when else ""
    back = " " + _("in {days} days").format(days=fact.days) if fact.days else ""
    return f"{what}{when}{back}: {_(_WHAT[fact.kind])}"


def _would_enter(
    row: Segment, definition: Definition, member_id: UUID, who: str, *, holds: bool
) -> list[str]:
    said = [] if holds else [_("Members enter it as soon as {who}.").format(who=who)]
    if definition.teams and not in_teams(row.organisation_id, definition.teams, [member_id]):
        said.append(_("It is only for members of {teams}.").format(teams=_(" or ").join(definition.teams)))
    if definition.audience:
        said.append(_("It is for {kinds} members.").format(kinds=audience_words(definition.audience)))
    return said or [_("Everybody is looked at once a day, and whoever did something at once.")]
