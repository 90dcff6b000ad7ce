"""Finds out who asks, holds them against what the route declares, and opens their organisation for it.

Reading runs in one read-only transaction, page and all. A write of the API runs once for its
idempotency key, in the transaction that keeps its reply. The act behind a page opens its own.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from plaudit.foundation import audit
from plaudit.foundation.access.actors import NOBODY, Actor, actor_of
from plaudit.foundation.access.admitting import admit
from plaudit.foundation.access.declarations import Access, declaration_of, page_that_shows_refusals_of
from plaudit.foundation.access.languages import speak
from plaudit.foundation.access.limits import BY_ADDRESS, BY_KEY, BY_PERSON, Standing, count
from plaudit.foundation.access.problems import (
    XAPI_PREFIX,
    is_for_a_program,
    refuse,
    with_refusal_headers,
)
from plaudit.foundation.access.refusals import KeyNotAccepted, SignInNeeded, TooManyRequests, Unavailable
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.routes import require_declarations
from plaudit.foundation.api.answering import answer_once
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.requests import client_address, looks_of, route_of
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.asking import program
from plaudit.people.sessions import ORGANISATION, note_seen
from plaudit.people.standing import person
from plaudit.people.telling import say_language, tell

log = structlog.get_logger(__name__)

Respond = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]

READING = frozenset({"GET", "HEAD", "OPTIONS"})
_GONE = (OperationalError, InterfaceError)
_KEPT_HEADERS = {"ETag", "Location", "Warning"}


class WhoIsAsking:
    """The innermost middleware, round the view itself. Refuses to start while a route is undeclared."""

    def __init__(self, get_response: Respond) -> None:
        require_declarations()
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            actor = _program(request) if is_for_a_program(request) else _person(request)
        except KeyNotAccepted as refusal:
            standing = count(BY_ADDRESS, client_address(request))
            return _limited(standing, request) if not standing.allowed else refuse(refusal, request)
        except _GONE as error:
            return refuse(_unavailable(error), request)
        request.actor = actor  # type: ignore[attr-defined]  # read with `actor_of`
        speak(request, actor)
        tell(request, actor)
        standing = _standing(actor, request)
        response = self.get_response(request) if standing.allowed else _limited(standing, request)
        say_language(request, actor, response)
        for name, value in standing.headers().items():
            response.headers.setdefault(name, value)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], arguments: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Admit or refuse; then answer from inside the transaction the route needs, or let Django call the view."""
        access = declaration_of(view, request.method or "")
        assert access is not None, f"{view} does not say who may use it: @allows(…) or @public"
        if access.public:
            return None
        try:
            return _answer(request, access, view, args, arguments)
        except (Refusal, *_GONE) as error:
            return self.process_exception(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Translate what the view raised: a refusal, or a database that is not there. The rest is a fault."""
        if isinstance(error, _GONE):
            return refuse(_unavailable(error), request)
        if not isinstance(error, Refusal):
            return None
        if error.status in (401, 403):
            log.info("access.refused", actor=actor_of(request).ref, route=route_of(request), code=error.code)
        if isinstance(error, SignInNeeded) and request.method in READING:
            where = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{where}")
        return _on_its_own_page(request, error) or refuse(error, request)


def _answer(
    request: HttpRequest, access: Access, view: View, args: tuple[Any, ...], arguments: dict[str, Any]
) -> HttpResponseBase | None:
    actor, for_program = actor_of(request), is_for_a_program(request)
    if not actor.is_known:
        admit(actor, access, arguments, program=for_program)
    if request.method in READING:
        with in_organisation(actor.organisation_id):
            _only_read()
            admit(actor, access, arguments, program=for_program)
            response = _rendered(view(request, *args, **arguments))
        _note_reading(actor, request)
        return response
    if access.objects is None:
        admit(actor, access, arguments, program=for_program)
    else:
        with in_organisation(actor.organisation_id):
            admit(actor, access, arguments, program=for_program)
    if for_program and not access.keyless:
        return _once(request, lambda: view(request, *args, **arguments))
    return None


def _once(request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Run a write of the API once for its key. What is kept is status and body; the first answer is whole."""
    first: list[HttpResponse] = []

    def answer() -> tuple[int, str]:
        response = _rendered(act())
        assert isinstance(response, HttpResponse), "a write does not stream its answer"
        first.append(response)
        return response.status_code, response.content.decode()

    response = answer_once(request, answer)
    if first and response.status_code == first[-1].status_code:
        for name in _KEPT_HEADERS & first[-1].headers.keys():
            response.headers.setdefault(name, first[-1].headers[name])
    return response


def _only_read() -> None:
    """Whoever only asks changes nothing, whatever the code does: the database refuses."""
    with connection.cursor() as cursor:
        cursor.execute("set transaction read only")


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Fill the template in while the organisation is still open."""
    render = getattr(response, "render", None)
    return render() if callable(render) else response


def _note_reading(actor: Actor, request: HttpRequest) -> None:
    """An auditor may look everywhere, and every look is on record; so is everybody's at what asks for it."""
    looks = looks_of(request)
    if actor.has_role(RoleName.AUDITOR) and request.method == "GET":
        looks = [*looks, ("read", request.path)]
    if looks:
        with in_organisation(actor.organisation_id):
            for act, subject in looks:
                audit.note(actor=actor.ref, act=act, subject=subject)


def _on_its_own_page(request: HttpRequest, refusal: Refusal) -> HttpResponseBase | None:
    """The form the refused act came from, shown again with the refusal on it; None where there is none.

    Where the form is about something that is not there either, that is what is answered.
    """
    match = request.resolver_match
    page = page_that_shows_refusals_of(match.func) if match else None
    actor = actor_of(request)
    if match is None or page is None or not actor.is_known or refusal.status in (401, 403, 404):
        return None
    try:
        with in_organisation(actor.organisation_id):
            _only_read()
            response = _rendered(page(request, *match.args, refusal=refusal, **match.kwargs))
    except Refusal as without_page:
        return refuse(without_page, request)
    response.status_code = refusal.status
    return with_refusal_headers(response, refusal)


def _program(request: HttpRequest) -> Actor:
    """The program behind `Authorization: Bearer plt_…`. A browser's session opens no door of the API.

    Where programs tell of learning, the key may be a password as well (xAPI 1.0.3, part three, 4.0): whatever the name.
    """
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if not key:
        return NOBODY
    if kind.lower() == "basic" and request.path.startswith(XAPI_PREFIX):
        kind, key = "bearer", _password(key)
    if kind.lower() != "bearer":
        raise KeyNotAccepted
    return program(key.strip())


def _password(said: str) -> str:
    """The password of RFC 7617."""
    try:
        return b64decode(said, validate=True).decode().partition(":")[2]
    except ValueError:
        raise KeyNotAccepted from None


def _person(request: HttpRequest) -> Actor:
    """The person signed in to this browser. One who may do nothing here any more is signed out."""
    session = request.session
    user_id, organisation_id = session.get("_auth_user_id"), session.get(ORGANISATION)
    if user_id is None or organisation_id is None:
        return NOBODY
    actor = person(int(organisation_id), int(user_id))
    if not actor.is_known:
        session.flush()
    elif not getattr(session, "seen_lately", True):
        note_seen(session.session_key or "")
    return actor


def _standing(actor: Actor, request: HttpRequest) -> Standing:
    if actor.key_id is not None:
        return count(BY_KEY, actor.ref)
    if actor.user_id is not None:
        return count(BY_PERSON, f"{actor.organisation_id}:{actor.ref}")
    return count(BY_ADDRESS, client_address(request))


def _limited(standing: Standing, request: HttpRequest) -> HttpResponse:
    log.warning("request.limited", limit=standing.limit.name, route=route_of(request))
    response = refuse(TooManyRequests(retry_after=standing.seconds), request)
    for name, value in standing.headers().items():
        response[name] = value
    return response


def _unavailable(error: DatabaseError) -> Unavailable:
    log.error("database.unavailable", error=type(error.__cause__ or error).__name__)
    return Unavailable()
