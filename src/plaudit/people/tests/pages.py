"""A small application with a page, a form and an API of its own, for tests of who gets in."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from ninja import NinjaAPI, Schema, Status

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, public, refusals_shown_by
from plaudit.foundation.access.problems import translate_in
from plaudit.foundation.access.roles import COLLEAGUES, EVERYBODY, RoleName
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.teams import create_team
from plaudit.people.models import Team
from plaudit.people.queries import member
from plaudit.people.reach import member_in_reach, themselves
from plaudit.people.signing_in import forget_browser, sign_in_by_link, sign_out


@public
def welcome(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Welcome")


@public
def sign_in(request: HttpRequest, secret: str) -> HttpResponse:
    actor = sign_in_by_link(request, secret)
    assert actor is not None
    return HttpResponse(f"Hello {actor.name}")


@allows(roles=EVERYBODY)
def leave(request: HttpRequest) -> HttpResponseBase:
    sign_out(request)
    return forget_browser(HttpResponse("Bye"))


@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see a balance")
def mine(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Yours, {actor_of(request).ref}")


@allows(roles=COLLEAGUES, objects=member_in_reach(), to="see members")
def one_member(request: HttpRequest, member_id: str) -> HttpResponse:
    return HttpResponse(member(actor_of(request).organisation_id, member_id).name)


@allows(roles=[RoleName.MANAGER], to="see teams")
def teams(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    keys = ", ".join(Team.objects.order_by("key").values_list("key", flat=True))
    return HttpResponse(f"{refusal.say() if refusal else ''}[{keys}]")


@allows(roles=[RoleName.MANAGER], to="make teams")
@refusals_shown_by(teams)
def new_team(request: HttpRequest) -> HttpResponse:
    at = actor_of(request).organisation_id
    create_team(at, key=request.POST["key"], name="Team", actor=actor_of(request).ref)
    if request.POST.get("then") == "fail":
        raise ZeroDivisionError
    return HttpResponse("made", status=201)


@allows(roles=[RoleName.MANAGER])
def careless(request: HttpRequest) -> HttpResponse:
    """A page that writes although it is only read."""
    Team.objects.create(organisation_id=actor_of(request).organisation_id, key="sneaky", name="Sneaky")
    return HttpResponse("written")


class NewTeam(Schema):
    """What the API takes."""

    key: str
    size: int = 0


class MadeTeam(Schema):
    """What the API answers."""

    key: str


api = NinjaAPI(docs_url=None, openapi_url=None, urls_namespace="small")
translate_in(api)


@api.get("/teams", response=list[MadeTeam])
@allows(scopes=["members:read"], to="read teams")
def list_teams(request: HttpRequest) -> list[Team]:
    return list(Team.objects.order_by("key"))


@api.post("/teams", response={201: MadeTeam})
@allows(scopes=["members:write"], to="make teams")
def post_team(request: HttpRequest, new: NewTeam) -> Status[Team]:
    actor = actor_of(request)
    made = create_team(actor.organisation_id, key=new.key, name="Team", actor=actor.ref)
    create_team(actor.organisation_id, key=f"{new.key}-reserve", name="Team", actor=actor.ref)
    return Status(201, made)


@api.post("/loose", response={200: MadeTeam})
@allows(scopes=["members:write"], keyless=True)
def loose(request: HttpRequest, new: NewTeam) -> MadeTeam:
    with in_organisation(actor_of(request).organisation_id):
        found, _ = Team.objects.get_or_create(
            organisation_id=actor_of(request).organisation_id, key=new.key, defaults={"name": "Team"}
        )
    return MadeTeam(key=found.key)


@api.post("/cut", response={200: MadeTeam})
@allows(scopes=["members:write"])
def cut(request: HttpRequest, new: NewTeam, gently: bool = False) -> MadeTeam:
    """Loses its database half-way, unless asked gently."""
    actor = actor_of(request)
    create_team(actor.organisation_id, key=new.key, name="Team", actor=actor.ref)
    if not gently:
        connection.connection.close()
        connection.cursor()
    return MadeTeam(key=new.key)


@api.get("/members/{member_id}", response=str)
@allows(scopes=["members:read"], objects=member_in_reach())
def get_member(request: HttpRequest, member_id: str) -> str:
    return member(actor_of(request).organisation_id, member_id).name


urlpatterns = [
    path("", welcome, name="welcome"),
    path("sign-in/<str:secret>", sign_in),
    path("leave", leave),
    path("me", mine),
    path("members/<str:member_id>", one_member),
    path("teams", teams),
    path("teams/new", new_team),
    path("careless", careless),
    path("api/v1/", api.urls),
]
