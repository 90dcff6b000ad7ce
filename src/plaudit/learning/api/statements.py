"""Statements of the Experience API over HTTP, under /xapi/: a learning record store for statements (xAPI 1.0.3)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from ninja import Router

from plaudit.foundation import clock
from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, public
from plaudit.foundation.access.problems import XAPI_VERSION
from plaudit.foundation.api.refusals import MediaTypeNotTaken
from plaudit.foundation.exact import encode
from plaudit.foundation.refusals import NotFound
from plaudit.learning.actions.statements import keep_statements
from plaudit.learning.queries.statements import Question, statement, statements
from plaudit.learning.refusals import QuestionNotTaken, StatementNotTaken, VersionNotTaken
from plaudit.learning.rules import statement_values as values
from plaudit.learning.rules.statement_forms import FORMS, by_ids, in_one_language
from plaudit.learning.rules.statements import actor as check_actor
from plaudit.learning.rules.statements import identifier_of
from plaudit.learning.speaking import Json, mark_of, with_names

router = Router(tags=["Statements"])

READS, WRITES = "statements:read", "statements:write"
PATH = "/xapi/statements"
PAGE_MAX = 100
STATEMENTS_MAX = 500
_JSON = "application/json"
_OF_ONE = {"statementId", "voidedStatementId", "format", "attachments"}
_ASKED = {
    "agent", "verb", "activity", "registration", "related_activities", "related_agents", "since", "until",
    "limit", "format", "attachments", "ascending", "after",
}  # fmt: skip


@router.get("/about", operation_id="xapi_about")
@public
def get_about(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the framework gives it
    """Which versions of the Experience API are spoken here; this alone is answered whatever is asked in."""
    return _answer({"version": [XAPI_VERSION]})


@router.api_operation(["GET", "HEAD"], "/statements", operation_id="xapi_get_statements")
@allows(scopes=[READS], to="read statements")
def get_statements(request: HttpRequest) -> HttpResponse:
    """One statement by its id, or those that fit, with the address of more."""
    _require_version(request)
    query = request.GET
    ids = [name for name in ("statementId", "voidedStatementId") if name in query]
    _refuse_unknown(query, _OF_ONE if ids else _ASKED)
    if len(ids) > 1:
        raise QuestionNotTaken(ids[1], "one statement is asked for at a time")
    if ids:
        return _one(request, ids[0])
    limit = min(_limit(query), PAGE_MAX)
    organisation_id = actor_of(request).organisation_id
    found = statements(organisation_id, _question(query), limit=limit + 1)
    shown = _shown(request, [one.body for one in found[:limit]])
    more = ""
    if len(found) > limit:
        more = f"{PATH}?{urlencode({**query.dict(), 'after': found[limit - 1].pk})}"
    return _answer({"statements": shown, "more": more})


@router.post("/statements", operation_id="xapi_post_statements")
@allows(scopes=[WRITES], to="send statements", keyless=True)
def post_statements(request: HttpRequest) -> HttpResponse:
    """Keep one statement or a list of them, all or none; the answer is their ids in order."""
    _require_version(request)
    _refuse_unknown(request.GET, ())
    said = _body(request)
    some = said if isinstance(said, list) else [said]
    if len(some) > STATEMENTS_MAX:
        raise QuestionNotTaken("The list", f"it has more than {STATEMENTS_MAX} statements")
    actor = actor_of(request)
    kept = keep_statements(actor.organisation_id, some, key=actor.ref)
    return _answer([str(id) for id in kept])


@router.put("/statements", operation_id="xapi_put_statement")
@allows(scopes=[WRITES], to="send statements", keyless=True)
def put_statement(request: HttpRequest) -> HttpResponse:
    """Keep one statement under the id that stands in the address."""
    _require_version(request)
    _refuse_unknown(request.GET, {"statementId"})
    id, said = _uuid(request.GET, "statementId"), _body(request)
    if id is None:
        raise QuestionNotTaken("statementId", "it is missing")
    if not isinstance(said, dict):
        raise StatementNotTaken("", "one statement is put at a time")
    if isinstance(said.get("id"), str) and said["id"].lower() != str(id):
        raise QuestionNotTaken("statementId", "the statement has another id")
    actor = actor_of(request)
    keep_statements(actor.organisation_id, [{**said, "id": said.get("id", str(id))}], key=actor.ref)
    return _answer(None)


def _one(request: HttpRequest, name: str) -> HttpResponse:
    id = _uuid(request.GET, name)
    assert id is not None, "it was asked for by its id"
    found = statement(actor_of(request).organisation_id, id, voided=name == "voidedStatementId")
    if found is None:
        raise NotFound(kind="statement", ref=id)
    (shown,) = _shown(request, [found.body])
    return _answer(shown)


def _shown(request: HttpRequest, bodies: list[Json]) -> list[Json]:
    """As it was asked for: exactly, by ids alone, or in one language."""
    form = request.GET.get("format", FORMS[0])
    if form not in FORMS:
        raise QuestionNotTaken("format", f"it is one of {', '.join(FORMS)}")
    if _flag(request.GET, "attachments"):
        raise QuestionNotTaken(
            "attachments", "what statements have attached is kept where they say, and not here"
        )
    said = with_names(actor_of(request).organisation_id, bodies)
    if form == "ids":
        return [by_ids(one) for one in said]
    if form == "canonical":
        wanted = re.findall(r"[a-z]{2,3}(?:-[a-z0-9]+)*", request.headers.get("Accept-Language", "").lower())
        return [in_one_language(one, wanted) for one in said]
    return said


def _question(query: QueryDict) -> Question:
    return Question(
        agent=_mark(query),
        verb=_checked(query, "verb", values.iri),
        activity=_checked(query, "activity", values.iri),
        registration=_uuid(query, "registration"),
        related_activities=_flag(query, "related_activities"),
        related_agents=_flag(query, "related_agents"),
        since=values.moment_of(said) if (said := _checked(query, "since", values.moment)) else None,
        until=values.moment_of(said) if (said := _checked(query, "until", values.moment)) else None,
        ascending=_flag(query, "ascending"),
        after=_whole(query, "after"),
    )


def _checked(query: QueryDict, name: str, check: Callable[[Any, str], None]) -> str:
    """What is asked, held to what a statement's own values must be (2.2)."""
    if name not in query:
        return ""
    said = str(query[name])
    check(said, name)
    return said


