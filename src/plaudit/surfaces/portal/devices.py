"""Somebody's devices on which they are told: added after a press of a button, tried, and ended one by one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows, refusals_shown_by
from plaudit.foundation.access.roles import EVERYBODY
from plaudit.outreach.actions.devices import add_device, end_device, own_key, try_device
from plaudit.outreach.queries.devices import read_device
from plaudit.people.devices import describe
from plaudit.surfaces.portal.notifications import at_work, shown_again


@require_POST
@allows(roles=EVERYBODY, to="choose your news")
def ask(request: HttpRequest) -> JsonResponse:
    """The key under which this browser is to let us reach it, for whoever just pressed the button."""
    return JsonResponse({"key": own_key(actor_of(request).organisation_id)})


@require_POST
@allows(roles=EVERYBODY, to="choose your news")
@refusals_shown_by(shown_again)
def add(request: HttpRequest) -> HttpResponse:
    """Keep what this browser agreed to."""
    actor = actor_of(request)
    device = add_device(
        actor.organisation_id,
        member_id=actor.member_id,
        user_id=at_work(actor),
        url=request.POST.get("endpoint", ""),
        public=request.POST.get("p256dh", ""),
        secret=request.POST.get("auth", ""),
        name=describe(request.headers.get("User-Agent", "")),
        actor=actor.ref,
    )
    messages.success(request, _("You are told here from now on: {device}.").format(device=device.name))
    return _back()


@require_POST
@allows(roles=EVERYBODY, to="choose your news")
def try_one(request: HttpRequest, reference: str) -> HttpResponse:
    """Send one message to one of them."""
    actor = actor_of(request)
    try_device(
        actor.organisation_id, read_device(reference), member_id=actor.member_id, user_id=at_work(actor)
    )
    messages.success(request, _("One is on its way. It is there in a few seconds."))
    return _back()


@require_POST
@allows(roles=EVERYBODY, to="choose your news")
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """Send nothing more to one of them."""
    actor = actor_of(request)
    device_id = read_device(reference)
    end_device(
        actor.organisation_id, device_id, member_id=actor.member_id, user_id=at_work(actor), actor=actor.ref
    )
    messages.success(request, _("Nothing is sent there any more."))
    return _back()


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("portal:notifications") + "#devices")
