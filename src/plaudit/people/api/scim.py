"""Provisioning over HTTP: what a directory asks and tells by SCIM 2.0 (RFC 7644), under /scim/v2."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from ninja import Router

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.problems import SCIM_MEDIA_TYPE
from plaudit.foundation.api.refusals import PreconditionFailed
from plaudit.foundation.exact import encode
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions import provisioning, provisioning_groups
from plaudit.people.provisioned import ProvisionedPerson, ProvisionedTeam
from plaudit.people.scim import about, finding, resources
from plaudit.people.scim.asking import Asked, body_of, names, of_query, operations_in, wanted
from plaudit.people.scim.patching import patched
from plaudit.people.scim.schemas import ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA, Json, normal
from plaudit.people.signing_in import origin_of

router = Router(tags=["Provisioning"])

SCOPE = "scim"
_FOR_PEOPLE = (finding.searchable(USER_SCHEMA), ENTERPRISE_SCHEMA)
_FOR_GROUPS = (finding.searchable(GROUP_SCHEMA),)


@router.get("/ServiceProviderConfig", operation_id="scim_config")
@allows(scopes=[SCOPE], to="ask what provisioning can do")
def get_config(request: HttpRequest) -> HttpResponse:
    """What provisioning here can do."""
    return _answer(about.config(_at(request)))


@router.get("/ResourceTypes", operation_id="scim_resource_types")
@allows(scopes=[SCOPE], to="ask what provisioning can do")
def get_resource_types(request: HttpRequest) -> HttpResponse:
    """The kinds of resources there are."""
    return _answer(about.listed(about.resource_types(_at(request))))


@router.get("/ResourceTypes/{name}", operation_id="scim_resource_type")
@allows(scopes=[SCOPE], to="ask what provisioning can do")
def get_resource_type(request: HttpRequest, name: str) -> HttpResponse:
    """One kind of resource."""
    return _answer(_named("resource type", name, about.resource_types(_at(request))))


@router.get("/Schemas", operation_id="scim_schemas")
@allows(scopes=[SCOPE], to="ask what provisioning can do")
def get_schemas(request: HttpRequest) -> HttpResponse:
    """What each kind of resource says."""
    return _answer(about.listed(about.schemas(_at(request))))


@router.get("/Schemas/{name}", operation_id="scim_schema")
@allows(scopes=[SCOPE], to="ask what provisioning can do")
def get_schema(request: HttpRequest, name: str) -> HttpResponse:
    """What one kind of resource says."""
    return _answer(_named("schema", name, about.schemas(_at(request))))


@router.get("/Users", operation_id="scim_list_users")
@allows(scopes=[SCOPE], to="read people")
def list_people(request: HttpRequest) -> HttpResponse:
    """People by a filter, a page at a time."""
    return _people(request, of_query(request.GET))


@router.post("/Users/.search", operation_id="scim_search_users")
@allows(scopes=[SCOPE], to="read people", keyless=True)
def search_people(request: HttpRequest) -> HttpResponse:
    """The same, asked in a body, so that no name stands in an address (RFC 7644, 3.4.3)."""
    with in_organisation(actor_of(request).organisation_id):
        return _people(request, body_of(request))


@router.post("/Users", operation_id="scim_create_user")
@allows(scopes=[SCOPE], to="let people in", keyless=True)
def post_person(request: HttpRequest) -> HttpResponse:
    """Let somebody in."""
    actor = actor_of(request)
    row = provisioning.provision_person(
        actor.organisation_id, _person_said(body_of(request)), actor=actor.ref
    )
    return _shown(request, _person(request, row), status=201)


@router.get("/Users/{id}", operation_id="scim_get_user")
@allows(scopes=[SCOPE], to="read people")
def get_person(request: HttpRequest, id: str) -> HttpResponse:
    """One person."""
    return _shown(request, _person(request, resources.person_row(actor_of(request).organisation_id, id)))


@router.put("/Users/{id}", operation_id="scim_replace_user")
@allows(scopes=[SCOPE], to="change people", keyless=True)
def put_person(request: HttpRequest, id: str) -> HttpResponse:
    """Let somebody be as they are told of now, and no more than that."""
    said = _person_said(body_of(request))
    return _change_person(request, id, lambda _: said)


@router.patch("/Users/{id}", operation_id="scim_change_user")
@allows(scopes=[SCOPE], to="change people", keyless=True)
def patch_person(request: HttpRequest, id: str) -> HttpResponse:
    """Change some of what is told of somebody."""
    operations = operations_in(body_of(request))

    def change(row: ProvisionedPerson) -> Json:
        return _person_said(patched(provisioning.told_of(row), operations, USER_SCHEMA, ENTERPRISE_SCHEMA))

    return _change_person(request, id, change)


@router.delete("/Users/{id}", operation_id="scim_delete_user")
@allows(scopes=[SCOPE], to="let people go", keyless=True)
def delete_person(request: HttpRequest, id: str) -> HttpResponse:
    """Let somebody go: no role, no session; what they did stays."""
    actor = actor_of(request)
    provisioning.unprovision_person(
        actor.organisation_id, id, lambda row: _require(request, _person(request, row)), actor=actor.ref
    )
    return HttpResponse(status=204)


@router.get("/Groups", operation_id="scim_list_groups")
@allows(scopes=[SCOPE], to="read teams")
def list_groups(request: HttpRequest) -> HttpResponse:
    """Groups by a filter, a page at a time."""
    return _groups(request, of_query(request.GET))


@router.post("/Groups/.search", operation_id="scim_search_groups")
@allows(scopes=[SCOPE], to="read teams", keyless=True)
def search_groups(request: HttpRequest) -> HttpResponse:
    """The same, asked in a body."""
    with in_organisation(actor_of(request).organisation_id):
        return _groups(request, body_of(request))


@router.post("/Groups", operation_id="scim_create_group")
@allows(scopes=[SCOPE], to="change teams", keyless=True)
def post_group(request: HttpRequest) -> HttpResponse:
    """Keep a team as a group."""
    actor = actor_of(request)
    said = normal(GROUP_SCHEMA, body_of(request))
    row = provisioning_groups.provision_group(actor.organisation_id, said, actor=actor.ref)
    return _shown(request, _group(request, row), status=201)


@router.get("/Groups/{id}", operation_id="scim_get_group")
@allows(scopes=[SCOPE], to="read teams")
def get_group(request: HttpRequest, id: str) -> HttpResponse:
    """One group."""
    return _shown(request, _group(request, resources.group_row(actor_of(request).organisation_id, id)))


@router.put("/Groups/{id}", operation_id="scim_replace_group")
@allows(scopes=[SCOPE], to="change teams", keyless=True)
def put_group(request: HttpRequest, id: str) -> HttpResponse:
    """Let a group be as it is told of now."""
    said = normal(GROUP_SCHEMA, body_of(request))
    return _change_group(request, id, lambda _: said)


@router.patch("/Groups/{id}", operation_id="scim_change_group")
@allows(scopes=[SCOPE], to="change teams", keyless=True)
def patch_group(request: HttpRequest, id: str) -> HttpResponse:
    """Change the name of a group, or who is in it."""
    operations = operations_in(body_of(request))

    def change(row: ProvisionedTeam) -> Json:
        return normal(GROUP_SCHEMA, patched(_group(request, row), operations, GROUP_SCHEMA))

    return _change_group(request, id, change)


@router.delete("/Groups/{id}", operation_id="scim_delete_group")
@allows(scopes=[SCOPE], to="change teams", keyless=True)
def delete_group(request: HttpRequest, id: str) -> HttpResponse:
    """Keep a team no longer as a group; the team itself remains."""
    actor = actor_of(request)
    provisioning_groups.unprovision_group(
        actor.organisation_id, id, lambda row: _require(request, _group(request, row)), actor=actor.ref
    )
    return HttpResponse(status=204)


def _change_person(
    request: HttpRequest, id: str, change: Callable[[ProvisionedPerson], Json]
) -> HttpResponse:
    actor = actor_of(request)

    def checked(row: ProvisionedPerson) -> Json:
        _require(request, _person(request, row))
        return change(row)

    row = provisioning.change_provisioned(actor.organisation_id, id, checked, actor=actor.ref)
    return _shown(request, _person(request, row))


def _change_group(request: HttpRequest, id: str, change: Callable[[ProvisionedTeam], Json]) -> HttpResponse:
    actor = actor_of(request)

    def checked(row: ProvisionedTeam) -> Json:
        _require(request, _group(request, row))
        return change(row)

    row = provisioning_groups.change_group(actor.organisation_id, id, checked, actor=actor.ref)
    return _shown(request, _group(request, row))


def _people(request: HttpRequest, asked: Asked) -> HttpResponse:
    organisation_id = actor_of(request).organisation_id
    page = wanted(asked, _FOR_PEOPLE, finding.people_where)
    total, rows = resources.people_found(organisation_id, page)
    shown = resources.people_shown(organisation_id, rows, _at(request))
    return _page(asked, shown, total, page.start)


def _groups(request: HttpRequest, asked: Asked) -> HttpResponse:
    organisation_id = actor_of(request).organisation_id
    page = wanted(asked, _FOR_GROUPS, finding.groups_where)
    total, rows = resources.groups_found(organisation_id, page)
    with_members = "members" not in {one.lower() for one in names(asked, "excludedAttributes")}
    shown = resources.groups_shown(organisation_id, rows, _at(request), with_members=with_members)
    return _page(asked, shown, total, page.start)


def _page(asked: Asked, shown: list[Json], total: int, start: int) -> HttpResponse:
    attributes, excluded = names(asked, "attributes"), names(asked, "excludedAttributes")
    kept = [resources.only(one, attributes, excluded) for one in shown]
    return _answer(about.listed(kept, total=total, start=start))


def _person_said(body: Json) -> Json:
    return normal(USER_SCHEMA, body, extension=ENTERPRISE_SCHEMA)


def _person(request: HttpRequest, row: ProvisionedPerson) -> Json:
    with in_organisation(row.organisation_id):
        return resources.people_shown(row.organisation_id, [row], _at(request))[0]


def _group(request: HttpRequest, row: ProvisionedTeam) -> Json:
    with in_organisation(row.organisation_id):
        return resources.groups_shown(row.organisation_id, [row], _at(request))[0]


def _named(kind: str, name: str, among: list[Json]) -> Json:
    found = next((one for one in among if one["id"] == name), None)
    if found is None:
        raise NotFound(kind=kind, ref=name)
    return found


def _at(request: HttpRequest) -> str:
    """Where provisioning is reached."""
    return f"{origin_of(request)}/scim/v2"


def _require(request: HttpRequest, shown: Json) -> None:
    """Raise `PreconditionFailed` where the caller names another version in If-Match than this one."""
    said = request.headers.get("If-Match")
    if said is not None and not {"*", shown["meta"]["version"]} & _tags(said):
        raise PreconditionFailed


def _tags(header: str) -> set[str]:
    return {one.strip() for one in header.split(",")}


def _shown(request: HttpRequest, shown: Json, *, status: int = 200) -> HttpResponse:
    """One resource with its version; only that it is unchanged, for whoever has this one (RFC 7644, 3.14)."""
    version, asked = shown["meta"]["version"], of_query(request.GET)
    if request.method == "GET" and version in _tags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        kept = resources.only(shown, names(asked, "attributes"), names(asked, "excludedAttributes"))
        answer = _answer(kept, status=status)
        answer["Location"] = shown["meta"]["location"]
    answer["ETag"] = version
    return answer


def _answer(said: Json, *, status: int = 200) -> HttpResponse:
    return HttpResponse(encode(said), status=status, content_type=SCIM_MEDIA_TYPE)
