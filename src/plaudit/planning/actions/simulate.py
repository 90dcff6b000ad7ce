"""Replays a draft programme file over what an organisation recorded, at once or by a worker, and keeps the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.planning.models import Simulation, SimulationState
from plaudit.planning.plans import validate
from plaudit.planning.programme_file.definitions import definition_of
from plaudit.planning.programme_file.document import digest_of
from plaudit.planning.programme_file.engaging_rules import own_activities
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.simulation.simulate import Progress, Result, simulate_stored
from plaudit.planning.simulation.stored import Window


def simulate(
    organisation_id: int,
    source: str,
    *,
    actor: str,
    window: Window | None = None,
    progress: Progress | None = None,
) -> tuple[Simulation, Result]:
    """Replay a draft's rules over history now and keep what came out, beside what live granted for the same events.

    The books are only read. Raises `ProgrammeFileRefused` and `NothingToReplay`; nothing is kept then.
    """
    programme = validate(source)
    made = _new(organisation_id, source, programme, actor=actor, window=window)
    result = _replay(made, programme, progress)
    with in_organisation(organisation_id):
        _finish(made, result)
    return made, result


def start_simulation(
    organisation_id: int, source: str, *, actor: str, window: Window | None = None
) -> Simulation:
    """Write down a replay for a worker to run. Raises `ProgrammeFileRefused` at once; the rest is kept with it."""
    made = _new(organisation_id, source, validate(source), actor=actor, window=window)
    made.save(force_insert=True)
    return made


def run_simulation(organisation_id: int, simulation_id: UUID) -> None:
    """Run a replay that was written down. Once it is done or refused, nothing happens any more."""
    with in_organisation(organisation_id):
        made = Simulation.objects.select_for_update().get(id=simulation_id)
        if made.state in (SimulationState.DONE, SimulationState.REFUSED):
            return
        made.state = SimulationState.RUNNING
        made.save(update_fields=("state",))
    try:
        result = _replay(made, validate(made.draft), None)
    except Refusal as refusal:
        with in_organisation(organisation_id):
            _refuse(made, refusal)
        return
    with in_organisation(organisation_id):
        _finish(made, result)


def _new(
    organisation_id: int, source: str, programme: Programme, *, actor: str, window: Window | None
) -> Simulation:
    span = window or Window()
    return Simulation(
        organisation_id=organisation_id,
        programme=programme.key,
        draft=source,
        digest=digest_of(programme),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        made_at=clock.now(),
        made_by=actor,
    )


def _replay(made: Simulation, programme: Programme, progress: Callable[[str, int], None] | None) -> Result:
    activities = (*programme.activities, *own_activities(programme))
    types = {activity.key: stored_fields(activity.fields) for activity in activities}
    return simulate_stored(
        made.organisation_id,
        definition_of(programme),
        types,
        window=Window(made.starts_at, made.ends_at),
        progress=progress or (lambda _stage, _rows: None),
    )


def _finish(made: Simulation, result: Result) -> None:
    made.state, made.result, made.finished_at = SimulationState.DONE, asdict(result), clock.now()
    made.save()
    audit.note(
        actor=made.made_by, act="simulation.run", subject=str(made.id), details={"events": result.events}
    )


def _refuse(made: Simulation, refusal: Refusal) -> None:
    errors = refusal.errors if isinstance(refusal, Problem) else []
    made.refusal = {"code": refusal.code, "detail": refusal.say(), "errors": list(errors)}
    made.state, made.finished_at = SimulationState.REFUSED, clock.now()
    made.save()
