"""A browser becomes somebody's, and nobody's again; links are asked for, and go out by mail."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plaudit.foundation import clock, config
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.limits import SIGN_IN_BY_ADDRESS, count
from plaudit.foundation.access.refusals import TooManyRequests
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.requests import client_address
from plaudit.people import tasks
from plaudit.people.actions.signing_in import use_link
from plaudit.people.models import User
from plaudit.people.refusals import NoWayIn
from plaudit.people.sessions import ADDRESS, DEVICE, ENDS_AT, IDLE, ORGANISATION
from plaudit.people.standing import person

# (idle, altogether): somebody who works on the programme, and a member with nothing but their own account.
COLLEAGUE_STAYS = (timedelta(minutes=30), timedelta(hours=12))
MEMBER_STAYS = (timedelta(days=14), timedelta(days=90))


def ask_for_link(request: HttpRequest, *, email: str, slug: str = "") -> None:
    """Have links mailed to whoever has this address; say the same to everybody afterwards.

    With `slug` to that organisation only, whose members are then known by the address on record. Raises
    `TooManyRequests` for an address that asks or tries too often.
    """
    _count(request)
    # Django refuses a host that is not one of ours, so a forged one never gets into a link.
    base_url = config.load().base_url.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    tasks.ask_for_link(email=email, base_url=base_url, slug=slug)


def sign_in_by_link(request: HttpRequest, secret: str) -> Actor:
    """Use a one-time link up and sign this browser in.

    Call it for a POST alone: what scans mail follows every link, and would use it up. Raises
    `LinkNotValid` and `TooManyRequests`.
    """
    _count(request)
    actor = use_link(secret)
    begin_session(request, actor)
    return actor


def begin_session(request: HttpRequest, actor: Actor) -> None:
    """Make this browser the actor's, under a new session key. How they proved who they are comes before."""
    assert actor.user_id is not None
    user = User.objects.get(id=actor.user_id)
    # Django keeps the key where the same person signs in again; a key seen before must not become theirs.
    request.session.flush()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    idle, altogether = MEMBER_STAYS if actor.roles == {RoleName.MEMBER} else COLLEAGUE_STAYS
    request.session[ORGANISATION] = actor.organisation_id
    request.session[DEVICE] = request.headers.get("User-Agent", "")[:300]
    request.session[ADDRESS] = client_address(request)
    request.session[IDLE] = int(idle.total_seconds())
    request.session[ENDS_AT] = (clock.wall() + altogether).isoformat()


def enter_organisation(request: HttpRequest, organisation_id: int) -> Actor:
    """Go on in another organisation in which this person has a role. Raises `NoWayIn`."""
    user_id = request.session.get("_auth_user_id")
    actor = person(organisation_id, int(user_id)) if user_id is not None else None
    if actor is None or not actor.is_known:
        raise NoWayIn
    begin_session(request, actor)
    return actor


def current_session(request: HttpRequest) -> UUID | None:
    """Which of a person's sessions this browser's is; None where nobody is signed in."""
    found: UUID | None = getattr(request.session, "id", None)
    return found


def sign_out(request: HttpRequest) -> None:
    """End this browser's session."""
    logout(request)


def forget_browser(response: HttpResponseBase) -> HttpResponseBase:
    """Have the browser drop what it kept of the person who signs out."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _count(request: HttpRequest) -> None:
    standing = count(SIGN_IN_BY_ADDRESS, client_address(request))
    if not standing.allowed:
        raise TooManyRequests(retry_after=standing.seconds)
