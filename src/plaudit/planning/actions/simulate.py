"""Replays a draft programme file over what an organisation recorded, at once or by a worker, and keeps the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.planning.models import Simulation, SimulationState
from plaudit.planning.plans import validate
from plaudit.planning.programme_file.definitions import definition_of
from plaudit.planning.programme_file.document import digest_of
from plaudit.planning.programme_file.engaging_rules import own_activities
from plaudit.planning.programme_file.fields_stored import stored_fields
from plaudit.planning.programme_file.programme import Programme
from plaudit.planning.refusals import SimulationEnded
from plaudit.planning.simulation.simulate import Progress, Result, simulate_stored
from plaudit.planning.simulation.stored import Window

MOVING = (SimulationState.WAITING, SimulationState.RUNNING)
"""A replay that a worker will do or is doing."""


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


def run_simulation(organisation_id: int, simulation_id: UUID, *, progress: Progress | None = None) -> None:
    """Run a replay that was written down, to its end or until somebody cancels it.

    Once it is done, refused or cancelled, nothing happens any more.
    """
    with in_organisation(organisation_id):
        made = Simulation.objects.select_for_update().get(id=simulation_id)
        if made.state not in MOVING:
            return
        made.state = SimulationState.RUNNING
        made.save(update_fields=("state",))
    try:
        result = _replay(
            made, validate(made.draft), partial(_go_on, organisation_id, simulation_id, progress)
        )
    except _Cancelled:
        return
    except Refusal as refusal:
        with in_organisation(organisation_id):
            if _still_runs(simulation_id):
                _refuse(made, refusal)
        return
    with in_organisation(organisation_id):
        if _still_runs(simulation_id):
            _finish(made, result)


def cancel_simulation(organisation_id: int, simulation_id: UUID, *, actor: str) -> Simulation:
    """Let a replay that waits or runs end with nothing; cancelled again, it stays so.

    Raises `NotFound`, and `SimulationEnded` for one that has its result, or the reason why it has none.
    """

    def step() -> Simulation:
        reference = show("sim", simulation_id)
        found = Simulation.objects.select_for_update().filter(
            organisation_id=organisation_id, id=simulation_id
        )
        made = found.first()
        if made is None:
            raise NotFound(kind="simulation", ref=reference)
        if made.state == SimulationState.CANCELLED:
            return made
        if made.state not in MOVING:
            raise SimulationEnded(ref=reference, state=made.state)
        made.state, made.finished_at = SimulationState.CANCELLED, clock.now()
        made.save(update_fields=("state", "finished_at"))
        audit.note(actor=actor, act="simulation.cancelled", subject=str(made.id))
        return made

    return act(organisation_id, step)


class _Cancelled(Exception):  # nobody did anything wrong
    """Somebody cancelled the replay that runs."""


def _go_on(
    organisation_id: int, simulation_id: UUID, progress: Progress | None, stage: str, rows: int
) -> None:
    """Between two stages: tell how far it is, and look whether somebody cancelled it meanwhile."""
    if progress is not None:
        progress(stage, rows)
    with in_organisation(organisation_id):
        if not Simulation.objects.filter(id=simulation_id, state=SimulationState.RUNNING).exists():
            raise _Cancelled


def _still_runs(simulation_id: UUID) -> bool:
    """Whether it runs yet, held until this transaction ends: whoever cancels comes before or after."""
    made = Simulation.objects.select_for_update().get(id=simulation_id)
    return made.state == SimulationState.RUNNING


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
