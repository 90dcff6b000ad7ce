"""Every route says who may use it, and what it says is held against who asks."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from plaudit.foundation.access.actors import NOBODY, Actor, AtWork
from plaudit.foundation.access.admitting import admit
from plaudit.foundation.access.declarations import (
    ObjectRule,
    allows,
    declaration_of,
    page_that_shows_refusals_of,
    public,
    refusals_shown_by,
)
from plaudit.foundation.access.refusals import KeyNeeded, ScopeMissing, SignInNeeded
from plaudit.foundation.access.roles import COLLEAGUES, EVERYBODY, RoleName
from plaudit.foundation.access.routes import ANY, UndeclaredRoutes, require_declarations, routes, undeclared
from plaudit.foundation.access.scopes import SCOPES
from plaudit.foundation.refusals import NotAllowed, NotFound

AT_WORK = AtWork(1, "abcdefghjk", "harbour", "Harbour Coffee", sandbox=False, time_zone="UTC")


def _person(*roles: RoleName) -> Actor:
    return Actor(ref="usr_1", organisation=AT_WORK, user_id=1, roles=frozenset(roles))


def _program(*scopes: str) -> Actor:
    return Actor(ref="key_1", organisation=AT_WORK, key_id=UUID(int=1), scopes=frozenset(scopes))


@public
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@require_GET
@allows(roles=[RoleName.FINANCE], scopes=["ledger:read"], to="see the books")
def books(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


api = NinjaAPI(docs_url=None, openapi_url=None, urls_namespace="declared")


@api.get("/books")
@allows(scopes=["ledger:read"])
def read_books(request: HttpRequest) -> str:
    return ""


@api.post("/books")
def write_books(request: HttpRequest) -> str:
    return ""


urlpatterns: list[URLPattern | URLResolver] = [
    path("", front, name="front"),
    path("deep/", include([path("books/<int:year>", books, name="books"), path("forgotten", forgotten)])),
    path("api/", api.urls),
]


def test_no_route_of_the_application_is_undeclared():
    assert undeclared() == []


def test_routes_are_found_however_deep_with_what_they_declare():
    found = {(route.method, route.path): route.access for route in routes(urlpatterns)}

    assert found[ANY, "/"] is declaration_of(front, "GET")
    assert found[ANY, "/deep/books/<int:year>"] is declaration_of(books, "GET")
    assert found[ANY, "/deep/forgotten"] is None
    read = found["GET", "/api/books"]
    assert read is not None and read.scopes == {"ledger:read"}
    assert found["POST", "/api/books"] is None


def test_an_undeclared_page_or_operation_keeps_the_application_from_starting():
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(UndeclaredRoutes) as refused:
        require_declarations()

    assert "* /deep/forgotten" in str(refused.value)
    assert "POST /api/books" in str(refused.value)
    assert "GET /api/books" not in str(refused.value)


def test_a_method_nobody_serves_is_refused_to_everybody_alike():
    view = next(one.callback for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root")
    assert view is not None

    declared = declaration_of(view, "DELETE")

    assert declared is not None and declared.public


def test_a_declaration_survives_djangos_decorators_and_reads_as_a_sentence():
    declared = declaration_of(books, "GET")

    assert declared is not None
    assert declared.says() == "finance, key with ledger:read"
    assert declaration_of(front, "GET").says() == "everybody"  # type: ignore[union-attr]  # it is declared above


@pytest.mark.parametrize("wrong", [{}, {"roles": ["emperor"]}, {"scopes": ["ledger:burn"]}])
def test_a_declaration_nobody_could_meet_is_refused_where_it_is_written(wrong):
    with pytest.raises(AssertionError):
        allows(**wrong)


def test_who_is_not_known_is_told_how_to_become_known():
    declared = declaration_of(books, "GET")
    assert declared is not None

    with pytest.raises(SignInNeeded):
        admit(NOBODY, declared, {}, program=False)
    with pytest.raises(KeyNeeded):
        admit(NOBODY, declared, {}, program=True)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_person_needs_one_of_the_roles(role):
    declared = declaration_of(books, "GET")
    assert declared is not None

    if role == "finance":
        admit(_person(role), declared, {}, program=False)
        return
    with pytest.raises(NotAllowed) as refused:
        admit(_person(role), declared, {}, program=False)
    assert refused.value.say() == "You may not see the books."
    assert "finance" in refused.value.next_step()


@pytest.mark.parametrize("scope", SCOPES)
def test_a_program_needs_one_of_the_scopes_or_admin(scope):
    declared = declaration_of(books, "GET")
    assert declared is not None

    if scope in {"ledger:read", "admin"}:
        admit(_program(scope), declared, {}, program=True)
        return
    with pytest.raises(ScopeMissing):
        admit(_program(scope), declared, {}, program=True)


def test_the_object_rule_is_asked_last():
    asked = []

    def check(actor, arguments):
        asked.append(arguments)
        raise NotFound(kind="book", ref=arguments["year"])

    @allows(roles=COLLEAGUES, objects=ObjectRule("books of this year", check))
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    declared = declaration_of(view, "GET")
    assert declared is not None
    with pytest.raises(NotAllowed):
        admit(_person(RoleName.MEMBER), declared, {"year": 1}, program=False)
    assert asked == []
    with pytest.raises(NotFound):
        admit(_person(RoleName.DESK), declared, {"year": 1}, program=False)
    assert asked == [{"year": 1}]


def test_a_form_names_the_page_that_shows_its_refusals():
    @public
    @refusals_shown_by(front)
    def act(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert page_that_shows_refusals_of(act) is front
    assert page_that_shows_refusals_of(front) is None
