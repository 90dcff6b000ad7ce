"""The log of requests in the console: found, looked at, copied as a command, and sent again in a sandbox."""

from __future__ import annotations

import json
import shlex
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.models import LoggedRequest
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.request_log import KEPT_FOR, KEPT_MAX, logged, logged_request
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.names import names_of
from plaudit.people.calling import Answered, call_api
from plaudit.people.models import Organisation
from plaudit.people.queries import organisation, organisations_of, sandboxes_of
from plaudit.surfaces.console.keys import BUILDS

PAGE = 50
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
STATUSES = ("2", "3", "4", "5")
BODY_MAX = 20_000


class NoSandbox(Refusal):
    """A request is sent again in a sandbox that the person may enter, and nowhere else."""

    code = "no_sandbox"
    sentence = "There is no such sandbox that you may enter."
    way_forward = "Make one, or go into it once."


class NotARequest(Refusal):
    """What is to be sent again is no request of the API."""

    code = "not_a_request"
    sentence = "{target} is no address of the API that can be asked."
    way_forward = "It begins with /api/v1/ and has no … in it; fill in what was left out."


@require_GET
@allows(roles=BUILDS, to="see requests")
def request_list(request: HttpRequest) -> HttpResponse:
    """The latest requests, newest first, by method, kind of answer, address or reference."""
    actor, asked = actor_of(request), _asked(request)
    before = request.GET.get("before", "")
    found = logged(
        actor.organisation_id,
        **asked,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None,
        limit=PAGE + 1,
    )
    names = names_of(actor.organisation_id, {one.actor for one in found})
    query = request.GET.copy()
    query["before"] = str(found[PAGE - 1].id) if len(found) > PAGE else ""
    shown = {
        "title": _("Requests"),
        "lead": _("What programs asked lately. No word that anybody wrote is kept of it."),
        "rows": [{"one": one, "by": names.get(one.actor, one.actor), **_sign(one)} for one in found[:PAGE]],
        "asked": asked,
        "is_filtered": any(asked.values()),
        "methods": METHODS,
        "statuses": [
            ("2", _("Done")), ("3", _("Elsewhere")), ("4", _("Refused")), ("5", _("Our fault")),
        ],
        "days": KEPT_FOR.days,
        "most": KEPT_MAX,
        "pages": {
            "previous": request.path if before else "",
            "next": f"?{query.urlencode()}" if len(found) > PAGE else "",
            "summary": "",
        }
        if before or len(found) > PAGE
        else None,
    }  # fmt: skip
    return render(request, "console/requests.html", shown)


def _asked(request: HttpRequest) -> dict[str, str]:
    method, status = request.GET.get("method", ""), request.GET.get("status", "")
    return {
        "method": method if method in METHODS else "",
        "status": status if status in STATUSES else "",
        "search": request.GET.get("search", "").replace("\0", "")[:200].strip(),
    }


def _sign(one: LoggedRequest) -> dict[str, str]:
    return {"kind": {2: "good", 3: "info", 4: "warn"}.get(one.status // 100, "bad")}


@require_GET
@allows(roles=BUILDS, to="see requests")
def request_page(request: HttpRequest, asked: str) -> HttpResponse:
    """One request with its answer's status, as a command to copy, and the way to send it again in a sandbox."""
    return request_page_shown(request, asked)


def request_page_shown(
    request: HttpRequest, asked: str, refusal: Refusal | None = None, answered: Answered | None = None
) -> HttpResponse:
    """The same, with what came of sending it again, or what was refused on it."""
    actor = actor_of(request)
    one = logged_request(actor.organisation_id, asked)
    body = _indented(one.body)
    shown = {
        "title": f"{one.method} {one.target.partition('?')[0]}",
        "trail": [
            {"label": _("Requests"), "url": reverse("console:requests")},
            {"label": one.request_id, "url": ""},
        ],
        "one": one,
        "by": names_of(actor.organisation_id, {one.actor}).get(one.actor, one.actor),
        **_sign(one),
        "body": body,
        "curl": _curl(one, body),
        "sandboxes": _sandboxes(actor),
        "given": {
            "target": request.POST.get("target", one.target),
            "body": request.POST.get("body", body if body.startswith(("{", "[")) else ""),
            "sandbox": request.POST.get("sandbox", ""),
        },
        "answered": answered,
        "refusal": refusal,
    }
    return render(request, "console/request.html", shown)


def _indented(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body


def _curl(one: LoggedRequest, body: str) -> str:
    """The request as a command; what was not kept is left for whoever runs it to fill in."""
    lines = [f"curl -X {one.method} {shlex.quote(settings.BASE_URL + one.target)}"]
    lines.append('-H "Authorization: Bearer $PLAUDIT_KEY"')
    if one.media:
        lines.append(f"-H {shlex.quote(f'Content-Type: {one.media}')}")
    if one.method not in ("GET", "HEAD"):
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body:
        lines.append(f"-d {shlex.quote(body)}")
    return " \\\n  ".join(lines)


def _sandboxes(actor: Actor) -> list[Organisation]:
    """Where it may be sent again: sandboxes of this organisation that this person may enter."""
    here = organisation(actor.organisation_id)
    entered = {one.id for one in organisations_of(cast("int", actor.user_id))}
    return [one for one in sandboxes_of((here.copied_from or here).id) if one.id in entered]


@require_POST
@allows(roles=BUILDS, to="send requests again in a sandbox")
@refusals_shown_by(request_page_shown)
def replay_request(request: HttpRequest, asked: str) -> HttpResponse:
    """Send a request again in a sandbox, as it was filled in, and show the answer."""
    actor = actor_of(request)
    with in_organisation(actor.organisation_id):
        one = logged_request(actor.organisation_id, asked)
        wanted = request.POST.get("sandbox", "")
        found = next((each for each in _sandboxes(actor) if each.code == wanted), None)
    if found is None:
        raise NoSandbox
    target = request.POST.get("target", "").strip()[:1_000]
    if not target.startswith("/api/v1/") or "…" in target or not target.isascii():
        raise NotARequest(target=target[:100])
    answered = call_api(
        found,
        method=one.method,
        target=target,
        media=one.media,
        body=request.POST.get("body", "")[:BODY_MAX].encode(),
        actor=actor.ref,
    )
    with in_organisation(actor.organisation_id):
        return request_page_shown(request, asked, answered=answered)
