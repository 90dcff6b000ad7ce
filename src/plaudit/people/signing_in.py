"""A browser becomes somebody's, and nobody's again; links go out by mail."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.roles import RoleName
from plaudit.people.actions.signing_in import use_link
from plaudit.people.models import User
from plaudit.people.refusals import NoWayIn
from plaudit.people.sessions import ADDRESS, DEVICE, ENDS_AT, IDLE, ORGANISATION
from plaudit.people.standing import person

# (idle, altogether): somebody who works on the programme, and a member with nothing but their own account.
COLLEAGUE_STAYS = (timedelta(minutes=30), timedelta(hours=12))
MEMBER_STAYS = (timedelta(days=14), timedelta(days=90))


def sign_in_by_link(request: HttpRequest, secret: str, *, address: str) -> Actor:
    """Use a one-time link up and sign this browser in. Raises `LinkNotValid`."""
    actor = use_link(secret)
    begin_session(request, actor, address=address)
    return actor


def begin_session(request: HttpRequest, actor: Actor, *, address: str) -> None:
    """Make this browser the actor's, under a new session key. However they proved who they are comes before."""
    assert actor.user_id is not None
    user = User.objects.get(id=actor.user_id)
    # Django keeps the key where the same person signs in again; a key seen before must not become theirs.
    request.session.flush()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    idle, altogether = MEMBER_STAYS if actor.roles == {RoleName.MEMBER} else COLLEAGUE_STAYS
    request.session[ORGANISATION] = actor.organisation_id
    request.session[DEVICE] = request.headers.get("User-Agent", "")[:300]
    request.session[ADDRESS] = address
    request.session[IDLE] = int(idle.total_seconds())
    request.session[ENDS_AT] = (clock.wall() + altogether).isoformat()


def enter_organisation(request: HttpRequest, organisation_id: int, *, address: str) -> Actor:
    """Go on in another organisation in which this person has a role. Raises `NoWayIn`."""
    user_id = request.session.get("_auth_user_id")
    actor = person(organisation_id, int(user_id)) if user_id is not None else None
    if actor is None or not actor.is_known:
        raise NoWayIn
    begin_session(request, actor, address=address)
    return actor


def sign_out(request: HttpRequest) -> None:
    """End this browser's session."""
    logout(request)


def forget_browser(response: HttpResponseBase) -> HttpResponseBase:
    """Have the browser drop what it kept of the person who signs out."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
