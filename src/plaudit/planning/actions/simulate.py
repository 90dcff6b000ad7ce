"""Replays a draft programme file over what an organisation recorded, and keeps the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from plaudit.foundation import audit, clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.planning.models import Simulation
from plaudit.planning.plans import validate
from plaudit.planning.programme_file.definitions import definition_of, stored_fields
from plaudit.planning.programme_file.document import digest_of
from plaudit.planning.simulation.simulate import Result, simulate_stored
from plaudit.planning.simulation.stored import Window


def simulate(
    organisation_id: int,
    source: str,
    *,
    actor: str,
    window: Window | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> tuple[Simulation, Result]:
    """Replay a draft's rules over history and keep what came out, beside what live granted for the same events.

    The books are only read. Raises `ProgrammeFileRefused`, `NothingToReplay` and `TeamLimitsNotReplayed`.
    """
    programme = validate(source)
    types = {activity.key: stored_fields(activity.fields) for activity in programme.activities}
    span = window or Window()
    result = simulate_stored(
        organisation_id,
        definition_of(programme),
        types,
        window=span,
        progress=progress or (lambda _stage, _rows: None),
    )
    with in_organisation(organisation_id):
        kept = Simulation.objects.create(
            organisation_id=organisation_id,
            programme=programme.key,
            draft=source,
            digest=digest_of(programme),
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            result=asdict(result),
            made_at=clock.now(),
            made_by=actor,
        )
        audit.note(actor=actor, act="simulation.run", subject=str(kept.id), details={"events": result.events})
    return kept, result
