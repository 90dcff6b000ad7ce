"""What-if over HTTP: a draft handed in, replayed over history by a worker, and its result fetched."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation import ids
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.cursors import one_id, read_cursor, write_cursor
from plaudit.foundation.api.shapes import After, Answer, Asked, Limit, Moment, Page, page
from plaudit.foundation.refusals import Problem
from plaudit.foundation.tenancy import in_organisation
from plaudit.planning.actions.simulate import cancel_simulation, start_simulation
from plaudit.planning.models import Simulation
from plaudit.planning.queries import simulation as simulation_by_id
from plaudit.planning.queries import simulations
from plaudit.planning.simulation.stored import Window
from plaudit.planning.tasks import replay_later

router = Router(tags=["Programme"])


class Supposing(Asked):
    """A programme file that is not applied, and which events to replay: those that happened in the window."""

    file: Annotated[str, Field(min_length=1, max_length=500_000, description="The file, as YAML text.")]
    starts_at: Annotated[
        Moment | None, Field(description="From this moment on; from the first if left out.")
    ] = None
    ends_at: Annotated[Moment | None, Field(description="Before this moment; to the last if left out.")] = (
        None
    )


class ShownPart(Answer):
    """A month, rule, group or member under the draft and live, in smallest parts.

    `events` is how many grants the draft made in that month or by that rule; of a group or member, how
    many of their events were asked. A member is named by `mem_…`.
    """

    name: str
    draft: int
    live: int
    events: int


class ShownUnitResult(Answer):
    """What a draft would have granted in one unit, beside what was granted. Cost is in minor units of `currency`."""

    unit: str
    draft: int
    live: int
    cost_minor: int
    live_cost_minor: int
    currency: str
    by_month: list[ShownPart]
    by_rule: list[ShownPart]
    by_group: list[ShownPart]
    winners: list[ShownPart]
    losers: list[ShownPart]
    members: int
    winning: int
    losing: int


class ShownSimulation(Answer):
    """A replay: how far it is, and why it was refused if it was."""

    id: str
    programme: str
    state: Literal["waiting", "running", "done", "refused", "cancelled"]
    starts_at: datetime | None
    ends_at: datetime | None
    made_at: datetime
    made_by: str
    finished_at: datetime | None
    refusal: dict[str, Any] | None
    links: dict[str, str]


class ShownResult(ShownSimulation):
    """A replay with what came out; `events` and `units` are null until it is done."""

    events: int | None
    decided_one_by_one: int | None
    units: list[ShownUnitResult] | None


SimulationRef = Annotated[str, Field(max_length=100, description="A replay, `sim_…`.")]


@router.post(
    "/simulations",
    response={202: ShownSimulation},
    operation_id="start_simulation",
    summary="Replay a draft over history",
)
@allows(scopes=["programme:write"], to="replay drafts")
def post_simulation(request: HttpRequest, supposing: Supposing) -> Status[ShownSimulation]:
    """Hand in a draft; a worker decides the past again under it. Follow it at its own address.

    Nothing is posted, and the books are only read. A file that could not be applied is refused at once.
    """
    actor = actor_of(request)
    if supposing.starts_at and supposing.ends_at and supposing.ends_at <= supposing.starts_at:
        fault = {"pointer": "/ends_at", "code": "ends_first", "detail": "This is not after starts_at."}
        raise Problem("The window ends before it begins.", errors=[fault])
    with in_organisation(actor.organisation_id):
        made = start_simulation(
            actor.organisation_id,
            supposing.file,
            actor=actor.ref,
            window=Window(supposing.starts_at, supposing.ends_at),
        )
        replay_later(actor.organisation_id, made.id)
    return Status(202, _shown(made))


@router.get(
    "/simulations", response=Page[ShownSimulation], operation_id="list_simulations", summary="List replays"
)
@allows(scopes=["programme:read"], to="read replays")
def list_simulations(request: HttpRequest, after: After = None, limit: Limit = 50) -> Page[ShownSimulation]:
    """Replays, newest first, without their results."""
    found = simulations(actor_of(request).organisation_id, before=read_cursor(after, one_id), limit=limit + 1)
    return page(found, limit, _shown, lambda one: write_cursor(one.id))


@router.get(
    "/simulations/{simulation}",
    response=ShownResult,
    operation_id="get_simulation",
    summary="Follow a replay, read its result",
)
@allows(scopes=["programme:read"], to="read replays")
def get_simulation(request: HttpRequest, simulation: SimulationRef) -> ShownResult:
    """One replay, as far as it is: the result once its state is `done`."""
    return _with_result(_named(request, simulation))


@router.post(
    "/simulations/{simulation}/cancel",
    response=ShownSimulation,
    operation_id="cancel_simulation",
    summary="Cancel a replay",
)
@allows(scopes=["programme:write"], to="replay drafts")
def post_cancellation(request: HttpRequest, simulation: SimulationRef) -> ShownSimulation:
    """Let a replay end that waits or runs. Nothing comes of it; the draft can be replayed anew."""
    actor = actor_of(request)
    simulation_id = ids.read("sim", simulation, kind="simulation")
    return _shown(cancel_simulation(actor.organisation_id, simulation_id, actor=actor.ref))


def _named(request: HttpRequest, reference: str) -> Simulation:
    return simulation_by_id(actor_of(request).organisation_id, ids.read("sim", reference, kind="simulation"))


def _shown(one: Simulation) -> ShownSimulation:
    return ShownSimulation(**_told(one))


def _told(one: Simulation) -> dict[str, Any]:
    reference = ids.show("sim", one.id)
    return {
        "id": reference,
        "programme": one.programme,
        "state": one.state,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "made_at": one.made_at,
        "made_by": one.made_by,
        "finished_at": one.finished_at,
        "refusal": one.refusal,
        "links": {"self": f"/api/v1/simulations/{reference}"},
    }


def _with_result(one: Simulation) -> ShownResult:
    result = one.result or {}
    units = [_unit(unit) for unit in result["units"]] if "units" in result else None
    return ShownResult(
        **_told(one),
        events=result.get("events"),
        decided_one_by_one=result.get("decided_one_by_one"),
        units=units,
    )


def _unit(unit: dict[str, Any]) -> ShownUnitResult:
    named = {
        edge: [{**part, "name": _member(part["name"])} for part in unit[edge]]
        for edge in ("winners", "losers")
    }
    return ShownUnitResult(**{**unit, **named})


def _member(name: str) -> str:
    return ids.show("mem", UUID(name))
