"""What was told outside: the stream of news with what became of each message, and one delivery with its tries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import READS_ALL_MEMBERS
from plaudit.foundation.exact import encode
from plaudit.foundation.refusals import Refusal
from plaudit.outreach.actions import resending
from plaudit.outreach.models import Attempt, Delivery, DeliveryState
from plaudit.outreach.queries import webhooks as known
from plaudit.outreach.queries.feed import MOST_AT_A_TIME, recent
from plaudit.outreach.queries.webhooks import read_delivery, show_delivery, show_endpoint
from plaudit.outreach.rules.messages import Message, wanted
from plaudit.surfaces.console.keys import BUILDS

PAGE = 50

# What a message is about, the most telling first.
_ABOUT = ("transfer", "activity", "redemption", "endpoint", "member", "programme", "key")


def STATES() -> list[tuple[str, str]]:  # noqa: N802  # a constant, but for its language
    """The states of a delivery with their words."""
    return [("waiting", _("To be sent")), ("delivered", _("Sent")), ("dead", _("Given up"))]


def read_state(text: str) -> DeliveryState | None:
    """The state asked for; None for any."""
    return DeliveryState(text) if text in set(DeliveryState) else None


def delivery_rows(organisation_id: int, found: Sequence[Delivery]) -> list[dict[str, Any]]:
    """Deliveries as rows of a table, each with where it goes."""
    urls = {one.id: one.url for one in known.endpoints(organisation_id)}
    return [
        {
            "one": one,
            "reference": show_delivery(one.id),
            "endpoint": urls.get(one.endpoint_id, ""),
            **_state(one),
        }
        for one in found
    ]


def _state(one: Delivery) -> dict[str, str]:
    kinds = {"waiting": "info", "delivered": "good", "dead": "bad"}
    again = one.state == DeliveryState.WAITING and one.tries > 0
    words = _("Tried again") if again else dict(STATES())[one.state]
    return {"state": words, "kind": "warn" if again else kinds[one.state]}


@require_GET
@allows(roles=BUILDS, to="see the stream of news")
def event_stream(request: HttpRequest) -> HttpResponse:
    """The latest messages, newest first, each with what became of it; of one type or family, if asked."""
    actor = actor_of(request)
    pattern = request.GET.get("type", "").strip()[:100]
    before = request.GET.get("before") or None
    page = recent(actor.organisation_id, before=before, limit=MOST_AT_A_TIME if pattern else PAGE)
    found = [one for one in page.messages if not pattern or wanted([pattern], one.type)][:PAGE]
    became = known.deliveries_of_messages(actor.organisation_id, [one.id for one in found])
    readable = may_read_bodies(actor)
    earlier = None if pattern and len(found) == PAGE else page.earlier
    query = request.GET.copy()
    query["before"] = earlier or ""
    shown = {
        "title": _("Events"),
        "lead": _("Everything that was told, as the feed and webhooks tell it."),
        "rows": [_told(one, became.get(one.id, []), readable=readable) for one in found],
        "pattern": pattern,
        "readable": readable,
        "has_endpoints": bool(known.endpoints(actor.organisation_id)),
        "pages": {
            "previous": request.path if before else "",
            "next": f"?{query.urlencode()}" if earlier else "",
            "summary": "",
        }
        if before or earlier
        else None,
    }
    return render(request, "console/events.html", shown)


def may_read_bodies(actor: Actor) -> bool:
    """Whether they may read what messages say: whoever may look at any member, and everybody in a sandbox."""
    assert actor.organisation is not None
    return actor.organisation.sandbox or actor.has_role(*READS_ALL_MEMBERS)


def _told(one: Message, became: Sequence[Delivery], *, readable: bool) -> dict[str, Any]:
    about = next((str(one.data[name]) for name in _ABOUT if one.data.get(name)), "")
    return {
        "one": one,
        "about": about,
        "body": _indented(encode(one.shown())) if readable else "",
        "deliveries": [{"reference": show_delivery(each.id), **_state(each)} for each in became],
    }


def _indented(body: str) -> str:
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False)


@require_GET
@allows(roles=BUILDS, to="see deliveries")
def delivery_page(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """One delivery: what is sent, and every try."""
    return delivery_page_shown(request, delivery_id)


def delivery_page_shown(
    request: HttpRequest, delivery_id: str, refusal: Refusal | None = None
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    one = known.delivery(actor.organisation_id, read_delivery(delivery_id))
    (row,) = delivery_rows(actor.organisation_id, [one])
    readable = may_read_bodies(actor)
    shown = {
        **row,
        "title": one.type,
        "trail": [
            {"label": _("Webhooks"), "url": reverse("console:webhooks")},
            {"label": row["endpoint"] or _("removed"), "url": _endpoint_url(one, row["endpoint"])},
            {"label": delivery_id, "url": ""},
        ],
        "body": _indented(one.body) if readable else "",
        "attempts": [_tried(each) for each in known.attempts(actor.organisation_id, one.id)],
        "may_resend": bool(row["endpoint"]),
        "refusal": refusal,
    }
    return render(request, "console/delivery.html", shown)


def _endpoint_url(one: Delivery, there: str) -> str:
    return reverse("console:webhook", args=[show_endpoint(one.endpoint_id)]) if there else ""


def _tried(one: Attempt) -> dict[str, Any]:
    well = one.status is not None and 200 <= one.status < 300
    answered = _("answered {status}").format(status=one.status) if one.status is not None else one.error
    return {"one": one, "well": well, "answered": answered}


@require_POST
@allows(roles=BUILDS, to="send deliveries again")
@refusals_shown_by(delivery_page_shown)
def resend(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Send it again, under the same message id."""
    actor = actor_of(request)
    resending.resend(actor.organisation_id, read_delivery(delivery_id), actor=actor.ref)
    messages.info(request, _("It is sent again, under the same id; what comes back stands below."))
    return HttpResponseRedirect(reverse("console:delivery", args=[delivery_id]))
