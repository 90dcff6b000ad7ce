"""Statements of the Experience API over HTTP, under /xapi/: a learning record store for statements (xAPI 1.0.3)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from ninja import Router

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, public
from plaudit.foundation.access.problems import XAPI_VERSION
from plaudit.foundation.api.marks import BODY_BYTES_MAX, body_up_to
from plaudit.foundation.api.refusals import BodyTooLarge, MediaTypeNotTaken
from plaudit.foundation.refusals import NotFound
from plaudit.learning.actions.statements import keep_statements
from plaudit.learning.api.asking import (
    JSON,
    agent_asked,
    answer,
    checked,
    flag,
    moment_asked,
    read_json,
    refuse_unknown,
    require_version,
    uuid_of,
    whole_number,
)
from plaudit.learning.queries.documents import files_of
from plaudit.learning.queries.statements import Question, statement, statements
from plaudit.learning.refusals import QuestionNotTaken, StatementNotTaken
from plaudit.learning.rules import statement_values as values
from plaudit.learning.rules.multipart import MIXED, File, parts, written
from plaudit.learning.rules.statement_forms import FORMS, by_ids, in_one_language
from plaudit.learning.speaking import Json, mark_of, with_names
from plaudit.learning.statement_models import Statement

router = Router(tags=["Statements"])

READS, WRITES = "statements:read", "statements:write"
PATH = "/xapi/statements"
PAGE_MAX = 100
WITH_FILES_MAX = 10
STATEMENTS_MAX = 500
MIXED_BYTES_MAX = 4 * 1024**2
"""So large is a body with files; one of statements alone has the length of any other."""
_OF_ONE = {"statementId", "voidedStatementId", "format", "attachments"}
_ASKED = {
    "agent", "verb", "activity", "registration", "related_activities", "related_agents", "since", "until",
    "limit", "format", "attachments", "ascending", "after",
}  # fmt: skip


@router.get("/about", operation_id="xapi_about")
@public
def get_about(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the framework gives it
    """Which versions of the Experience API are spoken here; this alone is answered whatever is asked in."""
    return answer({"version": [XAPI_VERSION]})


@router.api_operation(["GET", "HEAD"], "/statements", operation_id="xapi_get_statements")
@allows(scopes=[READS], to="read statements")
def get_statements(request: HttpRequest) -> HttpResponse:
    """One statement by its id, or those that fit, with the address of more."""
    require_version(request)
    query = request.GET
    ids = [name for name in ("statementId", "voidedStatementId") if name in query]
    refuse_unknown(query, _OF_ONE if ids else _ASKED)
    if len(ids) > 1:
        raise QuestionNotTaken(ids[1], "one statement is asked for at a time")
    if ids:
        return _one(request, ids[0])
    with_files = flag(query, "attachments")
    limit = min(_limit(query), WITH_FILES_MAX if with_files else PAGE_MAX)
    organisation_id = actor_of(request).organisation_id
    found = statements(organisation_id, _question(query), limit=limit + 1)
    shown = _shown(request, [one.body for one in found[:limit]])
    more = ""
    if len(found) > limit:
        more = f"{PATH}?{urlencode({**query.dict(), 'after': found[limit - 1].pk})}"
    return _with_files(request, {"statements": shown, "more": more}, found[:limit])


@router.post("/statements", operation_id="xapi_post_statements")
@allows(scopes=[WRITES], to="send statements", keyless=True)
@body_up_to(MIXED_BYTES_MAX)
def post_statements(request: HttpRequest) -> HttpResponse:
    """Keep one statement or a list of them, all or none; the answer is their ids in order."""
    require_version(request)
    refuse_unknown(request.GET, ())
    said, files = _body(request)
    some = said if isinstance(said, list) else [said]
    if len(some) > STATEMENTS_MAX:
        raise QuestionNotTaken("The list", f"it has more than {STATEMENTS_MAX} statements")
    actor = actor_of(request)
    kept = keep_statements(actor.organisation_id, some, key=actor.ref, files=files)
    return answer([str(id) for id in kept])


@router.put("/statements", operation_id="xapi_put_statement")
@allows(scopes=[WRITES], to="send statements", keyless=True)
@body_up_to(MIXED_BYTES_MAX)
def put_statement(request: HttpRequest) -> HttpResponse:
    """Keep one statement under the id that stands in the address."""
    require_version(request)
    refuse_unknown(request.GET, {"statementId"})
    id = uuid_of(request.GET, "statementId")
    said, files = _body(request)
    if id is None:
        raise QuestionNotTaken("statementId", "it is missing")
    if not isinstance(said, dict):
        raise StatementNotTaken("", "one statement is put at a time")
    if isinstance(said.get("id"), str) and said["id"].lower() != str(id):
        raise QuestionNotTaken("statementId", "the statement has another id")
    actor = actor_of(request)
    whole = {**said, "id": said.get("id", str(id))}
    keep_statements(actor.organisation_id, [whole], key=actor.ref, files=files)
    return answer(None)


def _one(request: HttpRequest, name: str) -> HttpResponse:
    id = uuid_of(request.GET, name)
    assert id is not None, "it was asked for by its id"
    found = statement(actor_of(request).organisation_id, id, voided=name == "voidedStatementId")
    if found is None:
        raise NotFound(kind="statement", ref=id)
    (shown,) = _shown(request, [found.body])
    return _with_files(request, shown, [found])


def _shown(request: HttpRequest, bodies: list[Json]) -> list[Json]:
    """As it was asked for: exactly, by ids alone, or in one language."""
    form = request.GET.get("format", FORMS[0])
    if form not in FORMS:
        raise QuestionNotTaken("format", f"it is one of {', '.join(FORMS)}")
    said = with_names(actor_of(request).organisation_id, bodies)
    if form == "ids":
        return [by_ids(one) for one in said]
    if form == "canonical":
        wanted = re.findall(r"[a-z]{2,3}(?:-[a-z0-9]+)*", request.headers.get("Accept-Language", "").lower())
        return [in_one_language(one, wanted) for one in said]
    return said


def _with_files(request: HttpRequest, said: Json, rows: list[Statement]) -> HttpResponse:
    """The answer, and with `attachments=true` each file once that came with these statements (1.5.2, 2.1.3)."""
    if not flag(request.GET, "attachments"):
        return answer(said)
    organisation_id = actor_of(request).organisation_id
    found = files_of(organisation_id, [one.statement_id for one in rows])
    files = {one.sha2: File(one.sha2, one.media, bytes(one.content)) for one in found}
    response = answer(said)
    boundary = uuid4().hex
    response.content = written(response.content, files.values(), boundary)
    response["Content-Type"] = f"{MIXED}; boundary={boundary}"
    return response


def _question(query: QueryDict) -> Question:
    return Question(
        agent=mark_of(who) if (who := agent_asked(query)) else None,
        verb=checked(query, "verb", values.iri),
        activity=checked(query, "activity", values.iri),
        registration=uuid_of(query, "registration"),
        related_activities=flag(query, "related_activities"),
        related_agents=flag(query, "related_agents"),
        since=moment_asked(query, "since"),
        until=moment_asked(query, "until"),
        ascending=flag(query, "ascending"),
        after=whole_number(query, "after"),
    )


def _limit(query: QueryDict) -> int:
    return whole_number(query, "limit") or PAGE_MAX


def _body(request: HttpRequest) -> tuple[Any, dict[str, File]]:
    """What was said, and the files that were sent along, by SHA-2."""
    media = (request.content_type or "").lower()
    body = request.read(MIXED_BYTES_MAX + 1)
    if media == MIXED:
        said, files = parts(body, request.headers["Content-Type"])
        return read_json(said), files
    if media != JSON:
        raise MediaTypeNotTaken(media=media, taken=f"{JSON} or {MIXED}")
    if len(body) > BODY_BYTES_MAX:
        raise BodyTooLarge(most=BODY_BYTES_MAX)
    return read_json(body), {}
