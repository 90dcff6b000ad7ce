"""Documents of the Experience API over HTTP, under /xapi/: states and profiles, with which courses go on (xAPI 1.0.3)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from ninja import Router

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.refusals import NotFound
from plaudit.learning.actions.documents import (
    Asked,
    Sent,
    delete_documents,
    post_document,
    put_document,
)
from plaudit.learning.api.asking import (
    agent_asked,
    answer,
    checked,
    moment_asked,
    refuse_unknown,
    require_version,
    uuid_of,
)
from plaudit.learning.api.statements import READS, WRITES
from plaudit.learning.document_models import Document, Resource
from plaudit.learning.queries.documents import Place, document, names_of
from plaudit.learning.refusals import QuestionNotTaken
from plaudit.learning.rules import statement_values as values
from plaudit.learning.rules.documents import etag
from plaudit.learning.speaking import Json, mark_of

router = Router(tags=["Statements"])

NAME_MAX = 1_000
_PLAIN = "application/octet-stream"
_NAMES = {Resource.STATE: "stateId", Resource.AGENT: "profileId", Resource.ACTIVITY: "profileId"}
_KNOWN = {
    Resource.STATE: {"activityId", "agent", "registration", "stateId"},
    Resource.AGENT: {"agent", "profileId"},
    Resource.ACTIVITY: {"activityId", "profileId"},
}
Answers = Callable[[HttpRequest], HttpResponse]


@router.api_operation(["GET", "HEAD"], "/activities/state", operation_id="xapi_get_state")
@allows(scopes=[READS], to="read what courses keep")
def get_state(request: HttpRequest) -> HttpResponse:
    """Where somebody is in an activity: one document, or the names of all."""
    return _get(request, Resource.STATE)


@router.put("/activities/state", operation_id="xapi_put_state")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def put_state(request: HttpRequest) -> HttpResponse:
    """Keep a document of where somebody is in an activity, in the place of what is there."""
    return _put(request, Resource.STATE)


@router.post("/activities/state", operation_id="xapi_post_state")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def post_state(request: HttpRequest) -> HttpResponse:
    """Merge a JSON document into where somebody is in an activity."""
    return _post(request, Resource.STATE)


@router.delete("/activities/state", operation_id="xapi_delete_state")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def delete_state(request: HttpRequest) -> HttpResponse:
    """Take away one document of where somebody is in an activity, or all of them."""
    return _delete(request, Resource.STATE)


@router.api_operation(["GET", "HEAD"], "/activities/profile", operation_id="xapi_get_activity_profile")
@allows(scopes=[READS], to="read what courses keep")
def get_activity_profile(request: HttpRequest) -> HttpResponse:
    """What is kept of an activity for everybody: one document, or the names of all."""
    return _get(request, Resource.ACTIVITY)


@router.put("/activities/profile", operation_id="xapi_put_activity_profile")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def put_activity_profile(request: HttpRequest) -> HttpResponse:
    """Keep a document of an activity; what is there has to be named by its ETag."""
    return _put(request, Resource.ACTIVITY)


@router.post("/activities/profile", operation_id="xapi_post_activity_profile")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def post_activity_profile(request: HttpRequest) -> HttpResponse:
    """Merge a JSON document into one of an activity."""
    return _post(request, Resource.ACTIVITY)


@router.delete("/activities/profile", operation_id="xapi_delete_activity_profile")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def delete_activity_profile(request: HttpRequest) -> HttpResponse:
    """Take a document of an activity away."""
    return _delete(request, Resource.ACTIVITY)


@router.api_operation(["GET", "HEAD"], "/agents/profile", operation_id="xapi_get_agent_profile")
@allows(scopes=[READS], to="read what courses keep")
def get_agent_profile(request: HttpRequest) -> HttpResponse:
    """What is kept of a learner for every activity: one document, or the names of all."""
    return _get(request, Resource.AGENT)


@router.put("/agents/profile", operation_id="xapi_put_agent_profile")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def put_agent_profile(request: HttpRequest) -> HttpResponse:
    """Keep a document of a learner; what is there has to be named by its ETag."""
    return _put(request, Resource.AGENT)


@router.post("/agents/profile", operation_id="xapi_post_agent_profile")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def post_agent_profile(request: HttpRequest) -> HttpResponse:
    """Merge a JSON document into one of a learner."""
    return _post(request, Resource.AGENT)


@router.delete("/agents/profile", operation_id="xapi_delete_agent_profile")
@allows(scopes=[WRITES], to="keep documents of courses", keyless=True)
def delete_agent_profile(request: HttpRequest) -> HttpResponse:
    """Take a document of a learner away."""
    return _delete(request, Resource.AGENT)


def _get(request: HttpRequest, resource: Resource) -> HttpResponse:
    place, _ = _place(request, resource, also=("since",))
    organisation_id = actor_of(request).organisation_id
    if not place.name:
        return answer(names_of(organisation_id, place, since=moment_asked(request.GET, "since")))
    if "since" in request.GET:
        raise QuestionNotTaken("since", "one document is asked for by its name")
    found = document(organisation_id, place)
    if found is None:
        raise NotFound(kind="document", ref=place.name)
    response = _tagged(answer(None), found)
    response.status_code, response.content = 200, bytes(found.content)
    response["Content-Type"] = found.media
    # What a course sent is shown to nobody as a page of ours.
    response["Content-Disposition"] = "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _put(request: HttpRequest, resource: Resource) -> HttpResponse:
    place, agent = _place(request, resource, named=True)
    kept = put_document(
        actor_of(request).organisation_id,
        place,
        _sent(request),
        _asked(request),
        agent=agent,
        blindly=resource is Resource.STATE,
    )
    return _tagged(answer(None), kept)


def _post(request: HttpRequest, resource: Resource) -> HttpResponse:
    place, agent = _place(request, resource, named=True)
    organisation_id = actor_of(request).organisation_id
    return _tagged(
        answer(None), post_document(organisation_id, place, _sent(request), _asked(request), agent=agent)
    )


def _delete(request: HttpRequest, resource: Resource) -> HttpResponse:
    place, _ = _place(request, resource, named=resource is not Resource.STATE)
    delete_documents(actor_of(request).organisation_id, place, _asked(request))
    return answer(None)


def _tagged(response: HttpResponse, one: Document) -> HttpResponse:
    response["ETag"] = etag(one.digest)
    response["Last-Modified"] = http_date(one.changed_at.timestamp())
    return response


def _place(
    request: HttpRequest, resource: Resource, *, named: bool = False, also: tuple[str, ...] = ()
) -> tuple[Place, Json | None]:
    """What the address names, and the learner as they are named there. Raises `QuestionNotTaken`."""
    require_version(request)
    query, known, by = request.GET, _KNOWN[resource], _NAMES[resource]
    refuse_unknown(query, known | set(also))
    needed = known - {"registration", *(() if named else (by,))}
    for name in sorted(needed):
        if not query.get(name):
            raise QuestionNotTaken(name, "it is missing")
    name = checked(query, by, _name)
    agent = agent_asked(query)
    registration: UUID | None = uuid_of(query, "registration")
    activity = checked(query, "activityId", values.iri)
    return Place(resource, activity, mark_of(agent) if agent else "", registration, name), agent


def _name(value: str, where: str) -> None:
    if not 0 < len(value) <= NAME_MAX or not value.isprintable():
        raise QuestionNotTaken(where, f"it has 1 to {NAME_MAX} characters that can be printed")


def _asked(request: HttpRequest) -> Asked:
    return Asked(request.headers.get("If-Match"), request.headers.get("If-None-Match"))


def _sent(request: HttpRequest) -> Sent:
    media = request.headers.get("Content-Type") or _PLAIN
    values.media_type(media, "Content-Type")
    return Sent(media, request.body)
