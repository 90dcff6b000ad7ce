"""Webhook endpoints in the console: how each fares, its secret shown once, a test, sending again, an end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.refusals import Refusal
from plaudit.outreach.actions import endpoints as acts
from plaudit.outreach.actions import resending
from plaudit.outreach.models import Endpoint, EndpointState
from plaudit.outreach.queries import webhooks as known
from plaudit.outreach.queries.webhooks import EndpointHealth, read_endpoint, show_endpoint
from plaudit.people.reach import may_let_in, must_let_in
from plaudit.surfaces.console.deliveries import STATES, delivery_rows, read_state
from plaudit.surfaces.console.keys import BUILDS

LATEST = 30


class EndpointForm(forms.Form):
    """Where news goes, and which."""

    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=2000,
        assume_scheme="https",
        help_text=gettext_lazy("It must be https and reached over the internet."),
        widget=forms.URLInput(attrs={"placeholder": "https://shop.example/hooks", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter the address."),
            "invalid": gettext_lazy("Enter an address such as https://shop.example/hooks."),
        },
    )
    types = forms.CharField(
        label=gettext_lazy("What is sent there?"),
        max_length=1000,
        initial="*",
        help_text=gettext_lazy(
            "Types such as points.earned, families such as points.*, or * for all; one a line."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        error_messages={"required": gettext_lazy("Name at least one type, or * for all.")},
    )
    description = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_types(self) -> list[str]:
        """Each type by itself."""
        return str(self.cleaned_data["types"]).replace(",", " ").split()


@require_GET
@allows(roles=BUILDS, to="see webhooks")
def endpoint_list(request: HttpRequest) -> HttpResponse:
    """Every endpoint, and how it fares."""
    actor = actor_of(request)
    health = known.health(actor.organisation_id)
    shown = {
        "title": _("Webhooks"),
        "lead": _("Where news is sent as it happens, signed, and tried again for three days."),
        "rows": [_row(one, health.get(one.id)) for one in known.endpoints(actor.organisation_id)],
        "may_add": may_let_in(actor),
    }
    return render(request, "console/webhooks.html", shown)


def _row(one: Endpoint, health: EndpointHealth | None) -> dict[str, Any]:
    state, kind = _state(one)
    return {
        "one": one,
        "reference": show_endpoint(one.id),
        "state": state,
        "kind": kind,
        "waiting": health.waiting if health else 0,
        "delivered": health.delivered if health else 0,
        "dead": health.dead if health else 0,
        "oldest": health.oldest_waiting if health else None,
    }


def _state(one: Endpoint) -> tuple[str, str]:
    if one.state == EndpointState.DISABLED:
        return _("Switched off"), "bad"
    if one.failing_since is not None:
        return _("Failing"), "warn"
    return (_("Well"), "good") if one.succeeded_at else (_("Nothing sent yet"), "neutral")


@require_GET
@allows(roles=BUILDS, to="add webhooks")
def new_endpoint(request: HttpRequest) -> HttpResponse:
    """The form that adds an endpoint."""
    return _new_page(request, EndpointForm())


def new_endpoint_shown(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    """The same as it was filled in, with what was refused on it."""
    return _new_page(request, EndpointForm(request.POST), refusal)


def _new_page(request: HttpRequest, form: EndpointForm, refusal: Refusal | None = None) -> HttpResponse:
    shown = {
        "title": _("Add a webhook"),
        "trail": _trail(_("New")),
        "form": form,
        "refusal": refusal,
        "may_add": may_let_in(actor_of(request)),
    }
    return render(request, "console/webhook_new.html", shown, status=422 if form.errors else 200)


@require_POST
@allows(roles=BUILDS, to="add webhooks")
@refusals_shown_by(new_endpoint_shown)
def add_endpoint(request: HttpRequest) -> HttpResponse:
    """Add an endpoint and show its secret, this once."""
    actor = actor_of(request)
    form = EndpointForm(request.POST)
    if not form.is_valid():
        return _new_page(request, form)
    must_let_in(actor)
    told = form.cleaned_data
    added = acts.add_endpoint(
        actor.organisation_id,
        url=told["url"],
        types=told["types"],
        description=told["description"],
        actor=actor.ref,
    )
    return _secret_page(request, show_endpoint(added.endpoint.id), added.endpoint.url, added.secret)


def _secret_page(request: HttpRequest, reference: str, url: str, secret: str) -> HttpResponse:
    shown = {
        "title": _("The secret of {url}").format(url=url),
        "trail": _trail(url),
        "reference": reference,
        "secret": secret,
    }
    return render(request, "console/webhook_secret.html", shown, status=201)


@require_GET
@allows(roles=BUILDS, to="see webhooks")
def endpoint_page(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """One endpoint: what was sent, what came back, and what can be done about it."""
    return endpoint_page_shown(request, endpoint_id)


def endpoint_page_shown(
    request: HttpRequest, endpoint_id: str, refusal: Refusal | None = None
) -> HttpResponse:
    """The same, with what was refused on it."""
    actor = actor_of(request)
    found = _id(endpoint_id)
    one = known.endpoint(actor.organisation_id, found)
    row = _row(one, known.health(actor.organisation_id).get(found))
    asked = read_state(request.GET.get("state", ""))
    latest = known.deliveries(actor.organisation_id, endpoint_id=found, state=asked, limit=LATEST)
    counts = {"": None, "waiting": row["waiting"], "delivered": row["delivered"], "dead": row["dead"]}
    shown = {
        **row,
        "title": one.url,
        "lead": one.description or None,
        "trail": _trail(one.url),
        "deliveries": delivery_rows(actor.organisation_id, latest),
        "tabs": [
            {
                "label": words,
                "url": f"?state={state}" if state else reverse("console:webhook", args=[endpoint_id]),
                "current": state == (asked or ""),
                "count": counts[state],
            }
            for state, words in [("", _("All")), *STATES()]
        ],
        "is_active": one.state == EndpointState.ACTIVE,
        "may_add": may_let_in(actor),
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "console/webhook.html", shown)


@require_POST
@allows(roles=BUILDS, to="test webhooks")
@refusals_shown_by(endpoint_page_shown)
def test_endpoint(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """Queue a test message."""
    actor = actor_of(request)
    resending.ping(actor.organisation_id, _id(endpoint_id), actor=actor.ref)
    messages.info(request, _("A test message is on its way; what comes back stands below."))
    return _back(endpoint_id)


@require_POST
@allows(roles=BUILDS, to="send deliveries again")
@refusals_shown_by(endpoint_page_shown)
def resend_all(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """Send everything again that was given up on."""
    actor = actor_of(request)
    count = resending.resend_all_dead(actor.organisation_id, _id(endpoint_id), actor=actor.ref)
    told = ngettext("{count} message is sent again.", "{count} messages are sent again.", count)
    messages.info(request, told.format(count=count))
    return _back(endpoint_id)


@require_POST
@allows(roles=BUILDS, to="change webhooks")
@refusals_shown_by(endpoint_page_shown)
def rotate_secret(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """Make a new secret and show it, this once; the one before stays good for a day."""
    actor = actor_of(request)
    found = _id(endpoint_id)
    must_let_in(actor)
    secret = acts.rotate_secret(actor.organisation_id, found, actor=actor.ref)
    return _secret_page(request, endpoint_id, known.endpoint(actor.organisation_id, found).url, secret)


@require_POST
@allows(roles=BUILDS, to="change webhooks")
@refusals_shown_by(endpoint_page_shown)
def disable(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """Send nothing more there."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "").strip()[:300]
    acts.disable_endpoint(actor.organisation_id, _id(endpoint_id), actor=actor.ref, reason=reason)
    messages.success(request, _("Switched off. Nothing more is sent there."))
    return _back(endpoint_id)


@require_POST
@allows(roles=BUILDS, to="change webhooks")
@refusals_shown_by(endpoint_page_shown)
def enable(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """Send there again, what happens from now on."""
    actor = actor_of(request)
    found = _id(endpoint_id)
    must_let_in(actor)
    acts.enable_endpoint(actor.organisation_id, found, actor=actor.ref)
    messages.success(request, _("Switched on. What happens from now on is sent there."))
    return _back(endpoint_id)


def _back(endpoint_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:webhook", args=[endpoint_id]))


def _id(reference: str) -> UUID:
    return read_endpoint(reference)


def _trail(last: str) -> list[dict[str, str]]:
    return [{"label": _("Webhooks"), "url": reverse("console:webhooks")}, {"label": last, "url": ""}]
