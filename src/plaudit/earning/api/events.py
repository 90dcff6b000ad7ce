"""POST /events: activity in, one event or many, for real or rehearsed, with what it earned in the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import structlog
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from plaudit.activity.events import (
    BATCH,
    BODY_BYTES_MAX,
    LINES,
    EventError,
    EventProblem,
    IncomingEvent,
    decode_cloudevents,
)
from plaudit.earning.actions.answering import (
    Taken,
    explain_taken,
    rehearse_events,
    take_in_and_tell,
    take_in_one,
    take_in_parts,
)
from plaudit.earning.api.reported import REPORT, TakenBatch
from plaudit.earning.api.shapes import TakenEvent, shown_explanation, shown_grants, taken_event
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.problems import problem_document
from plaudit.foundation.access.refusals import OurFault
from plaudit.foundation.api.answering import answer_once
from plaudit.foundation.api.marks import body_up_to, keeps_answers
from plaudit.foundation.api.refusals import BodyTooLarge, MediaTypeNotTaken
from plaudit.foundation.api.shapes import Flag
from plaudit.foundation.exact import encode
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import Problem, Refusal
from plaudit.foundation.tenancy import in_organisation

log = structlog.get_logger(__name__)

router = Router(tags=["Activity"])

Explain = Literal["none", "matched", "all"]
Explained = Annotated[Explain, Field(description="Which rules' verdicts the answer holds.")]
DryRun = Annotated[Flag, Field(description="Work everything out on the real path, and undo it.")]
EXPLAINED_MAX = 100
_TAKEN = "application/cloudevents+json, application/cloudevents-batch+json or application/x-ndjson"


@router.post(
    "/events",
    response={200: TakenEvent | TakenBatch, 201: TakenEvent},
    operation_id="report_events",
    summary="Report activity",
    openapi_extra={"requestBody": REPORT},
)
@allows(scopes=["activity:write"], to="report activity", keyless=True)
@keeps_answers("taken")
@body_up_to(BODY_BYTES_MAX)
def report_events(
    request: HttpRequest, *, dry_run: DryRun = False, explain: Explained = "none"
) -> HttpResponse:
    """Report one CloudEvent, a JSON array of them, or one a line (NDJSON).

    The answer comes after the commit. One event is answered with 201, or with 200 and the same answer
    where it was recorded before; the same `source` and `id` with other content is a conflict (409). Many
    are answered with 200 and a result for each, in order: what could not be taken is named, the rest is
    recorded. An Idempotency-Key is not needed, for events have ids of their own.

    With `dry_run` everything is worked out on the real path and nothing remains of it. With `explain` the
    answer says what every rule (`all`), or every rule whose condition held (`matched`), made of the event.
    """
    body = request.read(BODY_BYTES_MAX + 1)
    content_type = request.headers.get("Content-Type", "")
    events = decode_cloudevents(body, content_type)
    organisation_id = actor_of(request).organisation_id
    if not _many(body, content_type):
        event = _the_one(events)
        return _report_one(request, organisation_id, event, body, dry_run=dry_run, explain=explain)
    if len(events) == 1 and isinstance(events[0], EventError) and not events[0].problems[0].pointer:
        raise _refusal_of(events[0].problems, content_type)
    if explain != "none" and len(events) > EXPLAINED_MAX:
        raise Problem(
            f"At most {EXPLAINED_MAX} events at once are explained.",
            errors=[{"in": "query", "pointer": "/explain", "code": "too_many", "detail": "Send fewer."}],
        )
    return _report_many(request, organisation_id, events, body, dry_run=dry_run, explain=explain)


def _many(body: bytes, content_type: str) -> bool:
    media = content_type.partition(";")[0].strip().lower()
    return media == BATCH or media in LINES or (media == "application/json" and body.lstrip()[:1] == b"[")


def _the_one(events: Sequence[IncomingEvent | EventError]) -> IncomingEvent:
    (event,) = events
    if isinstance(event, EventError):
        raise _refusal_of(event.problems, "")
    return event


def _refusal_of(problems: Sequence[EventProblem], content_type: str) -> Refusal:
    codes = {problem.code for problem in problems}
    if "content_type_unknown" in codes:
        return MediaTypeNotTaken(media=content_type.partition(";")[0].strip(), taken=_TAKEN)
    if "body_too_large" in codes:
        return BodyTooLarge(most=BODY_BYTES_MAX)
    return Problem("This is no event that can be taken.", errors=[_shown_problem(one) for one in problems])


def _shown_problem(problem: EventProblem, prefix: str = "") -> dict[str, Any]:
    return {
        "in": "body",
        "pointer": prefix + problem.pointer,
        "code": problem.code,
        "detail": problem.sentence,
    }


def _report_one(
    request: HttpRequest,
    organisation_id: int,
    event: IncomingEvent,
    body: bytes,
    *,
    dry_run: bool,
    explain: Explain,
) -> HttpResponse:
    if dry_run:
        (taken,) = rehearse_events(organisation_id, [event], explained=explain != "none")
        return _answer_one(taken, dry_run=True, explain=explain)
    if "Idempotency-Key" in request.headers:

        def act() -> tuple[int, str]:
            (taken,) = take_in_and_tell(organisation_id, [event])
            answer = _answer_one(_explained(organisation_id, taken, explain), dry_run=False, explain=explain)
            return answer.status_code, answer.content.decode()

        return answer_once(request, act, body=body)
    taken = take_in_one(organisation_id, event)
    if explain != "none":
        with in_organisation(organisation_id):
            taken = _explained(organisation_id, taken, explain)
    return _answer_one(taken, dry_run=False, explain=explain)


def _explained(organisation_id: int, taken: Taken, explain: Explain) -> Taken:
    return explain_taken(organisation_id, [taken])[0] if explain != "none" else taken


def _answer_one(taken: Taken, *, dry_run: bool, explain: Explain) -> HttpResponse:
    taken.refuse()
    shown = taken_event(taken, dry_run=dry_run, explain=explain)
    repeated = shown["status"] == "repeated"
    response = _json(200 if repeated or dry_run else 201, shown)
    if repeated and not dry_run:
        response["Idempotency-Replayed"] = "true"
    if shown["links"] is not None:
        response["Location"] = shown["links"]["event"]
    return response


def _report_many(
    request: HttpRequest,
    organisation_id: int,
    events: Sequence[IncomingEvent | EventError],
    body: bytes,
    *,
    dry_run: bool,
    explain: Explain,
) -> HttpResponse:
    good = [event for event in events if not isinstance(event, EventError)]
    if dry_run:
        taken: Sequence[Taken | Exception] = rehearse_events(
            organisation_id, good, explained=explain != "none"
        )
        return _json(200, told_of_batch(events, taken, dry_run=True, explain=explain))
    if "Idempotency-Key" in request.headers:

        def act() -> tuple[int, str]:
            taken = take_in_and_tell(organisation_id, good)
            if explain != "none":
                taken = explain_taken(organisation_id, taken)
            return 200, encode(told_of_batch(events, taken, dry_run=False, explain=explain))

        return answer_once(request, act, body=body)
    taken = list(take_in_parts(organisation_id, good))
    if explain != "none":
        with in_organisation(organisation_id):
            taken = [
                one if isinstance(one, Exception) else _explained(organisation_id, one, explain)
                for one in taken
            ]
    return _json(200, told_of_batch(events, taken, dry_run=False, explain=explain))


def told_of_batch(
    events: Sequence[IncomingEvent | EventError],
    taken: Sequence[Taken | Exception],
    *,
    dry_run: bool,
    explain: Explain,
) -> dict[str, Any]:
    """The answer to a batch: a result for every event that was sent, in the order in which it was."""
    answers = iter(taken)
    results = [
        _not_read(index, event)
        if isinstance(event, EventError)
        else _result(index, event, next(answers), dry_run=dry_run, explain=explain)
        for index, event in enumerate(events)
    ]
    counted = Counter(result["status"] for result in results)
    statuses = ("recorded", "repeated", "conflict", "refused", "failed")
    return {
        "dry_run": dry_run,
        "counts": {status: counted[status] for status in statuses},
        "results": results,
    }


def _not_read(index: int, event: EventError) -> dict[str, Any]:
    """An event that could not be read; its problems say where in the request."""
    refusal = Problem(
        "This is no event that can be taken.", errors=[_shown_problem(one) for one in event.problems]
    )
    return _empty(index, event.source, event.id) | {
        "status": "refused",
        "problem": problem_document(refusal),
    }


def _result(
    index: int, event: IncomingEvent, taken: Taken | Exception, *, dry_run: bool, explain: Explain
) -> dict[str, Any]:
    result = _empty(index, event.source, event.id)
    if isinstance(taken, Exception):
        log.error("event.failed", source=event.source, key=event.id, exc_info=taken)
        return result | {"status": "failed", "problem": problem_document(OurFault())}
    outcome, refusal = taken.outcome, taken.refusal()
    result["status"] = outcome.status.value
    if refusal is not None:
        if isinstance(refusal, Problem):
            refusal = Problem(
                refusal.say(),
                errors=[{**e, "pointer": f"/{index}{e['pointer']}"} for e in refusal.errors],
            )
        return result | {"problem": problem_document(refusal)}
    if outcome.event_id is not None and not dry_run:
        result["id"] = show("act", outcome.event_id)
    result["member"] = show("mem", outcome.member_id) if outcome.member_id is not None else None
    result["grants"] = shown_grants(outcome.grants)
    if taken.explanation is not None:
        result["explanation"] = shown_explanation(taken.explanation, explain).model_dump()
    return result


def _empty(index: int, source: str | None, key: str | None) -> dict[str, Any]:
    return {
        "index": index,
        "status": "",
        "id": None,
        "source": source,
        "key": key,
        "member": None,
        "grants": [],
        "explanation": None,
        "problem": None,
    }


def _json(status: int, shown: dict[str, Any]) -> HttpResponse:
    return HttpResponse(encode(shown), status=status, content_type="application/json; charset=utf-8")
