"""Plans: what applying a programme file would change, in plain sentences, or every reason why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plaudit.activity.types import DeclaredType, declared_types
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.told import as_written
from plaudit.foundation.worded import worded
from plaudit.ledger.unit_use import UnitUse, unit_uses
from plaudit.ledger.units import units_by_key
from plaudit.planning.models import Programme as ProgrammeRow
from plaudit.planning.models import ProgrammeState, ProgrammeVersion
from plaudit.planning.programme_file.change import Act, Change
from plaudit.planning.programme_file.differences import changes_between
from plaudit.planning.programme_file.document import digest_of
from plaudit.planning.programme_file.parse import Parsed, parse_programme
from plaudit.planning.programme_file.problems import Problems
from plaudit.planning.programme_file.programme import Activity, Programme
from plaudit.planning.programme_file.scenario_changes import refreshers
from plaudit.planning.programme_file.sharing import (
    LiveUnit,
    activities_in_force,
    check_activities,
    check_stock,
    check_units,
    live_activity,
    live_unit,
    warnings,
)
from plaudit.planning.programme_file.translating import notices
from plaudit.planning.queries import rewards_taken, standing_programmes
from plaudit.planning.refusals import ProgrammeFileRefused, ProgrammeRetired


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would do.

    `live` is the number of the newest published version, None for a new programme. `warnings` say what
    else the changes touch. `activities` are the event types as they will be declared, shared fields and all.
    """

    programme: Programme
    source: str
    state: str
    live: int | None
    digest: str
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]
    activities: tuple[Activity, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether this very file is live and all it declares still stands."""
        return not self.changes

    @property
    def next(self) -> int:
        """The number the next version gets."""
        return (self.live or 0) + 1

    def sentences(self) -> list[str]:
        """The plan, line by line, for a person."""
        if self.changes_nothing:
            return [
                worded(
                    "Nothing changes: this file is version {live} of {key}.",
                    live=self.live,
                    key=self.programme.key,
                )
            ]
        return [*(change.sentence for change in self.changes), *self.warnings]


def validate(source: str) -> Programme:
    """The programme in a file, if the file is right in itself. Raises `ProgrammeFileRefused`."""
    return _checked(parse_programme(source))


def plan(organisation_id: int, source: str) -> Plan:
    """What applying this file would change; nothing is changed by asking.

    Raises `ProgrammeFileRefused` with every fault of the file and everything that cannot change any
    more, and `ProgrammeRetired`.
    """
    parsed = parse_programme(source)
    programme = _checked(parsed)
    with in_organisation(organisation_id):
        row = ProgrammeRow.objects.filter(organisation_id=organisation_id, key=programme.key).first()
        if row is not None and row.state == ProgrammeState.RETIRED:
            raise ProgrammeRetired(programme=programme.key)
        with as_written():
            standing = Standing.of(organisation_id, programme.key)
        newest = row.versions.order_by("-number").first() if row is not None else None
        state = row.state if row is not None else ProgrammeState.DRAFT.value
        return _plan(parsed, standing, newest, state)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in an organisation: one programme, the others, the units and event types they share, and how many of its rewards were taken."""

    own: Programme | None
    others: dict[str, Programme]
    units: dict[str, LiveUnit]
    types: dict[str, DeclaredType]
    taken: dict[str, int]

    @classmethod
    def of(cls, organisation_id: int, key: str) -> Standing:
        """All of it, seen from the programme of that key."""
        others = standing_programmes(organisation_id)
        uses = unit_uses(organisation_id)
        units = {}
        for unit in units_by_key(organisation_id).values():
            use = uses.get(unit.key, UnitUse())
            units[unit.key] = live_unit(
                key=unit.key,
                names=unit.names,
                precision=unit.precision,
                currency=unit.currency,
                value_minor_per_million=unit.value_minor_per_million,
                expiry=unit.expiry,
                may_owe=unit.may_owe,
                writes_off=unit.writes_off,
                approval_from=unit.approval_from,
                wallets=use.wallets,
                owing=use.owing,
            )
        own = others.pop(key, None)
        return cls(own, others, units, declared_types(organisation_id), rewards_taken(organisation_id, key))


def _checked(parsed: Parsed) -> Programme:
    if parsed.problems:
        raise ProgrammeFileRefused(parsed.problems)
    return parsed.programme


def _plan(parsed: Parsed, standing: Standing, newest: ProgrammeVersion | None, state: str) -> Plan:
    programme = parsed.programme
    problems = Problems(parsed.lines)
    check_units(programme, standing.units, standing.others, problems)
    check_activities(programme, standing.others, problems)
    check_stock(programme, standing.taken, problems)
    if problems.found:
        raise ProgrammeFileRefused(problems.in_order())
    activities = activities_in_force(programme, standing.own, standing.others)
    now = replace(programme, activities=activities)
    was = _as_it_stands(now, standing)
    changes = changes_between(was, now, is_new=newest is None)
    if not changes and (newest is None or newest.source != parsed.source):
        said = worded("Only comments or layout change; everything earns as before.")
        changes = [Change(Act.CHANGED, "file", "", said)]
    return Plan(
        programme=programme,
        source=parsed.source,
        state=state,
        live=newest.number if newest is not None else None,
        digest=digest_of(programme),
        changes=tuple(changes),
        warnings=(
            *warnings(programme, standing.units, standing.others),
            *(refreshers(standing.own, programme) if standing.own is not None else ()),
            *notices(programme),
            *_state_warning(state, changes),
        ),
        activities=activities,
    )


def _state_warning(state: str, changes: list[Change]) -> list[str]:
    if state == ProgrammeState.PAUSED and changes:
        return [
            worded("The programme is paused and stays so: nothing earns by these rules until it is resumed.")
        ]
    return []


def _as_it_stands(programme: Programme, standing: Standing) -> Programme:
    """The programme as it is now: its last file, with the units and activities as the books have them."""
    own = standing.own or Programme(programme.key, "", currency=programme.currency)
    units = {unit.key: unit for unit in (*programme.units, *own.units)}
    activities = {activity.key: activity for activity in (*programme.activities, *own.activities)}
    enrolling = {activity.key: activity.enrols for activity in programme.activities}
    return replace(
        own,
        units=tuple(standing.units[key].unit for key in units if key in standing.units),
        activities=tuple(
            _live_activity(
                activity, standing.types[key], says_whom=key not in enrolling or bool(enrolling[key])
            )
            for key, activity in activities.items()
            if key in standing.types
        ),
    )


def _live_activity(activity: Activity, declared: DeclaredType, *, says_whom: bool) -> Activity:
    return live_activity(
        activity,
        declared.fields,
        title=declared.title,
        extra_fields=declared.extra_fields,
        corrects=declared.corrects,
        part=declared.part,
        enrols=declared.enrols if says_whom else "",
    )