def _uuid(query: QueryDict, name: str) -> UUID | None:
    return UUID(said) if (said := _checked(query, name, values.uuid)) else None


def _flag(query: QueryDict, name: str) -> bool:
    said = query.get(name, "false")
    if said not in ("true", "false"):
        raise QuestionNotTaken(name, "it is true or false")
    return said == "true"


def _whole(query: QueryDict, name: str) -> int | None:
    said = query.get(name, "")
    if not re.fullmatch(r"[0-9]{0,15}", said):
        raise QuestionNotTaken(name, "it is a whole number")
    return int(said) if said else None


def _limit(query: QueryDict) -> int:
    return _whole(query, "limit") or PAGE_MAX


def _mark(query: QueryDict) -> str | None:
    if "agent" not in query:
        return None
    who = _read(str(query["agent"]).encode())
    check_actor(who, "agent")
    if not identifier_of(who):
        raise QuestionNotTaken("agent", "a group of its members alone is nobody to ask for")
    return mark_of(who)


def _refuse_unknown(query: Mapping[str, Any], known: Collection[str]) -> None:
    for name in query:
        if name not in known:
            raise QuestionNotTaken(name, "it is not asked here")


def _require_version(request: HttpRequest) -> None:
    version = request.headers.get("X-Experience-API-Version", "")
    if not re.fullmatch(r"1\.0(\.\d+)?", version):
        raise VersionNotTaken(version)


def _body(request: HttpRequest) -> Any:
    media = (request.content_type or "").lower()
    if media != _JSON:
        raise MediaTypeNotTaken(media=media, taken=_JSON)
    return _read(request.body)


def _read(text: bytes) -> Any:
    """What JSON says, numbers exactly; a property twice is refused (XAPI-00021)."""
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_constant=partial(_not_json, "no number"),
            object_pairs_hook=_pairs,
        )
    except (ValueError, RecursionError):
        raise StatementNotTaken("", "it is no JSON") from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise StatementNotTaken("", "a property stands twice in it")
    if any("\0" in one for pair in pairs for one in pair if isinstance(one, str)):
        raise StatementNotTaken("", "it has a NUL character")
    return found


def _not_json(why: str, _said: str) -> Any:
    raise ValueError(why)


def _answer(said: object) -> HttpResponse:
    status = 200 if said is not None else 204
    response = HttpResponse(encode(said) if said is not None else b"", status=status, content_type=_JSON)
    response["X-Experience-API-Version"] = XAPI_VERSION
    response["X-Experience-API-Consistent-Through"] = clock.now().isoformat()
    return response
