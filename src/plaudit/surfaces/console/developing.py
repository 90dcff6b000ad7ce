"""Where a developer begins: a first activity to send, with one's own test key in it, and how things stand."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.activity.samples import sample_event
from plaudit.activity.types import DeclaredType, declared_types
from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.outreach.queries import webhooks
from plaudit.people.actions.keys import create_key
from plaudit.people.queries import keys as keys_of
from plaudit.people.reach import may_let_in, must_let_in
from plaudit.surfaces.console.keys import BUILDS

OWN_SCOPES = (
    "activity:write",
    "activity:read",
    "members:read",
    "ledger:read",
    "programme:read",
    "webhooks:read",
)
OWN_DAYS = 30
PLACEHOLDER = "YOUR_KEY"


@require_GET
@allows(roles=BUILDS, to="build with Plaudit")
def start_page(request: HttpRequest) -> HttpResponse:
    """Requests and webhooks at a glance, and the first activity to send."""
    return _start(request)


def start_page_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same, with what was refused on it."""
    return _start(request, refusal=refusal)


@require_POST
@allows(roles=BUILDS, to="make keys")
@refusals_shown_by(start_page_shown)
def make_own_key(request: HttpRequest) -> HttpResponse:
    """Make a test key of one's own and show the quick start with it filled in, this once."""
    actor = actor_of(request)
    must_let_in(actor)
    name = _("Test key of {name}").format(name=actor.name or actor.ref)
    until = clock.wall() + timedelta(days=OWN_DAYS)
    made = create_key(actor.organisation_id, name=name, scopes=OWN_SCOPES, expires_at=until, actor=actor.ref)
    with in_organisation(actor.organisation_id):
        return _start(request, secret=made.secret)


def _start(request: HttpRequest, *, secret: str = "", refusal: Refusal | None = None) -> HttpResponse:
    actor = actor_of(request)
    place = actor.organisation
    assert place is not None
    types = declared_types(place.id)
    declared = next((one for one in types.values() if not one.corrects), None)
    shown = {
        "title": _("Build with Plaudit"),
        "lead": _("Report what happens; Plaudit decides, keeps the books and tells you."),
        "sandbox": place.sandbox,
        "may_make": may_let_in(actor) and place.sandbox,
        "secret": secret,
        "declared": declared,
        "quick": _quick_start(request, declared, secret or PLACEHOLDER, actor) if declared else None,
        "figures": _figures(place.id),
        "refusal": refusal,
    }
    return render(request, "console/dev.html", shown, status=201 if secret else 200)


def _figures(organisation_id: int) -> dict[str, Any]:
    health = webhooks.health(organisation_id).values()
    now = clock.wall()
    working = [
        key
        for key in keys_of(organisation_id)
        if key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
    ]
    delivered, dead = sum(one.delivered for one in health), sum(one.dead for one in health)
    return {
        "keys": len(working),
        "waiting": sum(one.waiting for one in health),
        "dead": dead,
        "settled": delivered + dead,
        "share": f"{100 * delivered // (delivered + dead)} %" if delivered + dead else "–",
    }


def _quick_start(request: HttpRequest, declared: DeclaredType, key: str, actor: Actor) -> dict[str, str]:
    """The first activity in three tongues, and how to see what it earned."""
    base = request.build_absolute_uri("/api/v1")
    subject = f"first-{actor.user_id}"
    event = sample_event(declared, key="order-1", at=clock.now(), subject=subject)
    body = json.dumps(event, indent=2, ensure_ascii=False)
    return {
        "curl": _CURL.format(base=base, key=key, body=body),
        "python": _PYTHON.format(base=base, key=key, body=body.replace(": true", ": True")),
        "typescript": _TYPESCRIPT.format(base=base, key=key, body=body),
        "see": _SEE.format(base=base, key=key, subject=subject),
        "external": f"ext:till:{subject}",
    }


_CURL = """curl {base}/events \\
  -H "Authorization: Bearer {key}" \\
  -H "Content-Type: application/cloudevents+json" \\
  -d '{body}'"""

_PYTHON = """import json, urllib.request

event = {body}
request = urllib.request.Request(
    "{base}/events",
    data=json.dumps(event).encode(),
    headers={{
        "Authorization": "Bearer {key}",
        "Content-Type": "application/cloudevents+json",
    }},
)
print(urllib.request.urlopen(request).read().decode())"""

_TYPESCRIPT = """const event = {body};
const answer = await fetch("{base}/events", {{
  method: "POST",
  headers: {{
    Authorization: "Bearer {key}",
    "Content-Type": "application/cloudevents+json",
  }},
  body: JSON.stringify(event),
}});
console.log(await answer.json());"""

_SEE = """curl {base}/members/ext:till:{subject}/balances \\
  -H "Authorization: Bearer {key}\""""
