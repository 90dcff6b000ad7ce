"""A draft tried on events over HTTP: what they would earn if the file were applied, and nothing remains."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from plaudit.activity.events import BATCH, EventError, decode_cloudevents
from plaudit.earning.actions.answering import Taken, rehearse_events
from plaudit.earning.api.events import EXPLAINED_MAX, told_of_batch
from plaudit.earning.api.reported import CLOUD_EVENT, TakenBatch
from plaudit.earning.lineups import current_lineup_id, forget_lineup
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.shapes import Asked
from plaudit.foundation.exact import encode
from plaudit.foundation.rehearsal import rehearse
from plaudit.planning.actions.apply import apply

router = Router(tags=["Programme"])


class Trying(Asked):
    """A programme file that is not applied, and events to try it on."""

    file: Annotated[str, Field(min_length=1, max_length=500_000, description="The file, as YAML text.")]
    events: Annotated[
        list[dict[str, Any]],
        Field(
            min_length=1,
            max_length=EXPLAINED_MAX,
            description="CloudEvents.",
            json_schema_extra={"items": CLOUD_EVENT},
        ),
    ]


@router.post(
    "/programmes/dry-run",
    response=TakenBatch,
    operation_id="try_programme",
    summary="Try a programme file on events",
)
@allows(scopes=["programme:write"], to="try programmes", keyless=True)
def post_dry_run(request: HttpRequest, trying: Trying) -> HttpResponse:
    """What these events would earn if the file were applied now, with every rule's verdict.

    It takes the real path, on what stands in the books, and nothing of it remains: so it needs no
    Idempotency-Key.
    """
    actor = actor_of(request)
    events = decode_cloudevents(encode(trying.events).encode(), BATCH)
    good = [event for event in events if not isinstance(event, EventError)]
    tried: list[int | None] = []

    def step() -> list[Taken]:
        apply(actor.organisation_id, trying.file, actor=actor.ref)
        tried.append(current_lineup_id(actor.organisation_id))
        return rehearse_events(actor.organisation_id, good, explained=True)

    try:
        taken = rehearse(actor.organisation_id, step)
    finally:
        for lineup_id in tried:
            forget_lineup(lineup_id)
    told = told_of_batch(events, taken, dry_run=True, explain="all")
    return HttpResponse(encode(told), content_type="application/json; charset=utf-8")
